"""How often syncs are proposed to be, and that a day of them fits Xero's limit."""

from __future__ import annotations

import pytest

from lambda_connector.logic.schedules import MINUTES

from .fake_xero import ALL_SCOPES, SALES_SCOPES
from .http_events import Api
from .world import World

ALL = ["contacts", "items", "sales"]


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    world.xero.scopes = (*ALL_SCOPES, *SALES_SCOPES)
    return world


def test_schedule_is_answered_as_odoo_reads_it(world: World) -> None:
    held = world.connect()
    world.run(held, features=ALL)
    for _ in range(5):
        world.clock.advance(minutes=15)
        world.run(held, features=ALL)
    path = f"/v1/connections/{held.id}/schedule"
    answer = Api(world)("GET", path, features=",".join(ALL))
    assert answer.status == 200
    choices = answer.json["choices"]
    assert [one["minutes"] for one in choices] == list(MINUTES)
    assert choices[2] == {"minutes": 15, "calls": 363, "fits": True}
    assert choices[0] == {"minutes": 5, "calls": 950, "fits": False}
    assert {**answer.json, "choices": []} == {
        "day_limit": 1000,
        "reserved": 50,
        "proposed": 10,
        "choices": [],
        "daily": [
            {"name": "organisation", "calls": 1},
            {"name": "contact_groups", "calls": 1},
            {"name": "open_invoices", "calls": 1},
        ],
    }


@pytest.mark.parametrize("features", ["", "report", "contacts,", "contacts,nothing"])
def test_features_that_nothing_syncs_are_refused(world: World, features: str) -> None:
    held = world.connect()
    path = f"/v1/connections/{held.id}/schedule"
    answer = Api(world)("GET", path, features=features)
    assert (answer.status, answer.code) == (422, "request_invalid")


def test_schedule_of_no_connection_is_not_found(world: World) -> None:
    answer = Api(world)("GET", "/v1/connections/1a/schedule", features="contacts")
    assert (answer.status, answer.code) == (404, "not_found")
