# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The two ready-made import profiles, row by row.

Each row: CRM field, Xero fields (the first with a value wins), options. Where a
row names several CRM fields, the first that this database has is used: OCA's
`partner_firstname` and `partner_fax` bring fields that go before ours.
"""

from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@dataclass(frozen=True, slots=True)
class UsualLine:
    targets: tuple
    sources: str
    is_key: bool = False
    is_required: bool = False
    policy: str = "follow"


@dataclass(frozen=True, slots=True)
class UsualProfile:
    name: object
    target: str
    source: str
    lines: tuple


_PLACE = (
    UsualLine(("street",), "Address"),
    UsualLine(("street2",), "Address2"),
    UsualLine(("xero_street3",), "Address3"),
    UsualLine(("country_id",), "Country"),
    UsualLine(("state_id",), "Region"),
    UsualLine(("city",), "City"),
    UsualLine(("zip",), "PostalCode"),
)
_FAX = UsualLine(("fax", "xero_fax"), "Fax")

COMPANIES = UsualProfile(
    _lt("Companies"),
    "company",
    "organisation",
    (
        UsualLine(("name",), "Name,LegalName", is_required=True),
        UsualLine(("ref",), "ContactID", is_key=True, policy="on_create"),
        *_PLACE,
        UsualLine(("phone",), "Phone,DirectDial"),
        _FAX,
        UsualLine(("vat",), "TaxNumber"),
        UsualLine(("website",), "WebSite"),
    ),
)
CONTACTS = UsualProfile(
    _lt("Contacts"),
    "contact",
    "contact",
    (
        UsualLine(("xero_id",), "Id", is_key=True),
        UsualLine(("parent_id",), "Organisation"),
        UsualLine(("firstname", "xero_first_name"), "FirstName"),
        UsualLine(("lastname", "xero_last_name"), "LastName", is_required=True),
        UsualLine(("email",), "EmailAddress"),
        UsualLine(("xero_direct_phone",), "DirectDial"),
        UsualLine(("xero_mobile",), "Mobile"),
        _FAX,
        UsualLine(("xero_skype",), "SkypeUserName"),
        *_PLACE,
        UsualLine(("phone",), "Phone"),
    ),
)
USUAL_PROFILES = (COMPANIES, CONTACTS)
