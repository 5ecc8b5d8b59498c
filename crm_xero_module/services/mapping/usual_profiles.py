# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The ready-made import profiles, row by row.

Each row: CRM field, Xero fields (the first with a value wins), options. Where a
row names several CRM fields, the first that this database has is used: OCA's
`partner_firstname` and `partner_fax` bring fields that go before ours.
"""

from dataclasses import dataclass, replace

from odoo.tools.translate import LazyTranslate

from .targets import COMPANY, CONTACT, PRODUCT, Target

_lt = LazyTranslate(__name__)


@dataclass(frozen=True, slots=True)
class UsualLine:
    """One row. `is_marked` are those with the seed's `*`; only `is_required` ones
    keep a record out, as Xero's contacts often lack an address or a first name."""

    targets: tuple
    sources: str
    is_key: bool = False
    is_required: bool = False
    is_marked: bool = False
    policy: str = "follow"

    def target_in(self, crm_fields):
        """The name of the CRM field that this database has."""
        return next(name for name in self.targets if name in crm_fields)


@dataclass(frozen=True, slots=True)
class UsualProfile:
    name: object
    target: Target
    lines: tuple
    which: str = "customers"
    auto_run: bool = True

    @property
    def marked(self):
        """The names of the CRM fields that have a `*`."""
        return {name for line in self.lines if line.is_marked for name in line.targets}


_STREET = UsualLine(("street",), "Address")
_PLACE = (
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
    COMPANY,
    (
        UsualLine(("name",), "Name,LegalName", is_required=True, is_marked=True),
        UsualLine(("ref",), "ContactID", is_key=True, policy="on_create"),
        replace(_STREET, is_marked=True),
        *_PLACE,
        UsualLine(("phone",), "Phone,DirectDial"),
        _FAX,
        UsualLine(("vat",), "TaxNumber"),
        UsualLine(("website",), "WebSite"),
    ),
)
CONTACTS = UsualProfile(
    _lt("Contacts"),
    CONTACT,
    (
        UsualLine(("xero_id",), "Id", is_key=True, is_marked=True),
        UsualLine(("parent_id",), "Organisation"),
        UsualLine(("firstname", "xero_first_name"), "FirstName", is_marked=True),
        UsualLine(
            ("lastname", "xero_last_name"),
            "LastName",
            is_required=True,
            is_marked=True,
        ),
        UsualLine(("email",), "EmailAddress"),
        UsualLine(("xero_direct_phone",), "DirectDial"),
        UsualLine(("xero_mobile",), "Mobile"),
        _FAX,
        UsualLine(("xero_skype",), "SkypeUserName"),
        _STREET,
        *_PLACE,
        UsualLine(("phone",), "Phone"),
    ),
)
# Off until the organisation's settings say that vendors come at all.
VENDORS = replace(COMPANIES, name=_lt("Vendors"), which="vendors", auto_run=False)
PRODUCTS = UsualProfile(
    _lt("Products"),
    PRODUCT,
    (
        UsualLine(("default_code",), "Code", is_key=True, is_marked=True),
        UsualLine(("name",), "Name,Code", is_required=True, is_marked=True),
        UsualLine(("list_price",), "SalesDetails.UnitPrice"),
        UsualLine(("standard_price",), "PurchaseDetails.UnitPrice"),
        UsualLine(("description_sale",), "Description"),
        UsualLine(("description_purchase",), "PurchaseDescription"),
        UsualLine(("sale_ok",), "IsSold"),
        UsualLine(("purchase_ok",), "IsPurchased"),
    ),
)
USUAL_PROFILES = (COMPANIES, CONTACTS, VENDORS, PRODUCTS)
USUAL_OF = {usual.target.name: usual for usual in (COMPANIES, CONTACTS, PRODUCTS)}
