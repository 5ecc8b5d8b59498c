"""Every route of the simulator in every shape, answered and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest.mock import patch

import requests

from infra.xero_simulator.accounting import api, listing
from infra.xero_simulator.faults import Fault
from infra.xero_simulator.oauth import connections
from infra.xero_simulator.routing import Route
from infra.xero_simulator.simulator import Simulator
from tests.contract.openapi import simulators
from tests.contract.openapi.differences import Verdict, verdict
from tests.contract.openapi.examples import example
from tests.contract.openapi.exchange import Exchange, Wire
from tests.contract.openapi.identity import token_findings
from tests.contract.openapi.judge import operation_of, response_findings, scope_findings
from tests.contract.openapi.shapes import (
    API,
    Shape,
    is_single,
    list_of,
    needed,
    shapes_of_list,
    shapes_of_report,
    shapes_of_single,
)

READ_ROUTES = tuple(route for route in api.ROUTES if route.method == "GET")
WRITE_ROUTES = tuple(route for route in api.ROUTES if route.method != "GET")
CONNECTION_ROUTES = tuple(connections.ROUTES)
# What may happen to any call of the Accounting API, and the status it ends with.
FAULTS = (
    (Fault("error_500"), 500),
    (Fault("unavailable_html"), 503),
    (Fault("unavailable_text"), 503),
    (Fault("offline"), 503),
    (Fault("rate_limited", problem="concurrent"), 429),
    (Fault("rate_limited", problem="minute", retry_after=30), 429),
    (Fault("rate_limited", problem="day", retry_after=66_975), 429),
    (Fault("token_expired"), 401),
    (Fault("scope_missing"), 401),
    (Fault("tenant_refused"), 403),
)


@dataclass(frozen=True)
class Case:
    """An answer of the simulator, and what the description has against it."""

    name: str
    expected_status: int
    exchange: Exchange
    verdict: Verdict


def complaints(cases: Iterable[Case]) -> list[str]:
    """What is wrong with the answers, each kind of it once, with its first example."""
    found: dict[tuple[str, ...], str] = {}
    for case in cases:
        status = case.exchange.response.status_code
        if status != case.expected_status:
            found[case.name, "status"] = f"{case.name}: status {status}"
        for each in case.verdict.findings:
            kind = each.operation, each.place, each.rule
            found.setdefault(kind, f"{case.name}: {each}")
    return list(found.values())


class Caller:
    """Calls the simulator as an app of its own, at Xero's addresses."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.session = requests.Session()
        self.session.headers = {
            "Authorization": f"Bearer {simulators.access_token()}",
            "Accept": "application/json",
        }
        rows = self.session.get(f"{simulators.API}/connections").json()
        self.session.headers["xero-tenant-id"] = rows[0]["tenantId"]

    def case(self, shape: Shape, method: str = "GET", body: Any = None) -> Case:
        self.session.request(
            method,
            simulators.API + shape.path,
            params=shape.query,
            headers=shape.headers,
            json=body,
        )
        exchange = self._wire.exchanges[-1]
        findings = response_findings(exchange)
        return Case(shape.name, shape.status, exchange, verdict(findings, exchange))

    def records(self, path: str) -> list[dict[str, Any]]:
        answer = self.session.get(f"{simulators.API}{path}").json()
        return next(value for value in answer.values() if isinstance(value, list))


@cache
def cases_of(dataset: str) -> dict[str, list[Case]]:
    """Each route's answers with a data set, by the route's path."""
    with simulators.wired(simulator_of(dataset)) as wire:
        caller = Caller(wire)
        return {
            route.path: [caller.case(shape) for shape in _shapes(caller, route)]
            for route in READ_ROUTES
        }


@cache
def refusals_of(path: str) -> list[Case]:
    """All ways in which a route of the Accounting API does not answer."""
    simulated = simulator_of("generated")
    with simulators.wired(simulated) as wire:
        caller = Caller(wire)
        return [*_refusals(caller, path), *_struck(caller, path, simulated.faults)]


@cache
def connection_cases() -> dict[str, list[Case]]:
    """The answers of the identity service, by method and path."""
    with simulators.wired(simulator_of("generated")) as wire:
        caller = Caller(wire)
        (row,) = caller.session.get(f"{simulators.API}/connections").json()
        event = {"authEventId": row["authEventId"]}
        nobody = {"authEventId": "99999999-9999-4999-8999-999999999999"}
        path = f"/connections/{row['id']}"
        listed = [
            caller.case(Shape("all", "/connections")),
            caller.case(Shape("of a consent", "/connections", event)),
            caller.case(Shape("of an unknown consent", "/connections", nobody)),
            caller.case(_without_token("/connections")),
        ]
        ended = [
            caller.case(_without_token(path), "DELETE"),
            caller.case(Shape("ended", path, status=204), "DELETE"),
            caller.case(Shape("ended before", path, status=404), "DELETE"),
        ]
        listed.append(caller.case(Shape("none", "/connections")))
    return {"GET /connections": listed, "DELETE /connections/{connection}": ended}


def scope_verdict(route: Route) -> Verdict:
    """On the scopes that let a caller in."""
    shown = example(route.path)
    found = scope_findings(operation_of(shown.request), set(route.scopes))
    return verdict(found, shown)


@cache
def token_verdict() -> Verdict:
    """On the token service's answer to a code, with an id token in it."""
    with simulators.wired(simulator_of("empty")) as wire:
        simulators.access_token()
        exchange = wire.exchanges[-1]
    assert "id_token" in exchange.response.text
    return verdict(token_findings(exchange), exchange)


def simulator_of(dataset: str) -> Simulator:
    """A simulated Xero that holds a data set, see `simulators.DATASETS`."""
    return simulators.simulator(simulators.DATASETS[dataset]())


def _shapes(caller: Caller, route: Route) -> Iterator[Shape]:
    """Nothing for a route that no shape is known for."""
    if is_single(route.path):
        records = caller.records(list_of(route.path))
        for media in route.speaks:
            yield from shapes_of_single(route.path, records, media)
    elif "{" not in route.path:
        request = requests.Request("GET", simulators.API + route.path).prepare()
        operation = operation_of(request)
        if operation and needed(operation.parameters) == {"contactId"}:
            contacts = caller.records(f"{API}/Contacts")
            yield from shapes_of_report(route.path, operation.parameters, contacts)
        elif operation and not needed(operation.parameters):
            records = caller.records(route.path)
            yield from shapes_of_list(route.path, operation.parameters, records)


def _refusals(caller: Caller, path: str) -> Iterator[Case]:
    yield caller.case(_without_token(path))
    foreign = {"xero-tenant-id": "99999999-9999-4999-8999-999999999999"}
    yield caller.case(Shape("foreign tenant", path, headers=foreign, status=403))
    lesser = simulators.access_token(simulators.LESSER_APP, ["accounting.budgets.read"])
    headers = {"Authorization": f"Bearer {lesser}"}
    yield caller.case(Shape("scope missing", path, headers=headers, status=401))
    operation = operation_of(requests.Request("GET", simulators.API + path).prepare())
    for name in ("order", "where"):
        if ("query", name) in operation.parameters:
            query = {name: "No such thing"}
            yield caller.case(Shape(f"refused {name}", path, query, status=400))
    if ("query", "page") in operation.parameters:
        with patch.object(listing, "HIGH_VOLUME", -1):
            yield caller.case(Shape("too many to give unpaged", path, status=400))


def _struck(caller: Caller, path: str, faults: Any) -> Iterator[Case]:
    for fault, status in FAULTS:
        faults.add(Fault(**{**vars(fault), "times": 1}))
        yield caller.case(Shape(fault.kind, path, status=status))


def _without_token(path: str) -> Shape:
    return Shape("no token", path, headers={"Authorization": ""}, status=401)
