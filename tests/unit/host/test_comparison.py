"""The comparison finds what is missing, doubled or called differently."""

from collections.abc import Sequence
from typing import Any

import pytest

from infra.demo.comparison import compare, is_customer, plain


class Crm:
    """What Odoo answers: partners by the id of the contact they are linked to."""

    def __init__(
        self,
        partners: dict[str, str],
        others: Sequence[str] = (),
        reasons: Sequence[str] = (),
        persons: Sequence[str] = (),
    ) -> None:
        names = [*partners.values(), *others, *persons]
        parents = [False] * (len(names) - len(persons)) + [(1, "x")] * len(persons)
        known = [*partners, *reasons]
        self._answers = {
            "res.partner": [
                {"id": n, "name": name, "parent_id": parent}
                for n, (name, parent) in enumerate(zip(names, parents, strict=True))
            ],
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


def contact(xero_id: str, name: str, **more: Any) -> dict[str, Any]:
    record = {"ContactID": xero_id, "Name": name, "ContactStatus": "ACTIVE"}
    return {**record, "IsCustomer": True, "IsSupplier": False, **more}


def test_same_names_once_each_are_equal() -> None:
    found = compare([contact("a", "Kauri\x00 Ltd")], Crm({"a": "Kauri Ltd"}))
    assert found.is_equal
    assert (found.customers, found.partners) == (1, 1)


@pytest.mark.parametrize(
    ("crm", "said"),
    [
        (Crm({}), "is not there"),
        (Crm({"a": "Kauri Ltd"}, others=["Kauri Ltd"]), "2 times instead of 1"),
        (Crm({"a": "Rimu Ltd"}), "is called 'Rimu Ltd'"),
    ],
)
def test_a_difference_is_named(crm: Crm, said: str) -> None:
    found = compare([contact("a", "Kauri Ltd")], crm)
    assert not found.is_equal
    assert said in str(found)


def test_two_customers_of_one_name_are_two_partners() -> None:
    twins = [contact("a", "Kauri"), contact("b", "Kauri")]
    assert compare(twins, Crm({"a": "Kauri", "b": "Kauri"})).is_equal
    assert not compare(twins, Crm({"a": "Kauri"})).is_equal


def test_a_companys_person_of_its_name_is_no_double() -> None:
    customers = [contact("a", "Kauri")]
    assert compare(customers, Crm({"a": "Kauri"}, persons=["Kauri"])).is_equal


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
    assert plain(" Kauri\x00\t&  Sons\u2028 ") == "Kauri & Sons"
    assert plain(None) == ""
