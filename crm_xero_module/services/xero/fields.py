# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every field of a Xero contact that a person can map, in one table, and the choice
by source, items too.

The names are those that people know from other CRMs' connectors (`Address`,
`DirectDial`, `WebSite`), else Xero's own paths (Xero's page on Contacts).
"""

from odoo.tools.translate import LazyTranslate

from .item_fields import ITEM_FIELDS
from .source_field import CONTACT, ITEM, ORGANISATION, SourceField, absent, path
from .values import flag, moment, number, rows, text

_lt = LazyTranslate(__name__)


def persons_of(contact):
    """The persons of a contact: the primary one first, then Xero's further ones.

    Each is a dict of position, first_name, last_name, email, include_in_emails.
    The primary person exists where the contact has a first or last name: an email
    alone is the organisation's.
    """
    persons = [
        _person(row, position)
        for position, row in enumerate(rows(contact.get("ContactPersons")), start=1)
    ]
    persons = [
        person
        for person in persons
        if person["first_name"] or person["last_name"] or person["email"]
    ]
    primary = _person(contact, 0)
    if primary["first_name"] or primary["last_name"]:
        persons.insert(0, primary)
    return persons


def full_name(person):
    """First and last name as one text."""
    names = (person["first_name"], person["last_name"])
    return " ".join(name for name in names if name)


def is_individual(contact):
    """Whether a contact is one human: its name is its person's, who is alone."""
    name = text(contact.get("Name"))
    own = full_name(_person(contact, 0))
    is_same = bool(name) and own.casefold() == name.casefold()
    return is_same and len(persons_of(contact)) == 1


class Contact(dict):
    """A contact as Xero sent it, which looks up its address and numbers once: each
    mapping line asks for a part of them."""

    __slots__ = ("_address", "_phones")

    @property
    def address(self):
        """See `address_of`."""
        if not hasattr(self, "_address"):
            self._address = _chosen_address(self)
        return self._address

    @property
    def phones(self):
        """{PhoneType: number}, see `phone_of`."""
        if not hasattr(self, "_phones"):
            self._phones = _phones(self)
        return self._phones


def _as_contact(contact):
    return contact if isinstance(contact, Contact) else Contact(contact)


def address_of(contact):
    """The parts of the postal address (POBOX) that have a value, by Xero's names;
    else those of the street address, else {}."""
    return _as_contact(contact).address


def _chosen_address(contact):
    by_type = {
        text(row.get("AddressType")): row for row in rows(contact.get("Addresses"))
    }
    for kind in ("POBOX", "STREET"):
        parts = {
            name: part
            for name, value in by_type.get(kind, {}).items()
            if name != "AddressType" and (part := text(value))
        }
        if parts:
            return parts
    return {}


def phone_of(contact, kind):
    """One of the contact's numbers as "+CC (AC) N", or None."""
    return _as_contact(contact).phones.get(kind)


def _phones(contact):
    numbers = {}
    for row in rows(contact.get("Phones")):
        kind, local = text(row.get("PhoneType")), text(row.get("PhoneNumber"))
        if local and kind not in numbers:
            area = text(row.get("PhoneAreaCode"))
            country = (text(row.get("PhoneCountryCode")) or "").lstrip("+")
            parts = (f"+{country}" if country else "", f"({area})" if area else "")
            numbers[kind] = " ".join(part for part in (*parts, local) if part)
    return numbers


def _person(row, position):
    return {
        "position": position,
        "first_name": text(row.get("FirstName")),
        "last_name": text(row.get("LastName")),
        "email": text(row.get("EmailAddress")),
        "include_in_emails": flag(row.get("IncludeInEmails")),
    }


def _joined(array, name):
    def read(contact, _person):
        values = (text(row.get(name)) for row in rows(contact.get(array)))
        return ", ".join(value for value in values if value) or None

    return read


def _address(name):
    return lambda contact, _person: address_of(contact).get(name)


def _phone(kind):
    """Xero's further persons have no phone: the contact's are the primary's."""

    def read(contact, person):
        if person and person["position"]:
            return None
        return phone_of(contact, kind)

    return read


def _of_person(name):
    """A value of the person; for the organisation, of its primary person."""

    def read(contact, person):
        return (person or _person(contact, 0))[name]

    return read


def _plain(name, label, **options):
    return SourceField(name, label, path(name), **options)


_COMMON = (
    SourceField("FirstName", _lt("First name"), _of_person("first_name")),
    SourceField("LastName", _lt("Last name"), _of_person("last_name")),
    SourceField("EmailAddress", _lt("Email"), _of_person("email")),
    SourceField("Phone", _lt("Phone"), _phone("DEFAULT")),
    SourceField("DirectDial", _lt("Direct dial"), _phone("DDI")),
    SourceField("Mobile", _lt("Mobile"), _phone("MOBILE")),
    SourceField("Fax", _lt("Fax"), _phone("FAX")),
    SourceField("OfficePhone", _lt("Office phone"), _phone("OFFICE")),
    SourceField("Address", _lt("Address"), _address("AddressLine1")),
    SourceField("Address2", _lt("Address 2"), _address("AddressLine2")),
    SourceField("Address3", _lt("Address 3"), _address("AddressLine3")),
    SourceField("Address4", _lt("Address 4"), _address("AddressLine4")),
    SourceField("City", _lt("City"), _address("City")),
    SourceField("Region", _lt("Region"), _address("Region")),
    SourceField("PostalCode", _lt("Postal code"), _address("PostalCode")),
    SourceField("Country", _lt("Country"), _address("Country")),
    SourceField("AttentionTo", _lt("Attention to"), _address("AttentionTo")),
    SourceField("SkypeUserName", _lt("Skype user name"), absent),
    _plain("ContactNumber", _lt("Contact number")),
    _plain("AccountNumber", _lt("Account number")),
    _plain("ContactStatus", _lt("Status")),
    SourceField("WebSite", _lt("Website"), path("Website")),
    _plain("DefaultCurrency", _lt("Default currency")),
)

_OF_CONTACT = (
    SourceField(
        "Id",
        _lt("Id"),
        lambda contact, person: person["xero_id"],
        sources=frozenset({CONTACT}),
    ),
    SourceField(
        "Organisation",
        _lt("Organisation"),
        path("Name"),
        kind="organisation",
        sources=frozenset({CONTACT}),
    ),
    SourceField(
        "IncludeInEmails",
        _lt("Include in emails"),
        lambda contact, person: person["include_in_emails"],
        kind="flag",
        sources=frozenset({CONTACT}),
    ),
)


def _own(name, label, *names, convert=text, kind="text"):
    names = names or (name,)
    return SourceField(
        name,
        label,
        path(*names, convert=convert),
        kind=kind,
        sources=frozenset({ORGANISATION}),
    )


def _own_list(name, label, array, of):
    return SourceField(
        name, label, _joined(array, of), sources=frozenset({ORGANISATION})
    )


def _amount(name, label, *names):
    return _own(name, label, *names, convert=number, kind="number")


_OF_ORGANISATION = (
    _own("ContactID", _lt("Contact ID")),
    _own("Name", _lt("Name")),
    SourceField(
        "LegalName", _lt("Legal name"), absent, sources=frozenset({ORGANISATION})
    ),
    _own("MergedToContactID", _lt("Merged to contact ID")),
    _own("CompanyNumber", _lt("Company number")),
    _own("TaxNumber", _lt("Tax number")),
    _own("TaxNumberType", _lt("Tax number type")),
    _own("BankAccountDetails", _lt("Bank account details")),
    _own("SalesDefaultAccountCode", _lt("Sales account code")),
    _own("PurchasesDefaultAccountCode", _lt("Purchases account code")),
    _own("SalesDefaultLineAmountType", _lt("Sales line amount type")),
    _own("PurchasesDefaultLineAmountType", _lt("Purchases line amount type")),
    _own("AccountsReceivableTaxType", _lt("Sales tax type")),
    _own("AccountsPayableTaxType", _lt("Purchases tax type")),
    _amount(
        "PaymentTerms.Sales.Day",
        _lt("Sales payment terms: day"),
        "PaymentTerms",
        "Sales",
        "Day",
    ),
    _own(
        "PaymentTerms.Sales.Type",
        _lt("Sales payment terms: type"),
        "PaymentTerms",
        "Sales",
        "Type",
    ),
    _amount(
        "PaymentTerms.Bills.Day",
        _lt("Bills payment terms: day"),
        "PaymentTerms",
        "Bills",
        "Day",
    ),
    _own(
        "PaymentTerms.Bills.Type",
        _lt("Bills payment terms: type"),
        "PaymentTerms",
        "Bills",
        "Type",
    ),
    _own_list(
        "SalesTrackingCategories",
        _lt("Sales tracking categories"),
        "SalesTrackingCategories",
        "TrackingCategoryName",
    ),
    _own_list(
        "SalesTrackingOptions",
        _lt("Sales tracking options"),
        "SalesTrackingCategories",
        "TrackingOptionName",
    ),
    _own_list(
        "PurchasesTrackingCategories",
        _lt("Purchases tracking categories"),
        "PurchasesTrackingCategories",
        "TrackingCategoryName",
    ),
    _own_list(
        "PurchasesTrackingOptions",
        _lt("Purchases tracking options"),
        "PurchasesTrackingCategories",
        "TrackingOptionName",
    ),
    _own_list("ContactGroups", _lt("Contact groups"), "ContactGroups", "Name"),
    _own_list(
        "ContactGroupIDs", _lt("Contact group IDs"), "ContactGroups", "ContactGroupID"
    ),
    _own("BrandingTheme", _lt("Branding theme"), "BrandingTheme", "Name"),
    _own(
        "BrandingThemeID", _lt("Branding theme ID"), "BrandingTheme", "BrandingThemeID"
    ),
    *(
        _own(f"BatchPayments.{name}", label, "BatchPayments", name)
        for name, label in (
            ("BankAccountNumber", _lt("Batch payments: bank account number")),
            ("BankAccountName", _lt("Batch payments: bank account name")),
            ("Details", _lt("Batch payments: details")),
            ("Code", _lt("Batch payments: code")),
            ("Reference", _lt("Batch payments: reference")),
        )
    ),
    _amount("Discount", _lt("Discount"), "Discount"),
    _own("IsCustomer", _lt("Is a customer"), convert=flag, kind="flag"),
    _own("IsSupplier", _lt("Is a supplier"), convert=flag, kind="flag"),
    *(
        _amount(f"Balances.{ledger}.{name}", label, "Balances", ledger, name)
        for ledger, name, label in (
            ("AccountsReceivable", "Outstanding", _lt("Owed to us")),
            ("AccountsReceivable", "Overdue", _lt("Owed to us, overdue")),
            ("AccountsPayable", "Outstanding", _lt("Owed by us")),
            ("AccountsPayable", "Overdue", _lt("Owed by us, overdue")),
        )
    ),
    _own("XeroNetworkKey", _lt("Xero network key")),
    _own("HasAttachments", _lt("Has attachments"), convert=flag, kind="flag"),
    _own("UpdatedDateUTC", _lt("Changed in Xero"), convert=moment, kind="moment"),
)

_ALL = (*_OF_ORGANISATION, *_OF_CONTACT, *_COMMON, *ITEM_FIELDS)
_BY_SOURCE = {
    source: {field.name: field for field in _ALL if source in field.sources}
    for source in (ORGANISATION, CONTACT, ITEM)
}


def fields_of(source):
    """The fields that a profile of this source can map, by name."""
    return _BY_SOURCE[source]
