"""Invented contacts: companies and individuals, as a real ledger mixes them."""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from infra.xero_simulator.generator import words
from infra.xero_simulator.generator.countries import COUNTRIES, City, Country
from infra.xero_simulator.values import Record, xero_date

# 1 November 2026, 00:00 UTC: the same seed gives the same data on any day.
LATEST_CHANGE = 1_793_491_200_000
THREE_YEARS = 3 * 365 * 86_400_000

_TERMS = ("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFFOLLOWINGMONTH")
# How often a contact is (customer, supplier).
_ROLES = {(True, False): 68, (False, True): 14, (True, True): 8, (False, False): 10}
# Xero lists every type, blank or not. Records are never changed in place, so that
# the blanks can be shared by all.
_NO_ADDRESS = {
    kind: {
        "AddressType": kind,
        "City": "",
        "Region": "",
        "PostalCode": "",
        "Country": "",
    }
    for kind in ("STREET", "POBOX")
}
_NO_PHONE = {
    kind: {
        "PhoneType": kind,
        "PhoneNumber": "",
        "PhoneAreaCode": "",
        "PhoneCountryCode": "",
    }
    for kind in ("DDI", "DEFAULT", "FAX", "MOBILE")
}


class ContactMaker:
    """Makes contacts one after the other; names are unique among them.

    `groups` are the organisation's contact groups.
    """

    def __init__(self, rng: Random, home: Country) -> None:
        self._rng = rng
        self._home = home
        self._names: set[str] = set()
        self.groups = [
            {
                "ContactGroupID": self._uuid(),
                "Name": name,
                "Status": "ACTIVE",
                "HasValidationErrors": False,
            }
            for name in words.GROUPS
        ]
        self._theme = {"BrandingThemeID": self._uuid(), "Name": "Standard"}
        self._latest_active: str | None = None

    def make(self, count: int) -> Iterator[Record]:
        for _ in range(count):
            yield self._contact()

    def _contact(self) -> Record:
        rng = self._rng
        country = self._home if rng.random() < 0.85 else rng.choice(COUNTRIES)
        city = rng.choice(country.cities)
        individual = rng.random() < 0.2
        person = self._person(individual)
        name = " ".join(person) if individual else self._company(country, city)
        domain = "post" if individual else _slug(name)
        customer, supplier = rng.choices(list(_ROLES), _ROLES.values())[0]
        contact = {
            "ContactID": self._uuid(),
            "ContactStatus": "ACTIVE",
            "Name": name,
            **self._primary(person, domain, individual),
            **self._numbers(country, individual),
            "Addresses": self._addresses(country, city),
            "Phones": self._phones(country, city, individual),
            "UpdatedDateUTC": xero_date(LATEST_CHANGE - rng.randrange(THREE_YEARS)),
            "ContactGroups": self._some_groups(),
            "IsSupplier": supplier,
            "IsCustomer": customer,
            **self._defaults(country, customer, supplier, domain, individual),
            "ContactPersons": [] if individual else self._persons(domain),
            "HasAttachments": rng.random() < 0.03,
            "HasValidationErrors": False,
        }
        return self._perhaps_archived(contact)

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def _person(self, unique: bool) -> tuple[str, str]:
        rng = self._rng
        first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
        if unique:
            first = self._unused(
                [first, f"{first} {rng.choice('ABCDEFGHJKLMNPRSTW')}."],
                f"{first} {rng.choice(words.FIRST_NAMES)}",
                f" {last}",
            )
        return first, last

    def _company(self, country: Country, city: City) -> str:
        rng = self._rng
        suffix = rng.choice(country.suffixes)
        start = rng.choice(words.NAME_STARTS)
        if rng.random() < 0.25:
            start = f"{rng.choice(words.LAST_NAMES)} & {rng.choice(words.LAST_NAMES)}"
        base = f"{start} {rng.choice(words.TRADES)}"
        end = f" {suffix}" if suffix else ""
        return self._unused([base, f"{base} {city.name}"], base, end) + end

    def _unused(self, candidates: list[str], base: str, end: str) -> str:
        """The first candidate that makes a new name, else the base with a number."""
        for candidate in candidates:
            if candidate + end not in self._names:
                self._names.add(candidate + end)
                return candidate
        number = 2
        while f"{base} {number}{end}" in self._names:
            number += 1 + len(self._names) // 5000
        self._names.add(f"{base} {number}{end}")
        return f"{base} {number}"

    def _primary(
        self, person: tuple[str, str], domain: str, individual: bool
    ) -> Record:
        first, last = person
        if individual:
            return self._named(person, f"{_slug(first)}.{_slug(last)}@post.example")
        if self._rng.random() < 0.3:
            return {"EmailAddress": f"accounts@{domain}.example"}
        return self._named(person, f"{_slug(first)}@{domain}.example")

    def _named(self, person: tuple[str, str], email: str) -> Record:
        return {
            "FirstName": person[0],
            "LastName": person[1],
            "EmailAddress": email if self._rng.random() < 0.9 else "",
        }

    def _numbers(self, country: Country, individual: bool) -> Record:
        rng = self._rng
        numbers: Record = {"BankAccountDetails": ""}
        if rng.random() < 0.3:
            numbers["AccountNumber"] = f"C-{rng.randrange(10_000, 99_999)}"
        if individual or rng.random() < 0.3:
            numbers["TaxNumber"] = ""
        else:
            numbers["TaxNumber"] = country.tax_number(rng)
            numbers["CompanyNumber"] = f"{rng.randrange(10**6, 10**7)}"
        return numbers

    def _addresses(self, country: Country, city: City) -> list[Record]:
        rng = self._rng
        street = {
            "AddressType": "STREET",
            "AddressLine1": self._street(),
            **_place(rng, country, city),
            "AttentionTo": "",
        }
        if rng.random() < 0.25:
            street["AddressLine2"] = f"Level {rng.randrange(1, 20)}"
        kind = rng.random()
        if kind < 0.15:
            return [_NO_ADDRESS["STREET"], _NO_ADDRESS["POBOX"]]
        if kind < 0.55:
            return [_NO_ADDRESS["STREET"], street | {"AddressType": "POBOX"}]
        pobox = {
            "AddressType": "POBOX",
            "AddressLine1": f"PO Box {rng.randrange(10, 9999)}",
            **_place(rng, country, city),
            "AttentionTo": "Accounts" if rng.random() < 0.3 else "",
        }
        return [street, pobox]

    def _street(self) -> str:
        rng = self._rng
        street, kind = rng.choice(words.STREETS), rng.choice(words.STREET_KINDS)
        return f"{rng.randrange(1, 400)} {street} {kind}"

    def _phones(self, country: Country, city: City, individual: bool) -> list[Record]:
        rng = self._rng
        direct = "" if rng.random() < 0.85 else country.phone
        main = country.phone if rng.random() < 0.8 and not individual else ""
        fax = country.phone if rng.random() < 0.1 and not individual else ""
        mobile = country.mobile if individual or rng.random() < 0.4 else ""
        return [
            self._phone("DDI", direct, city.area_code, country),
            self._phone("DEFAULT", main, city.area_code, country),
            self._phone("FAX", fax, city.area_code, country),
            self._phone("MOBILE", mobile, country.mobile_area, country),
        ]

    def _phone(self, kind: str, form: str, area: str, country: Country) -> Record:
        if not form:
            return _NO_PHONE[kind]
        return {
            "PhoneType": kind,
            "PhoneNumber": _digits(self._rng, form),
            "PhoneAreaCode": area,
            "PhoneCountryCode": country.dialling,
        }

    def _some_groups(self) -> list[Record]:
        if self._rng.random() < 0.75:
            return []
        return self._rng.sample(self.groups, self._rng.choice((1, 1, 2)))

    def _persons(self, domain: str) -> list[Record]:
        rng = self._rng
        count = rng.choices((0, 1, 2, 3, 5), (62, 20, 11, 5, 2))[0]
        persons = []
        for _ in range(count):
            first, last = self._person(unique=False)
            email = f"{_slug(first)}.{_slug(last)}@{domain}.example"
            persons.append(
                {
                    "FirstName": first,
                    "LastName": last,
                    "EmailAddress": email,
                    "IncludeInEmails": rng.random() < 0.4,
                }
            )
        return persons

    def _defaults(
        self,
        country: Country,
        customer: bool,
        supplier: bool,
        domain: str,
        individual: bool,
    ) -> Record:
        rng = self._rng
        fields: Record = {}
        if rng.random() < 0.5:
            fields["AccountsReceivableTaxType"] = country.sales_tax
            fields["AccountsPayableTaxType"] = country.purchases_tax
        if country is not self._home:
            fields["DefaultCurrency"] = country.currency
        if customer or supplier:
            fields["SalesDefaultLineAmountType"] = "EXCLUSIVE"
            fields["PurchasesDefaultLineAmountType"] = "INCLUSIVE"
            fields["Balances"] = self._balances(customer, supplier)
        if rng.random() < 0.2:
            fields["PaymentTerms"] = self._payment_terms()
        if rng.random() < 0.05:
            fields["BrandingTheme"] = self._theme
            fields["Discount"] = Decimal(rng.choice(("5.00", "10.00", "12.50")))
        if not individual and rng.random() < 0.35:
            fields["Website"] = f"https://www.{domain}.example"
        return fields

    def _balances(self, customer: bool, supplier: bool) -> Record:
        return {
            "AccountsReceivable": self._balance(customer),
            "AccountsPayable": self._balance(supplier),
        }

    def _balance(self, trades: bool) -> dict[str, Decimal]:
        if not trades or self._rng.random() < 0.55:
            return {"Outstanding": _ZERO, "Overdue": _ZERO}
        cents = self._rng.randrange(1_000, 2_000_000)
        overdue = cents * self._rng.choice((0, 0, 1, 2, 4)) // 4
        return {"Outstanding": _money(cents), "Overdue": _money(overdue)}

    def _payment_terms(self) -> dict[str, Any]:
        rng = self._rng
        return {
            side: {"Day": rng.choice((7, 14, 20, 30)), "Type": rng.choice(_TERMS)}
            for side in ("Bills", "Sales")
        }

    def _perhaps_archived(self, contact: Record) -> Record:
        if self._rng.random() < 0.96:
            self._latest_active = contact["ContactID"]
            return contact
        contact["ContactStatus"] = "ARCHIVED"
        contact["ContactGroups"] = []
        if self._rng.random() < 0.25 and self._latest_active:
            contact["MergedToContactID"] = self._latest_active
        return contact


_ZERO = Decimal("0.00")


def _money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _place(rng: Random, country: Country, city: City) -> Record:
    return {
        "City": city.name,
        "Region": city.region,
        "PostalCode": _digits(rng, city.postcode),
        "Country": country.name,
    }


def _digits(rng: Random, pattern: str) -> str:
    """The pattern with a digit for each #."""
    count = pattern.count("#")
    if not count:
        return pattern
    digits = iter(f"{rng.randrange(10**count):0{count}d}")
    return "".join(next(digits) if char == "#" else char for char in pattern)


def _slug(text: str) -> str:
    return "".join(char for char in text.lower() if char.isascii() and char.isalnum())
