"""The comparison finds what is missing, doubled or called differently."""

from typing import Any

import pytest

from infra.demo.comparison import compare, is_customer, plain


class Crm:
    """What Odoo answers, from lists."""

    def __init__(self, partners: list[tuple[str, str]], with_reason: list[str] = ()):
        self._partners = [{"xero_id": x, "name": name} for x, name in partners]
        self._with_reason = with_reason

    def search_read(self, model: str, *_: Any, **__: Any) -> list[dict[str, Any]]:
        if model == "res.partner":
            return self._partners
        return [{"contact_id": (n, "")} for n in range(len(self._with_reason))]

    def call(self, model: str, method: str, ids: list[int], fields: Any) -> list[dict]:
        return [{"xero_id": self._with_reason[n]} for n in ids]


def contact(xero_id: str, name: str, **more: Any) -> dict[str, Any]:
    record = {"ContactID": xero_id, "Name": name, "ContactStatus": "ACTIVE"}
    return {**record, "IsCustomer": True, "IsSupplier": False, **more}


def test_same_names_once_each_are_equal() -> None:
    found = compare([contact("a", "Kauri\x00 Ltd")], Crm([("a", "Kauri Ltd")]))
    assert found.is_equal
    assert (found.customers, found.partners) == (1, 1)


@pytest.mark.parametrize(
    ("partners", "said"),
    [
        ([], "there 0 times"),
        ([("a", "Kauri Ltd"), ("a", "Kauri Ltd")], "there 2 times"),
        ([("a", "Rimu Ltd")], "is called 'Rimu Ltd'"),
    ],
)
def test_a_difference_is_named(partners: list, said: str) -> None:
    found = compare([contact("a", "Kauri Ltd")], Crm(partners))
    assert not found.is_equal
    assert said in str(found)


def test_a_nameless_contact_may_be_absent_with_a_reason() -> None:
    nameless = contact("a", " ")
    assert not compare([nameless], Crm([])).is_equal
    assert compare([nameless], Crm([], with_reason=["a"])).is_equal


def test_a_reason_does_not_excuse_a_contact_with_a_name() -> None:
    assert not compare([contact("a", "Kauri")], Crm([], with_reason=["a"])).is_equal


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
