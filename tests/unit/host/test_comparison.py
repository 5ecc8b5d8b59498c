"""The comparison finds what is missing, doubled or called differently."""

from collections.abc import Sequence
from typing import Any

import pytest

from infra.demo.comparison import PARTNER_FIELDS, compare, is_customer, plain


class Crm:
    """What Odoo answers: partners by the id of the contact they are linked to."""

    def __init__(
        self,
        partners: dict[str, dict[str, Any]],
        others: Sequence[str] = (),
        reasons: Sequence[str] = (),
        persons: Sequence[tuple[str, str, str]] = (),
        deliveries: Sequence[dict[str, Any]] = (),
    ) -> None:
        """`persons` are the first partner's: first name, last name, email; and so
        are the delivery addresses."""
        rows = [{**values, "ref": xero_id} for xero_id, values in partners.items()]
        rows += [{"name": name} for name in others]
        rows += [
            {
                "name": f"{first} {last}",
                "xero_first_name": first,
                "xero_last_name": last,
                "email": email,
                "parent_id": (0, "x"),
            }
            for first, last, email in persons
        ]
        rows += [
            {**place, "type": "delivery", "parent_id": (0, "x")} for place in deliveries
        ]
        empty = dict.fromkeys(PARTNER_FIELDS, False)
        known = [*partners, *reasons]
        self._answers = {
            "res.partner": [{**empty, "id": n, **row} for n, row in enumerate(rows)],
            "xero.contact": [
                {"id": n, "xero_id": known[n], "partner_id": n < len(partners) and (n,)}
                for n in range(len(known))
            ],
            "xero.sync.line": [
                {"contact_id": (known.index(xero_id), "")} for xero_id in reasons
            ],
        }

    def search_read(self, model: str, *_: Any, **__: Any) -> list[dict[str, Any]]:
        return self._answers[model]


KAURI = {"name": "Kauri Ltd"}


def contact(xero_id: str, name: str, **more: Any) -> dict[str, Any]:
    record = {"ContactID": xero_id, "Name": name, "ContactStatus": "ACTIVE"}
    return {**record, "IsCustomer": True, "IsSupplier": False, **more}


def test_the_same_customer_once_on_each_side_is_equal() -> None:
    found = compare([contact("a", "Kauri\x00 Ltd")], Crm({"a": KAURI}))
    assert found.is_equal
    assert (found.customers, found.partners) == (1, 1)


@pytest.mark.parametrize(
    ("crm", "said"),
    [
        (Crm({}), "is not there"),
        (Crm({"a": KAURI}, others=["Kauri Ltd"]), "2 times instead of 1"),
        (Crm({"a": {"name": "Rimu Ltd"}}), "is 'Rimu Ltd'"),
    ],
)
def test_a_difference_is_named(crm: Crm, said: str) -> None:
    found = compare([contact("a", "Kauri Ltd")], crm)
    assert not found.is_equal
    assert said in str(found)


@pytest.mark.parametrize(
    ("xero", "crm"),
    [
        (
            {"Phones": [{"PhoneType": "DDI", "PhoneNumber": "5550", "x": None}]},
            {"phone": "5550"},
        ),
        (
            {
                "Phones": [
                    {"PhoneType": "DEFAULT", "PhoneNumber": "", "PhoneAreaCode": "9"},
                    {
                        "PhoneType": "DDI",
                        "PhoneNumber": "555 01",
                        "PhoneAreaCode": "2",
                        "PhoneCountryCode": "64",
                    },
                ]
            },
            {"phone": "+64 (2) 555 01"},
        ),
        ({"TaxNumber": "41 123 456 782"}, {"vat": "41123456782"}),
        (
            {"Addresses": [{"AddressType": "STREET", "City": "Taupo"}]},
            {"city": "Taupo"},
        ),
        (
            {"Addresses": [{"AddressType": "POBOX", "City": "Napier"}]},
            {"city": "Napier"},
        ),
    ],
)
def test_what_the_profiles_bring_is_compared(xero: dict, crm: dict) -> None:
    here = [contact("a", "Kauri Ltd", **xero)]
    assert compare(here, Crm({"a": KAURI | crm})).differences == []
    for name in crm:
        assert not compare(here, Crm({"a": KAURI | crm | {name: "9"}})).is_equal


def test_a_street_address_beside_a_postal_one_is_a_delivery_address() -> None:
    street = {"AddressType": "STREET", "City": "Taupo", "PostalCode": "3330"}
    postal = {"AddressType": "POBOX", "City": "Napier", "PostalCode": "4110"}
    kauri = contact("a", "Kauri Ltd", Addresses=[street, postal])
    here = {"a": {**KAURI, "city": "Napier", "zip": "4110"}}
    there = {"city": "Taupo", "zip": "3330"}
    assert compare([kauri], Crm(here, deliveries=[there])).is_equal
    assert not compare([kauri], Crm(here)).is_equal
    assert not compare([kauri], Crm(here, deliveries=[there, there])).is_equal
    assert not compare([kauri], Crm(here, deliveries=[there | {"zip": "1"}])).is_equal


def test_the_same_address_twice_needs_no_delivery_address() -> None:
    same = [{"AddressType": kind, "City": "Taupo"} for kind in ("STREET", "POBOX")]
    kauri = contact("a", "Kauri Ltd", Addresses=same)
    here = {"a": {**KAURI, "city": "Taupo"}}
    assert compare([kauri], Crm(here)).is_equal
    assert not compare([kauri], Crm(here, deliveries=[{"city": "Taupo"}])).is_equal


def test_persons_with_a_last_name_are_there_once() -> None:
    kauri = contact(
        "a",
        "Kauri Ltd",
        FirstName="Ana",
        LastName="Rua",
        ContactPersons=[
            {"LastName": "Tui", "EmailAddress": "T@x.nz"},
            {"FirstName": "B"},
        ],
    )
    both = [("Ana", "Rua", ""), ("", "Tui", "t@x.nz")]
    found = compare([kauri], Crm({"a": KAURI}, persons=both))
    assert (found.differences, found.persons) == ([], 2)
    assert not compare([kauri], Crm({"a": KAURI}, persons=both[:1])).is_equal
    assert not compare([kauri], Crm({"a": KAURI}, persons=both + both[:1])).is_equal


def test_a_contact_that_is_one_human_has_no_person() -> None:
    human = contact("a", "Ana Rua", FirstName="Ana", LastName="Rua")
    assert compare([human], Crm({"a": {"name": "Ana Rua"}})).is_equal


def test_a_supplier_must_not_be_there() -> None:
    supplier = contact("a", "Kauri Ltd", IsCustomer=False, IsSupplier=True)
    assert compare([supplier], Crm({})).is_equal
    assert not compare([supplier], Crm({"a": KAURI})).is_equal


def test_two_customers_of_one_name_are_two_partners() -> None:
    twins = [contact("a", "Kauri Ltd"), contact("b", "Kauri Ltd")]
    assert compare(twins, Crm({"a": KAURI, "b": KAURI})).is_equal
    assert not compare(twins, Crm({"a": KAURI})).is_equal


def test_a_nameless_contact_may_be_absent_with_a_reason() -> None:
    nameless = contact("a", " ")
    assert not compare([nameless], Crm({})).is_equal
    assert compare([nameless], Crm({}, reasons=["a"])).is_equal


def test_a_reason_does_not_excuse_a_contact_with_a_name() -> None:
    assert not compare([contact("a", "Kauri")], Crm({}, reasons=["a"])).is_equal


@pytest.mark.parametrize(
    ("flags", "customer"),
    [
        ({}, True),
        ({"IsCustomer": False}, True),
        ({"IsCustomer": False, "IsSupplier": True}, False),
        ({"IsCustomer": True, "IsSupplier": True}, True),
        ({"ContactStatus": "ARCHIVED"}, False),
    ],
)
def test_customers_are_told_from_suppliers(flags: dict, customer: bool) -> None:
    assert is_customer(contact("a", "Kauri", **flags)) is customer


def test_plain_text_has_neither_controls_nor_doubled_blanks() -> None:
    assert plain(" Kau\x1cri\x00\t&  Sons\u2028 ") == "Kauri & Sons"
    assert plain(None) == ""
