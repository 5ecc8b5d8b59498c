# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a contact may be a customer: codes with their points, and their words."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# How likely it is that the two are the same, in percent, if nothing else is known.
# Each further reason takes its share of the doubt that is left: VAT and name together
# leave 15 % of 30 %.
POINTS = {
    "xero_id": 100,
    "vat": 85,
    "company_number": 85,
    "email": 70,
    "account_number": 60,
    "contact_number": 60,
    "phone": 50,
    "website": 50,
    "domain": 40,
    "name": 70,
}
# What speaks against it: of the score, so much is left.
AGAINST = {"other_vat": 75}
SURE, LIKELY, SHOWN = 90, 70, 50

_WORDS = {
    "xero_id": _lt("Its Xero id"),
    "vat": _lt("Same tax number"),
    "company_number": _lt("Same company number"),
    "email": _lt("Same email"),
    "account_number": _lt("Same account number"),
    "contact_number": _lt("Same contact number"),
    "phone": _lt("Same phone"),
    "website": _lt("Same website"),
    "domain": _lt("Email at %(value)s"),
    "name": _lt("Same name"),
    "other_vat": _lt("Other tax number"),
}
_SIMILAR = _lt("Similar name %(value)s %%")


def told(env, reasons):
    """[[code, value, words]] of [[code, value]]; the value of a name is how similar the
    two are, in percent."""
    return [[code, value, _words(env, code, value)] for code, value in reasons or []]


def _words(env, code, value):
    is_similar = code == "name" and value != 100
    return env._(_SIMILAR if is_similar else _WORDS[code]) % {"value": value}
