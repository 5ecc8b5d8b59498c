"""What the simulator answers to writes, and what it is asked, is as Xero describes."""

from __future__ import annotations

import pytest

from infra.xero_simulator.routing import Route
from tests.contract.openapi import write_cases as cases
from tests.contract.openapi.descriptions import needs_descriptions
from tests.contract.openapi.simulator_cases import (
    WRITE_ROUTES,
    complaints,
    scope_verdict,
)

pytestmark = needs_descriptions

BY_ROUTE = pytest.mark.parametrize(
    "route", WRITE_ROUTES, ids=[f"{each.method} {each.path}" for each in WRITE_ROUTES]
)


@BY_ROUTE
def test_every_answer_is_as_described(route: Route) -> None:
    assert complaints(cases.cases_of(route.method, route.path)) == []


@BY_ROUTE
def test_every_call_that_was_answered_is_as_described(route: Route) -> None:
    found = cases.request_verdicts(route.method, route.path)
    assert [str(each) for one in found for each in one.findings] == []


@BY_ROUTE
def test_a_route_is_opened_by_the_described_scopes(route: Route) -> None:
    assert scope_verdict(route).findings == ()


def test_no_route_writes_without_a_test_of_it() -> None:
    assert {(route.method, route.path) for route in WRITE_ROUTES} == set(cases.WRITES)
