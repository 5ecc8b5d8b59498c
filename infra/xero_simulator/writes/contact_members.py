"""What an app may write of a contact, and how it is put together with what is there.

Members that are not sent stay. Phones and addresses are merged by their type, and
within it member by member: blank text clears. Persons are replaced as a whole; an
empty list of them means nothing. What only Xero sets (`Balances`, `Website`,
`ContactGroups`…) and what it does not know is overlooked.

Source: the schema Contact of Xero's OpenAPI description; reports of what live calls
did (xero-node 306 and 560, xero-php 171 and 736).
"""

from typing import Any, NamedTuple

from infra.xero_simulator.values import Record, parts
from infra.xero_simulator.writes.members import choice, currency, objects, part, texts

LENGTHS = {
    "Name": 255,
    "ContactNumber": 50,
    "AccountNumber": 50,
    "FirstName": 255,
    "LastName": 255,
    "CompanyNumber": 50,
    "EmailAddress": 255,
    "BankAccountDetails": None,
    "TaxNumber": 50,
    "AccountsReceivableTaxType": None,
    "AccountsPayableTaxType": None,
    "XeroNetworkKey": None,
    "SalesDefaultAccountCode": None,
    "PurchasesDefaultAccountCode": None,
    "TrackingCategoryName": None,
    "TrackingCategoryOption": None,
}
PERSON_LENGTHS = {"FirstName": None, "LastName": None, "EmailAddress": None}

_LINE_AMOUNTS = ("INCLUSIVE", "EXCLUSIVE", "NONE")
_CHOICES = {
    "ContactStatus": ("ACTIVE", "ARCHIVED", "GDPRREQUEST"),
    "TaxNumberType": ("SSN", "EIN", "ITIN", "ATIN"),
    "SalesDefaultLineAmountType": _LINE_AMOUNTS,
    "PurchasesDefaultLineAmountType": _LINE_AMOUNTS,
}


class Typed(NamedTuple):
    """A list whose entries are told apart by the type that each has.

    Xero lists an entry of each type in `always`, with these members blank.
    """

    key: str
    types: tuple[str, ...]
    lengths: dict[str, int]
    always: tuple[str, ...]
    blank: tuple[str, ...]


LISTS = {
    "Phones": Typed(
        "PhoneType",
        ("DEFAULT", "DDI", "FAX", "MOBILE", "OFFICE"),
        {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20},
        ("DDI", "DEFAULT", "FAX", "MOBILE"),
        ("PhoneNumber", "PhoneAreaCode", "PhoneCountryCode"),
    ),
    "Addresses": Typed(
        "AddressType",
        ("POBOX", "STREET"),
        {
            **{f"AddressLine{number}": 500 for number in range(1, 5)},
            "City": 255,
            "Region": 255,
            "PostalCode": 50,
            "Country": 50,
            "AttentionTo": 255,
        },
        ("STREET", "POBOX"),
        ("City", "Region", "PostalCode", "Country"),
    ),
}
_TERM_TYPES = (
    "DAYSAFTERBILLDATE",
    "DAYSAFTERBILLMONTH",
    "OFCURRENTMONTH",
    "OFFOLLOWINGMONTH",
)


def merged(before: Record, sent: Record) -> Record:
    """The members that a call gives a contact, all of the contact's own for a list.

    :param before: the contact as it is, `{}` if it is new
    :raises ApiRefused: what was sent has not the form of a contact
    """
    shown_blank = {"EmailAddress": "", "BankAccountDetails": ""}
    fields = ({} if before else shown_blank) | texts(sent, LENGTHS)
    fields |= currency(sent, "DefaultCurrency")
    for name, values in _CHOICES.items():
        fields |= choice(sent, name, values)
    for name in LISTS:
        if sent.get(name) is not None or not before:
            fields[name] = _by_type(before, sent, name)
    if persons := objects(sent, "ContactPersons"):
        fields["ContactPersons"] = [_person(each) for each in persons]
    for name in ("SalesTrackingCategories", "PurchasesTrackingCategories"):
        if categories := objects(sent, name):
            fields[name] = categories
    for name in ("PaymentTerms", "BatchPayments"):
        if (held := part(sent, name)) is not None:
            fields[name] = _terms(held) if name == "PaymentTerms" else held
    return fields


def _by_type(before: Record, sent: Record, name: str) -> list[Record]:
    """Every entry of a contact's list, those that are sent with what is sent."""
    kind = LISTS[name]
    held = {each[kind.key]: each for each in parts(before, name) if each.get(kind.key)}
    for always in kind.always:
        blank = {kind.key: always} | dict.fromkeys(kind.blank, "")
        held.setdefault(always, blank)
    for each in objects(sent, name):
        which = choice(each, kind.key, kind.types).get(kind.key, kind.types[0])
        held[which] = held.get(which, {kind.key: which}) | texts(each, kind.lengths)
    return list(held.values())


def _person(sent: Record) -> Record:
    in_emails: Any = sent.get("IncludeInEmails")
    blank = dict.fromkeys(PERSON_LENGTHS, "")
    return blank | texts(sent, PERSON_LENGTHS) | {"IncludeInEmails": in_emails is True}


def _terms(sent: Record) -> Record:
    terms = {}
    for side in ("Bills", "Sales"):
        if (held := part(sent, side)) is not None:
            kept = {"Day": held["Day"]} if isinstance(held.get("Day"), int) else {}
            terms[side] = kept | choice(held, "Type", _TERM_TYPES)
    return terms
