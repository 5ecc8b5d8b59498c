"""Every answer of the simulator, in every shape, is as Xero describes it."""

from __future__ import annotations

import pytest

from infra.xero_simulator.routing import Route
from tests.contract.openapi import simulator_cases as cases
from tests.contract.openapi.changes import left_out
from tests.contract.openapi.descriptions import needs_descriptions
from tests.contract.openapi.simulators import DATASETS

pytestmark = needs_descriptions

PATHS = [route.path for route in cases.READ_ROUTES]
CONNECTIONS = [f"{route.method} {route.path}" for route in cases.CONNECTION_ROUTES]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("dataset", DATASETS)
def test_every_shape_is_as_described(dataset: str, path: str) -> None:
    found = cases.cases_of(dataset)[path]
    assert found, f"no shape is known for {path}: see openapi/shapes.py"
    assert cases.complaints(found) == []


@pytest.mark.parametrize("path", PATHS)
def test_every_refusal_is_as_known(path: str) -> None:
    assert cases.complaints(cases.refusals_of(path)) == []


@pytest.mark.parametrize("route", CONNECTIONS)
def test_connections_are_as_described(route: str) -> None:
    found = cases.connection_cases()[route]
    assert cases.complaints(found) == []


@pytest.mark.parametrize("route", cases.READ_ROUTES, ids=PATHS)
def test_a_route_is_opened_by_the_described_scopes(route: Route) -> None:
    assert cases.scope_verdict(route).findings == ()


def test_tokens_are_as_described() -> None:
    assert [str(each) for each in cases.token_verdict().findings] == []


def test_every_change_is_made() -> None:
    assert left_out(DATASETS["generated"]()) == set()
