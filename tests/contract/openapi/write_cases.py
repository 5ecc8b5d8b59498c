"""Every route of the simulator that writes, in every way in which it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from infra.xero_simulator.faults import Fault
from infra.xero_simulator.values import Record
from tests.contract.openapi import simulators
from tests.contract.openapi.differences import Verdict, verdict
from tests.contract.openapi.judge import request_findings
from tests.contract.openapi.shapes import API, Shape
from tests.contract.openapi.simulator_cases import (
    FAULTS,
    Caller,
    Case,
    simulator_of,
)

CONTACTS, INVOICES = f"{API}/Contacts", f"{API}/Invoices"
ONE_BY_ONE = {"summarizeErrors": "false"}
NOBODY = "99999999-9999-4999-8999-999999999999"
FULL: Record = {
    "Name": "Bayside Club",
    "ContactNumber": "ODOO-1",
    "AccountNumber": "B-7",
    "FirstName": "Bob",
    "LastName": "Partridge",
    "EmailAddress": "bob@bayside.example",
    "CompanyNumber": "1234567",
    "TaxNumber": "123-456-789",
    "DefaultCurrency": "NZD",
    "AccountsReceivableTaxType": "OUTPUT2",
    "AccountsPayableTaxType": "INPUT2",
    "BankAccountDetails": "01-0123-0123456-00",
    "SalesDefaultLineAmountType": "EXCLUSIVE",
    "PurchasesDefaultLineAmountType": "NONE",
    "SalesDefaultAccountCode": "200",
    "PurchasesDefaultAccountCode": "300",
    "PaymentTerms": {"Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}},
    "Phones": [
        {
            "PhoneType": "DEFAULT",
            "PhoneNumber": "555 1234",
            "PhoneAreaCode": "9",
            "PhoneCountryCode": "64",
        }
    ],
    "Addresses": [
        {
            "AddressType": "POBOX",
            "AddressLine1": "PO Box 3354",
            "City": "Wellington",
            "Region": "",
            "PostalCode": "6140",
            "Country": "New Zealand",
            "AttentionTo": "Accounts",
        }
    ],
    "ContactPersons": [
        {
            "FirstName": "Ann",
            "LastName": "Lee",
            "EmailAddress": "ann@bayside.example",
            "IncludeInEmails": True,
        }
    ],
}


@dataclass(frozen=True)
class Write:
    """A writing call, and the status it ends with."""

    name: str
    method: str
    path: str
    body: Any
    status: int = 200
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


Writes = Callable[[Caller], Iterator[Write]]


@cache
def cases_of(method: str, path: str) -> list[Case]:
    """The answers of a writing route, good ones and refusals."""
    simulated = simulator_of("generated")
    with simulators.wired(simulated) as wire:
        caller = Caller(wire)
        return [
            *(_case(caller, write) for write in WRITES[method, path](caller)),
            *_closed(caller, method, path),
            *_struck(caller, method, path, simulated.faults),
        ]


def request_verdicts(method: str, path: str) -> list[Verdict]:
    """On what was asked: the calls are as Xero describes them too."""
    return [
        verdict(request_findings(case.exchange.request), case.exchange)
        for case in cases_of(method, path)
        if case.expected_status == 200
    ]


def _case(caller: Caller, write: Write) -> Case:
    shape = Shape(write.name, write.path, write.query, write.headers, write.status)
    return caller.case(shape, write.method, write.body)


def _creates_contacts(caller: Caller) -> Iterator[Write]:
    def put(name: str, *contacts: Record, status: int = 200, **more: Any) -> Write:
        return Write(name, "PUT", CONTACTS, {"Contacts": contacts}, status, **more)

    yield put("of a name", {"Name": "Only A Name"})
    yield put("in full", FULL)
    yield put("one by one", {"Name": "Another"}, FULL, query=ONE_BY_ONE)
    yield put("taken", FULL, status=400)
    yield put("nameless", {}, status=400)
    yield put("of no type", {"Name": "X", "ContactStatus": "GONE"}, status=400)
    yield put("nothing", status=400)
    key = {"headers": {"Idempotency-Key": "one"}}
    yield put("with a key", {"Name": "Keyed"}, **key)
    yield put("again", {"Name": "Keyed"}, **key)
    yield put("another with the key", {"Name": "Other"}, status=400, **key)


def _changes_contacts(caller: Caller) -> Iterator[Write]:
    def post(name: str, *contacts: Record, status: int = 200, **more: Any) -> Write:
        return Write(name, "POST", CONTACTS, {"Contacts": contacts}, status, **more)

    first, second = caller.records(CONTACTS)[:2]
    named = {"ContactID": first["ContactID"]}
    yield post("by id", named | FULL)
    yield post("by number", {"ContactNumber": FULL["ContactNumber"], "LastName": "P"})
    yield post("new", {"Name": "Not There Before"})
    yield post("taken", named | {"Name": second["Name"]}, status=400)
    yield post("both", named, {"ContactID": NOBODY}, query=ONE_BY_ONE)


def _changes_contact(caller: Caller) -> Iterator[Write]:
    path = f"{CONTACTS}/{caller.records(CONTACTS)[0]['ContactID']}"

    def post(name: str, contact: Record, status: int = 200) -> Write:
        return Write(name, "POST", path, {"Contacts": [contact]}, status)

    yield post("in full", FULL)
    yield post("archived", {"ContactStatus": "ARCHIVED"})
    yield post("changed though archived", {"LastName": "P"}, 400)
    yield Write("unknown", "POST", f"{CONTACTS}/{NOBODY}", {"Contacts": [FULL]}, 404)


def _creates_invoices(caller: Caller) -> Iterator[Write]:
    def put(name: str, *invoices: Record, status: int = 200, **more: Any) -> Write:
        return Write(name, "PUT", INVOICES, {"Invoices": invoices}, status, **more)

    draft = _draft(caller)
    yield put("draft", draft)
    yield put("four places", draft, query={"unitdp": "4"})
    yield put("numbered", draft | {"InvoiceNumber": "OURS-1"})
    yield put("taken", draft | {"InvoiceNumber": "OURS-1"}, status=400)
    yield put("of nobody", {"Type": "ACCREC"}, status=400)
    yield put("one by one", draft, {"Type": "ACCREC"}, query=ONE_BY_ONE)
    yield put("of a new contact", draft | {"Contact": {"Name": "Made In Passing"}})
    yield put("approved", draft | {"Status": "AUTHORISED", "DueDate": "2026-12-01"})
    yield put("bill", _bill(caller))


def _changes_invoices(caller: Caller) -> Iterator[Write]:
    def post(name: str, *invoices: Record, status: int = 200, **more: Any) -> Write:
        return Write(name, "POST", INVOICES, {"Invoices": invoices}, status, **more)

    draft = _draft(caller) | {"InvoiceNumber": "OURS-2"}
    yield post("new", draft)
    yield post("by number", draft | {"Reference": "changed"})
    yield post("of no status", draft | {"Status": "PAID"}, status=400)
    yield post("one by one", draft, {"InvoiceID": NOBODY}, query=ONE_BY_ONE)


def _changes_invoice(caller: Caller) -> Iterator[Write]:
    made = _made(caller)
    path = f"{INVOICES}/{made['InvoiceID']}"

    def post(name: str, invoice: Record, status: int = 200) -> Write:
        return Write(name, "POST", path, {"Invoices": [invoice]}, status)

    yield post("reference", {"Reference": "Order 9"})
    yield post("line by id", {"LineItems": [_renamed(made["LineItems"][0])]})
    yield post("deleted", {"Status": "DELETED"})
    yield post("after its end", {"Reference": "late"}, 400)
    yield Write("unknown", "POST", f"{INVOICES}/{NOBODY}", {"Invoices": [made]}, 404)


def _made(caller: Caller) -> Record:
    body = {"Invoices": [_draft(caller)]}
    return caller.session.put(simulators.API + INVOICES, json=body).json()["Invoices"][
        0
    ]


def _renamed(line: Record) -> Record:
    return {"LineItemID": line["LineItemID"], "Description": "Another"}


def _draft(caller: Caller) -> Record:
    item = next(each for each in caller.records(f"{API}/Items") if each["IsSold"])
    (contact, *_) = caller.records(CONTACTS)
    return {
        "Type": "ACCREC",
        "Status": "DRAFT",
        "Contact": {"ContactID": contact["ContactID"]},
        "LineItems": [
            {"ItemCode": item["Code"], "Quantity": 2},
            {"Description": "Work", "UnitAmount": 10.5, "AccountCode": "200"},
            {"Description": "Only words"},
        ][:2],
        "Date": "2026-11-20",
        "LineAmountTypes": "Exclusive",
        "Reference": "ODOO-1-1",
        "Url": "https://crm.example/odoo/crm/7",
    }


def _bill(caller: Caller) -> Record:
    line = {"Description": "Rent", "UnitAmount": 100, "AccountCode": "469"}
    contact = {"ContactID": caller.records(CONTACTS)[0]["ContactID"]}
    return {"Type": "ACCPAY", "Contact": contact, "LineItems": [line]}


def _closed(caller: Caller, method: str, path: str) -> Iterator[Case]:
    """Without a token, a tenant, the scope, with one that only lets read."""
    path = path.replace("{contact}", NOBODY).replace("{invoice}", NOBODY)
    nobody = {"Authorization": ""}
    foreign = {"xero-tenant-id": NOBODY}
    reading = ["accounting.contacts.read", "accounting.invoices.read"]
    token = simulators.access_token(simulators.LESSER_APP, reading)
    lesser = {"Authorization": f"Bearer {token}"}
    for name, headers, status in (
        ("no token", nobody, 401),
        ("foreign tenant", foreign, 403),
        ("may only read", lesser, 401),
    ):
        yield _case(caller, Write(name, method, path, {}, status, headers=headers))


def _struck(caller: Caller, method: str, path: str, faults: Any) -> Iterator[Case]:
    path = path.replace("{contact}", NOBODY).replace("{invoice}", NOBODY)
    for number, (fault, status) in enumerate(FAULTS):
        faults.add(Fault(**{**vars(fault), "times": 1}))
        headers = {"Idempotency-Key": f"struck-{number}"}
        yield _case(
            caller, Write(fault.kind, method, path, {}, status, headers=headers)
        )


WRITES: dict[tuple[str, str], Writes] = {
    ("PUT", CONTACTS): _creates_contacts,
    ("POST", CONTACTS): _changes_contacts,
    ("POST", f"{CONTACTS}/{{contact}}"): _changes_contact,
    ("PUT", INVOICES): _creates_invoices,
    ("POST", INVOICES): _changes_invoices,
    ("POST", f"{INVOICES}/{{invoice}}"): _changes_invoice,
}
