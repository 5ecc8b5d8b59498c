"""The judge can refuse: faults that are put in are found, and nothing excuses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from lambda_connector.logic.resources import RESOURCES
from tests.contract.openapi.connector_flow import (
    connector_exchanges,
    reads,
    request_verdict,
)
from tests.contract.openapi.descriptions import needs_descriptions
from tests.contract.openapi.differences import verdict
from tests.contract.openapi.examples import example
from tests.contract.openapi.exchange import Exchange
from tests.contract.openapi.judge import (
    operation_of,
    response_findings,
    scope_findings,
)
from tests.contract.openapi.shapes import API
from tests.contract.openapi.simulator_cases import (
    READ_ROUTES,
    cases_of,
    refusals_of,
)
from tests.contract.openapi.worst_values import worst_records

pytestmark = needs_descriptions

Request = requests.PreparedRequest
PATHS = [*(route.path for route in READ_ROUTES), "/connections"]


def changed(request: Request, url: tuple[str, str] = ("", ""), **headers: str | None):
    """A copy with a part of the address replaced, and headers set or removed."""
    copy = request.copy()
    copy.url = request.url.replace(*url) if url[0] else request.url
    for name, value in headers.items():
        copy.headers.pop(name.replace("_", "-"), None)
        if value is not None:
            copy.headers[name.replace("_", "-")] = value
    return copy


def with_method(request: Request, method: str) -> Request:
    copy = request.copy()
    copy.method = method
    return copy


REQUEST_FAULTS: dict[str, tuple[Callable[[Request], Request], str, str]] = {
    "parameter misspelled": (
        lambda r: changed(r, ("pageSize=", "pagesize=")),
        "query pagesize",
        "undescribed",
    ),
    "parameter of the wrong type": (
        lambda r: changed(r, ("page=1", "page=one")),
        "query page",
        "type",
    ),
    "a yes that is no boolean": (
        lambda r: changed(r, ("includeArchived=true", "includeArchived=yes")),
        "query includeArchived",
        "type",
    ),
    "id of the wrong format": (
        lambda r: changed(r, ("page=1", "IDs=1,2")),
        "query IDs",
        "format",
    ),
    "parameter blank": (
        lambda r: changed(r, ("order=ContactID", "order=")),
        "query order",
        "blank",
    ),
    "wrong path": (
        lambda r: changed(r, ("/Contacts", "/Contact")),
        "path",
        "undescribed",
    ),
    "wrong version": (lambda r: changed(r, ("/2.0/", "/3.0/")), "path", "undescribed"),
    "path in another letter case": (
        lambda r: changed(r, ("/Contacts", "/contacts")),
        "path",
        "spelling",
    ),
    "wrong method": (lambda r: with_method(r, "DELETE"), "path", "undescribed"),
    "no tenant": (
        lambda r: changed(r, xero_tenant_id=None),
        "header xero-tenant-id",
        "missing",
    ),
    "header misspelled": (
        lambda r: changed(r, If_Modifed_Since="2026-11-02T09:25:00"),
        "header If-Modifed-Since",
        "undescribed",
    ),
    "a time that is none": (
        lambda r: changed(r, If_Modified_Since="Mon, 02 Nov 2026 09:25:00 GMT"),
        "header If-Modified-Since",
        "format",
    ),
    "no token": (lambda r: changed(r, Authorization=None), "security", "missing"),
    "another kind of token": (
        lambda r: changed(r, Authorization="Basic YTpi"),
        "security",
        "missing",
    ),
    "XML asked for": (
        lambda r: changed(r, Accept="application/xml"),
        "header Accept",
        "missing",
    ),
}


@pytest.mark.parametrize("fault", REQUEST_FAULTS)
def test_a_fault_in_a_request_is_found(fault: str) -> None:
    spoil, place, rule = REQUEST_FAULTS[fault]
    sound = reads("full", RESOURCES["contacts"])[0]
    assert request_verdict(sound).findings == ()
    spoilt = Exchange(spoil(sound.request), sound.response)
    found = request_verdict(spoilt).findings
    assert (place, rule) in {(each.place, each.rule) for each in found}


def test_a_scope_that_does_not_let_in_is_found() -> None:
    exchange = reads("full", RESOURCES["contacts"])[0]
    operation = operation_of(exchange.request)
    found = scope_findings(operation, {"accounting.settings.read"})
    assert [each.place for each in verdict(found, exchange).findings] == [
        "scope accounting.settings.read"
    ]


def test_a_token_asked_for_at_the_wrong_address_is_found() -> None:
    assert [place for place, _ in token_faults(url=("/token", "/tokens"))] == ["path"]


def test_a_token_asked_for_without_the_secret_is_found() -> None:
    assert token_faults(Authorization=None) == [("security", "missing")]


def token_faults(
    url: tuple[str, str] = ("", ""), **headers: str | None
) -> list[tuple[str, str]]:
    exchange = next(
        each
        for each in connector_exchanges()["connecting"]
        if urlsplit(each.request.url).path == "/connect/token"
    )
    assert request_verdict(exchange).findings == ()
    spoilt = Exchange(changed(exchange.request, url, **headers), exchange.response)
    return [(each.place, each.rule) for each in request_verdict(spoilt).findings]


def first(answer: dict[str, Any]) -> dict[str, Any]:
    return answer["Contacts"][0]


ANSWER_FAULTS: dict[str, tuple[Callable[[dict[str, Any]], Any], str, str]] = {
    "wrong enum": (
        lambda answer: first(answer).update(ContactStatus="ALIVE"),
        "body Contacts[].ContactStatus",
        "enum",
    ),
    "wrong type": (
        lambda answer: first(answer).update(IsCustomer="true"),
        "body Contacts[].IsCustomer",
        "type",
    ),
    "null": (
        lambda answer: first(answer).update(Phones=None),
        "body Contacts[].Phones",
        "type",
    ),
    "wrong type inside": (
        lambda answer: first(answer).update(Phones=[{"PhoneNumber": 5}]),
        "body Contacts[].Phones[].PhoneNumber",
        "type",
    ),
    "text too long": (
        lambda answer: first(answer).update(Name="x" * 256),
        "body Contacts[].Name",
        "maxLength",
    ),
    "id that is none": (
        lambda answer: first(answer).update(MergedToContactID="1"),
        "body Contacts[].MergedToContactID",
        "format",
    ),
    "date in another form": (
        lambda answer: first(answer).update(UpdatedDateUTC="2026-11-02T09:25:00Z"),
        "body Contacts[].UpdatedDateUTC",
        "x-is-msdate-time",
    ),
    "member misspelled": (
        lambda answer: first(answer).update(EMailAddress="a@b.example"),
        "body Contacts[].EMailAddress",
        "undescribed",
    ),
    "list missing": (
        lambda answer: answer.pop("Contacts"),
        "body ",
        "missing",
    ),
    "a number as text": (
        lambda answer: answer["pagination"].update(pageCount="1"),
        "body pagination.pageCount",
        "type",
    ),
}


def spoilt_answer(exchange: Exchange, body: str, **attributes: Any) -> Exchange:
    response = requests.Response()
    response.status_code = exchange.response.status_code
    response.headers = exchange.response.headers.copy()
    response.headers.pop("Content-Encoding", None)
    response._content = body.encode()
    for name, value in attributes.items():
        setattr(response, name, value)
    return Exchange(exchange.request, response)


def faults_of(exchange: Exchange) -> set[tuple[str, str]]:
    found = verdict(response_findings(exchange), exchange).findings
    return {(each.place, each.rule) for each in found}


def page_of_contacts() -> Exchange:
    cases = cases_of("generated")[f"{API}/Contacts"]
    return next(case.exchange for case in cases if "pageSize" in case.name)


@pytest.mark.parametrize("fault", ANSWER_FAULTS)
def test_a_fault_in_an_answer_is_found(fault: str) -> None:
    spoil, place, rule = ANSWER_FAULTS[fault]
    sound = page_of_contacts()
    answer = json.loads(sound.response.text)
    assert faults_of(spoilt_answer(sound, json.dumps(answer))) == set()
    spoil(answer)
    assert faults_of(spoilt_answer(sound, json.dumps(answer))) == {(place, rule)}


def test_a_required_member_that_is_missing_is_found() -> None:
    cases = cases_of("described")[f"{API}/Invoices"]
    sound = next(case.exchange for case in cases if "pageSize" in case.name)
    answer = json.loads(sound.response.text)
    answer["Invoices"] = [{"CreditNotes": [{"Allocations": [{"Amount": 1}]}]}]
    assert faults_of(spoilt_answer(sound, json.dumps(answer))) == {
        ("body Invoices[].CreditNotes[].Allocations[]", "missing")
    }


def test_an_answer_that_is_no_json_is_found() -> None:
    assert faults_of(spoilt_answer(page_of_contacts(), '{"Contacts": [')) == {
        ("body", "MediaTypeDeserializeError")
    }


def test_an_answer_in_xml_is_found() -> None:
    spoilt = spoilt_answer(page_of_contacts(), "<Response/>")
    spoilt.response.headers["Content-Type"] = "text/xml"
    assert faults_of(spoilt) == {("body", "MediaTypeNotFound")}


def test_an_answer_of_a_route_that_xero_does_not_have_is_found() -> None:
    sound = page_of_contacts()
    request = changed(sound.request, ("/Contacts", "/Friends"))
    spoilt = Exchange(request, sound.response)
    assert faults_of(spoilt) == {("path", "undescribed")}


def test_a_status_that_nobody_knows_is_found() -> None:
    spoilt = spoilt_answer(page_of_contacts(), "", status_code=418)
    assert faults_of(spoilt) == {("status 418", "undescribed")}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_a_refusal_in_words_that_nobody_knows_is_found(status: int) -> None:
    known = [
        *refusals_of(f"{API}/Contacts"),
        *cases_of("generated")[f"{API}/Contacts/{{contact}}"],
    ]
    sound = next(case.exchange for case in known if case.expected_status == status)
    assert faults_of(sound) == set()
    spoilt = spoilt_answer(sound, '{"Detail": "Go away"}')
    spoilt.response.headers["Content-Type"] = "application/json"
    assert faults_of(spoilt) == {(f"status {status}", "undescribed")}


@pytest.mark.parametrize("path", PATHS)
def test_xeros_own_examples_pass(path: str) -> None:
    """Where the judge is stricter than OpenAPI, it asks no more than Xero gives."""
    assert faults_of(example(path)) == set()


def test_the_worst_values_reach_every_described_member() -> None:
    """A data set that leaves members out would prove less than it says."""
    records = worst_records("Contact", "ContactID")
    members = {name for record in records for name in record}
    operation = operation_of(reads("full", RESOURCES["contacts"])[0].request)
    assert members == operation.members_of_list("Contacts")
