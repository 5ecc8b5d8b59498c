# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What of a Xero contact can be written, by the name of the source field that reads it.

One table: where a value is put, how long it may be, and what Xero refuses of it
(Xero's page on Contacts). What is not in it is read only in Xero, or is not for
us to write: numbers that Xero gives, bank accounts.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from .values import rows, text

# Xero takes no more further persons than these.
MOST_PERSONS = 5
# The members of an address that are written, and those of a phone.
ADDRESS_MEMBERS = (
    "AttentionTo",
    "AddressLine1",
    "AddressLine2",
    "AddressLine3",
    "AddressLine4",
    "City",
    "Region",
    "PostalCode",
    "Country",
)
PHONE_MEMBERS = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")
_LETTERS = re.compile(r"[A-Za-z ]+")
_EMAIL = re.compile(r"[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+\.[\x21-\x7e]+")
_CURRENCY = re.compile(r"[A-Z]{3}")
# "+CC (AC) N", as `fields.phone_of` composes it.
_PHONE = re.compile(r"(?:\+(?P<country>\d{1,20}) )?(?:\((?P<area>[^()]{1,10})\) )?(.+)")


class Unfit(NamedTuple):
    """Why Xero would refuse a value: `code` is too_long (then `limit` says how long it
    may be), angle_brackets, letters_only, not_email or not_currency."""

    code: str
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Writable:
    """One source field of a contact that can be written.

    `member` is Xero's name of it; `address` and `phone` say in which array, `person`
    that each person has one of its own. `only` is what the whole value must be like.
    """

    member: str
    longest: int
    address: bool = False
    phone: str | None = None
    person: bool = False
    only: tuple | None = None
    kind: str = "text"

    def put(self, contact, value, person=None):
        """Write a value, "" for none, into a contact in Xero's JSON.

        An address goes where the contact's is read from: the postal one, else the
        street's where only that is there. The codes of a phone stay where they are as
        far as the new number has them.

        :param person: a person as `fields.persons_of` tells it; None is the primary
        """
        value = value if self.kind == "flag" else self.clean(value)
        if self.phone:
            _put_phone(contact, self.phone, value)
        elif self.address:
            row = _row(contact, "Addresses", "AddressType", address_type(contact))
            row[self.member] = value
        elif self.person and person and person["position"]:
            rows(contact.get("ContactPersons"))[person["position"] - 1][self.member] = (
                value
            )
        elif self.kind != "flag":
            contact[self.member] = value

    def takes(self, person):
        """Whether a person has this in Xero: further ones have no phone or address."""
        is_further = bool(person and person["position"])
        return self.person or not is_further

    def clean(self, value):
        """A text as Xero keeps it: no control characters, no repeated blanks."""
        return _BLANKS.sub(" ", value or "").strip()

    def unfit(self, value):
        """The `Unfit` of a text, None where Xero takes it."""
        value = self.clean(value)
        if "<" in value or ">" in value:
            return Unfit("angle_brackets")
        if self.only and value and not self.only[1].fullmatch(value):
            return Unfit(self.only[0])
        if self.phone and value:
            return self._unfit_phone(value)
        return Unfit("too_long", self.longest) if len(value) > self.longest else None

    def _unfit_phone(self, value):
        fits = len(split_phone(value)[2]) <= self.longest
        return None if fits else Unfit("too_long", self.longest)

    def same(self, one, other):
        """Whether two texts say the same: a number written otherwise is the same."""
        one, other = self.clean(one), self.clean(other)
        if self.phone:
            return _dialled(one) == _dialled(other)
        return one == other


def split_phone(number, country="", area=""):
    """(country code, area code, number) of a text: what "+CC (AC) N" is made of.

    :param country, area: the codes so far, which a number that begins with them keeps
    """
    match = _PHONE.fullmatch(number)
    if not match:
        return "", "", number
    found, in_brackets, local = match["country"] or "", match["area"] or "", match[3]
    if found and not in_brackets and found == country and area:
        rest = local.removeprefix(area)
        if rest != local and rest[:1] in (" ", "-") and rest.strip(" -"):
            return found, area, rest.strip(" -")
    return found, in_brackets, local


def address_type(contact):
    """The address that a contact's is read from, and therefore written to."""
    filled = {
        text(row.get("AddressType"))
        for row in rows(contact.get("Addresses"))
        if any(text(row.get(member)) for member in ADDRESS_MEMBERS)
    }
    is_street = "STREET" in filled and "POBOX" not in filled
    return "STREET" if is_street else "POBOX"


def _put_phone(contact, kind, value):
    row = _row(contact, "Phones", "PhoneType", kind)
    country = (text(row.get("PhoneCountryCode")) or "").lstrip("+")
    area = text(row.get("PhoneAreaCode")) or ""
    row.update(
        zip(PHONE_MEMBERS, split_phone(value, country, area), strict=True)
        if value
        else dict.fromkeys(PHONE_MEMBERS, "")
    )


def _row(contact, array, type_name, kind):
    """The row of a type in an array, made where there is none."""
    found = rows(contact.get(array))
    for row in found:
        if text(row.get(type_name)) == kind:
            return row
    row = {type_name: kind}
    contact[array] = [*found, row]
    return row


def _dialled(number):
    """What is dialled; a text without digits is itself."""
    return re.sub(r"[^\d+]", "", number) or number


def _plain(member, longest, **options):
    return Writable(member, longest, **options)


def _of_address(member, longest, **options):
    return Writable(member, longest, address=True, **options)


def _of_phone(kind):
    return Writable("PhoneNumber", 50, phone=kind)


WRITABLE = {
    "Name": _plain("Name", 255),
    "AccountNumber": _plain("AccountNumber", 50),
    "CompanyNumber": _plain("CompanyNumber", 50),
    "TaxNumber": _plain("TaxNumber", 50),
    "DefaultCurrency": _plain("DefaultCurrency", 3, only=("not_currency", _CURRENCY)),
    "FirstName": _plain("FirstName", 255, person=True),
    "LastName": _plain("LastName", 255, person=True),
    "EmailAddress": _plain(
        "EmailAddress", 255, person=True, only=("not_email", _EMAIL)
    ),
    "IncludeInEmails": _plain("IncludeInEmails", 5, person=True, kind="flag"),
    "Phone": _of_phone("DEFAULT"),
    "DirectDial": _of_phone("DDI"),
    "Mobile": _of_phone("MOBILE"),
    "Fax": _of_phone("FAX"),
    "OfficePhone": _of_phone("OFFICE"),
    "Address": _of_address("AddressLine1", 500),
    "Address2": _of_address("AddressLine2", 500),
    "Address3": _of_address("AddressLine3", 500),
    "Address4": _of_address("AddressLine4", 500),
    "City": _of_address("City", 255),
    "Region": _of_address("Region", 255),
    "PostalCode": _of_address("PostalCode", 50),
    "Country": _of_address("Country", 50, only=("letters_only", _LETTERS)),
    "AttentionTo": _of_address("AttentionTo", 255),
}
