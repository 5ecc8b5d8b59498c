# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the connector calls features, as people call them."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

_LABELS = {
    "contacts": _lt("Contacts"),
    "items": _lt("Items"),
    "sales": _lt("Sales"),
    "report": _lt("Xero's aged report"),
    "contacts_write": _lt("Create and update customers"),
    "invoices_write": _lt("Draft invoices"),
}


def feature_names(env, features):
    """These features as a text in the language of `env`."""
    return ", ".join(env._(_LABELS[name]) for name in features)
