"""What the connector's real code asks of Xero is what Xero's descriptions offer."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from lambda_connector.logic.balances import BATCH
from lambda_connector.logic.resources import RESOURCES, Resource
from tests.contract.openapi.connector_flow import (
    API_PORT,
    FULL_PAGE,
    IDENTITY_PORT,
    Watched,
    connector_exchanges,
    document_verdicts,
    reads,
    request_verdict,
    scope_verdict,
    write_verdicts,
)
from tests.contract.openapi.descriptions import needs_descriptions
from tests.contract.openapi.judge import operation_of

pytestmark = needs_descriptions

STAGES = (
    "setting the app",
    "connecting",
    "full",
    "documents",
    "incremental",
    "writing",
    "by ids",
    "open ones",
    "halved",
    "shut out",
    "reconnecting",
    "disconnecting",
)
WHOLE = {"items"}
"""Read as a whole, because no change tells of what was deleted."""
RESOURCE = pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))


@pytest.mark.parametrize("stage", STAGES)
def test_every_request_is_as_described(stage: str) -> None:
    exchanges = connector_exchanges()[stage]
    assert exchanges
    found = [each for one in exchanges for each in request_verdict(one).findings]
    assert [str(each) for each in found] == []


def test_no_stage_is_left_unjudged() -> None:
    assert tuple(connector_exchanges()) == STAGES


@pytest.mark.parametrize("watched", [IDENTITY_PORT, API_PORT], ids=["identity", "api"])
def test_nothing_that_the_connector_can_ask_is_left_unasked(watched: Watched) -> None:
    connector_exchanges()
    offered = {name for name in vars(type(watched.port)) if name[0] != "_"}
    fields = set(type(watched.port).__dataclass_fields__)
    assert offered - fields - watched.called == set()


@RESOURCE
def test_every_resource_is_read_and_named_as_described(resource: Resource) -> None:
    request = reads("full", resource)[0].request
    assert "If-Modified-Since" not in request.headers
    members = operation_of(request).members_of_list(resource.key)
    assert resource.record_id in members


@RESOURCE
def test_only_what_changed_is_asked_for_where_xero_offers_it(
    resource: Resource,
) -> None:
    request = reads("incremental", resource)[0].request
    assert ("If-Modified-Since" in request.headers) is resource.incremental
    offered = ("header", "If-Modified-Since") in operation_of(request).parameters
    assert offered is (resource.incremental or resource.name in WHOLE)


@RESOURCE
def test_a_list_is_read_in_pages_where_xero_offers_them(resource: Resource) -> None:
    request = reads("full", resource)[0].request
    assert (FULL_PAGE in request.url) is resource.paged
    offered = ("query", "page") in operation_of(request).parameters
    assert offered is resource.paged


def test_contacts_are_asked_for_by_ids_in_pages_which_have_their_balances() -> None:
    (again,) = (
        parse_qs(urlsplit(exchange.request.url).query)
        for exchange in reads("by ids", RESOURCES["contacts"])
        if "IDs" in exchange.request.url
    )
    assert 1 <= len(again["IDs"][0].split(",")) <= BATCH
    assert {"page", "pageSize", "order", "includeArchived"} <= set(again)


def test_open_invoices_are_asked_for_by_what_xero_filters_fast() -> None:
    wheres = [
        parse_qs(urlsplit(exchange.request.url).query)["where"]
        for exchange in reads("open ones", RESOURCES["invoices"])
    ]
    assert wheres == [
        ['Type=="ACCREC"'],
        ['Type=="ACCREC" AND Status=="AUTHORISED"'],
    ]


@RESOURCE
def test_a_page_that_did_not_come_is_asked_for_in_halves(resource: Resource) -> None:
    urls = [exchange.request.url for exchange in reads("halved", resource)]
    assert any("pageSize=500" in url for url in urls) is resource.paged


@RESOURCE
def test_the_scope_of_a_resource_lets_it_be_read(resource: Resource) -> None:
    assert scope_verdict(resource).findings == ()


def test_the_scope_of_a_document_lets_it_be_read() -> None:
    assert [each.findings for each in document_verdicts()] == [(), (), ()]


def test_the_scope_of_a_write_lets_it_be_done() -> None:
    found = [each.findings for each in write_verdicts()]
    assert found and not any(found)


def test_writes_carry_a_key_and_ask_for_each_ones_errors() -> None:
    exchanges = connector_exchanges()["writing"]
    written = [each.request for each in exchanges if each.request.method != "GET"]
    assert {each.method for each in written} == {"PUT", "POST"}
    keys = [each.headers["Idempotency-Key"] for each in written]
    assert len(set(keys)) == len(keys)
    assert all("summarizeErrors=false" in each.url for each in written)


def test_consents_are_told_apart_by_their_event() -> None:
    urls = [each.request.url for each in connector_exchanges()["connecting"]]
    assert any("/connections?authEventId=" in url for url in urls)


def test_tokens_are_renewed() -> None:
    bodies = [each.request.body for each in connector_exchanges()["incremental"]]
    assert any("grant_type=refresh_token" in (body or "") for body in bodies)


def test_xero_is_told_that_a_connection_ends() -> None:
    calls = [
        (each.request.method, urlsplit(each.request.url).path.split("/")[1])
        for each in connector_exchanges()["disconnecting"]
    ]
    assert ("DELETE", "connections") in calls
