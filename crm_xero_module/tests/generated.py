# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's contacts, and what people do in the CRM, as hostile as they may come.

Needs hypothesis: `tests/__init__.py` imports what uses this only where it is there.
"""

import json
import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from odoo.addons.crm_xero_module.services.xero.values import load_json

from .common import xero_id

# More of them, and other ones each time, where somebody hunts.
EXAMPLES = int(os.environ.get("XERO_TEST_EXAMPLES", 0))

# Few numbers, so that pages of one example are about the same contacts.
NUMBERS = st.integers(1, 5)

NASTY = (
    "",
    "   ",
    "\t\r\n",
    "x" * 500,
    "ü🏝" * 250,
    "\x00",
    "A\x00B",
    "bell\x07 and \x1b[31mred",
    "half \ud800 of a pair",
    "👨‍👩‍👧 Café",
    "שלום \u202eעולם",
    "<script>alert(1)</script><b>bold",
    '=HYPERLINK("http://x.nz","y")',
    "@SUM(A1:A9)",
    "'); DROP TABLE res_partner; --",
    "%s %(name)s {0} $1 \\",
    "İSTANBUL straße ÉCOLE",
    "\u00a0\u200b\u2028",
    "null",
    "0",
    "NaN",
    "-Infinity",
    "1e400",
)
# Another type than Xero's documentation names.
WRONG = (None, 0, -1, 1.5, 10**20, True, [], ["x"], {}, {"Name": "x"}, [None, [], 1])

_NAMES = ("Acme", "ACME", " acme ", "Club & Sons", "Bob Partridge", "bob  partridge")
_FIRST_NAMES = ("Bob", "bob", "Ann", "")
_LAST_NAMES = ("Partridge", "Lee", "")
_EMAILS = ("info@club.nz", "INFO@club.nz ", "bob@club.nz", "ann@club.nz", "no email")
_VATS = ("51 824 753 556", "51824753556", "BE0477472701", "be 0477.472.701", "nonsense")
_WEBSITES = ("a.nz", "http://a.nz", "HTTPS://B.nz/ü?x=1", "javascript:alert(1)")
_LOCAL_NUMBERS = ("555 1234", "5551234", "+64 9 555", "(0)")
_COUNTRIES = ("Australia", "AU", "new zealand", "Belgium", "usa", "Atlantis", "XX")
_REGIONS = ("NSW", "new south wales", "Nowhere")
_STATUSES = ("ACTIVE", "ACTIVE", "ACTIVE", "ARCHIVED", "GDPRREQUEST", "FROZEN")
_FLAGS = (True, True, False, False, "true", "TRUE", "yes", 1)
_DATES = (
    "/Date(0+0000)/",
    "/Date(1763632800000+1300)/",
    "/Date(-62135596800001+0000)/",
    "/Date(9999999999999999999)/",
    "2026-11-20T10:00:00",
    "0001-01-01T00:00:00+14:00",
    "yesterday",
)


def many(examples):
    """Settings of a property: the same examples each time, unless hunting."""
    return settings(
        max_examples=EXAMPLES or examples,
        derandomize=not EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def _of(values):
    """Mostly one of these, else a hostile text, else no text at all."""
    likely = st.sampled_from(values)
    hostile = st.sampled_from(NASTY) | st.text(max_size=8)
    return st.one_of(likely, likely, likely, hostile, st.sampled_from(WRONG))


def _list_of(row, max_size):
    """A list that may hold what is no row, or something else in its place."""
    listed = st.lists(row, max_size=max_size)
    spoilt = st.lists(row | st.sampled_from(WRONG), max_size=max_size)
    return st.one_of(listed, listed, spoilt, st.sampled_from(WRONG))


persons = st.fixed_dictionaries(
    {"FirstName": _of(_FIRST_NAMES), "LastName": _of(_LAST_NAMES)},
    optional={"EmailAddress": _of(_EMAILS), "IncludeInEmails": _of(_FLAGS)},
)
addresses = st.fixed_dictionaries(
    {"AddressType": st.sampled_from(("POBOX", "STREET", "STREET", "LUNAR", None))},
    optional={
        "AddressLine1": _of(("1 Main Road", "P O Box 7", "")),
        "AddressLine2": _of(("Level 2", "")),
        "City": _of(("Oaktown", "Napier", "")),
        "PostalCode": _of(("2009", "4110")),
        "Region": _of(_REGIONS),
        "Country": _of(_COUNTRIES),
    },
)
phones = st.fixed_dictionaries(
    {
        "PhoneType": st.sampled_from(("DEFAULT", "DDI", "MOBILE", "FAX", "TELEX")),
        "PhoneNumber": _of(_LOCAL_NUMBERS),
    },
    optional={
        "PhoneAreaCode": _of(("02", "")),
        "PhoneCountryCode": _of(("61", "+64", "")),
    },
)
_fields = st.fixed_dictionaries(
    {
        "ContactID": NUMBERS.map(xero_id),
        "Name": _of(_NAMES),
    },
    optional={
        "ContactStatus": _of(_STATUSES),
        "FirstName": _of(_FIRST_NAMES),
        "LastName": _of(_LAST_NAMES),
        "EmailAddress": _of(_EMAILS),
        "ContactNumber": _of(("C-1", "c-1", "7")),
        "AccountNumber": _of(("A-1", " a-1")),
        "TaxNumber": _of(_VATS),
        "Website": _of(_WEBSITES),
        "DefaultCurrency": _of(("NZD", "eur", "XXX")),
        "Discount": _of((5, "5", "10.5", "much")),
        "IsCustomer": _of(_FLAGS),
        "IsSupplier": _of(_FLAGS),
        "UpdatedDateUTC": _of(_DATES),
        "MergedToContactID": st.none() | NUMBERS.map(xero_id),
        "Addresses": _list_of(addresses, 3),
        "Phones": _list_of(phones, 3),
        "ContactPersons": _list_of(persons, 8),
        "Balances": st.sampled_from(
            ({"AccountsReceivable": {"Outstanding": "12.5"}}, *WRONG)
        ),
        "PaymentTerms": st.sampled_from(({"Sales": {"Day": "20"}}, *WRONG)),
    },
)


@st.composite
def contacts(draw):
    """A contact; where a failure names the strategy, its name will do."""
    return draw(_fields)


def _parsed(page):
    """As the connector's parts bring it: JSON in bytes, read by us."""
    return load_json(json.dumps(page).encode())


# What was merged in Xero: {number: number of what is left}, circles too.
mergers = st.dictionaries(NUMBERS, NUMBERS, min_size=1, max_size=4)

# Each contact once, as Xero does it.
pages = st.lists(
    contacts(), min_size=1, max_size=4, unique_by=lambda contact: contact["ContactID"]
).map(_parsed)

# What people do in the CRM between two imports, as (what, which partner, …).
_WHO = st.integers(0, 9)
TYPED = {
    "name": ("Typed Name", "Other Name"),
    "ref": ("typed-ref", None),
    "email": ("typed@crm.nz", None),
    "phone": ("+64 9 999", None),
    "website": ("http://typed.nz", None),
    "street": ("Typed Street 1", None),
    "city": ("Typed City", None),
    "zip": ("9999", None),
    "xero_first_name": ("Typed", None),
    "xero_last_name": ("Typist", None),
    "xero_mobile": ("027 typed", None),
    "comment": ("<p>typed</p>", None),
}
typed_values = st.sampled_from(
    [("type", name, value) for name, values in TYPED.items() for value in values]
)
edits = st.builds(lambda who, typed: (*typed, who), _WHO, typed_values)
follows = st.tuples(st.just("follow"), st.sampled_from(sorted(TYPED)), _WHO)
upheavals = st.one_of(
    st.tuples(st.sampled_from(("archive", "delete")), _WHO),
    st.tuples(st.sampled_from(("move", "merge")), _WHO, _WHO),
    st.tuples(st.just("unlink"), NUMBERS),
    st.tuples(st.just("twin"), NUMBERS, st.sampled_from(("ref", "email", "vat"))),
)

MODES = ("import", "import_update", "update")
POLICIES = ("follow", "always", "when_empty", "on_create")
# A key of companies: the CRM's field, or none.
KEYS = ("ref", "email", "vat", "phone", "name", None)
TYPED_IS_KEPT = ("follow", "when_empty", "on_create")
