"""Every request that the connector's real code sends to Xero is as Xero describes it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests

from lambda_connector.logic.resources import RESOURCES, Resource
from tests.contract.openapi.connector_flow import FULL_PAGE, connector_exchanges
from tests.contract.openapi.descriptions import needs_descriptions
from tests.contract.openapi.differences import verdict
from tests.contract.openapi.exchange import Exchange
from tests.contract.openapi.identity import is_consent_or_token, token_findings
from tests.contract.openapi.judge import (
    Finding,
    operation_of,
    request_findings,
    scope_findings,
)
from tests.contract.openapi.shapes import API

pytestmark = needs_descriptions

STAGES = (
    "setting the app",
    "connecting",
    "full",
    "incremental",
    "halved",
    "shut out",
    "reconnecting",
    "disconnecting",
)
RESOURCE = pytest.mark.parametrize("resource", RESOURCES.values(), ids=list(RESOURCES))


def complaints(exchange: Exchange) -> tuple[Finding, ...]:
    """What no difference excuses in a request."""
    if is_consent_or_token(exchange.request):
        found = token_findings(exchange)
    else:
        found = request_findings(exchange.request)
    return verdict(found, exchange).findings


def reads(stage: str, resource: Resource) -> list[requests.PreparedRequest]:
    return [
        exchange.request
        for exchange in connector_exchanges()[stage]
        if urlsplit(exchange.request.url).path == f"{API}/{resource.path}"
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_every_request_is_as_described(stage: str) -> None:
    exchanges = connector_exchanges()[stage]
    assert exchanges
    assert [each for one in exchanges for each in complaints(one)] == []


def test_no_stage_is_left_unjudged() -> None:
    assert tuple(connector_exchanges()) == STAGES


@RESOURCE
def test_every_resource_is_read(resource: Resource) -> None:
    (request, *_) = reads("full", resource)
    assert ("If-Modified-Since" in request.headers) is False
    assert (FULL_PAGE in request.url) is resource.paged
    assert operation_of(request)


@RESOURCE
def test_only_what_changed_is_asked_for_where_xero_offers_it(
    resource: Resource,
) -> None:
    (request, *_) = reads("incremental", resource)
    assert ("If-Modified-Since" in request.headers) is resource.incremental
    offered = ("header", "If-Modified-Since") in operation_of(request).parameters
    assert offered is resource.incremental


@RESOURCE
def test_a_page_is_asked_for_in_halves_where_xero_pages(resource: Resource) -> None:
    sizes = [request.url for request in reads("halved", resource)]
    assert any("pageSize=500" in url for url in sizes) is resource.paged
    offered = ("query", "page") in operation_of(reads("full", resource)[0]).parameters
    assert offered is resource.paged


@RESOURCE
def test_a_resource_is_named_as_described(resource: Resource) -> None:
    operation = operation_of(reads("full", resource)[0])
    assert resource.record_id in operation.members_of_list(resource.key)


@RESOURCE
def test_the_scope_of_a_resource_lets_it_be_read(resource: Resource) -> None:
    exchange = next(
        each
        for each in connector_exchanges()["full"]
        if urlsplit(each.request.url).path == f"{API}/{resource.path}"
    )
    found = scope_findings(operation_of(exchange.request), {resource.scope})
    assert verdict(found, exchange).findings == ()


def test_consents_are_told_apart_by_their_event() -> None:
    urls = [each.request.url for each in connector_exchanges()["connecting"]]
    assert any("/connections?authEventId=" in url for url in urls)


def test_xero_is_told_that_a_connection_ends() -> None:
    calls = [
        (each.request.method, urlsplit(each.request.url).path.split("/")[1])
        for each in connector_exchanges()["disconnecting"]
    ]
    assert ("DELETE", "connections") in calls
