"""The handlers on the template's resources, against the Xero simulator over HTTP."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from infra.xero_simulator.mutations import carry_out
from lambda_connector.logic.model.connection import Budget
from lambda_connector.logic.model.sync import Hint

from .deployed import (
    Deployed,
    SimulatedXero,
    WorkerContext,
    deployed_for,
    simulated_xero,
)

CONTACTS = 1100


@pytest.fixture(scope="module")
def xero() -> Iterator[SimulatedXero]:
    with simulated_xero(CONTACTS) as xero:
        yield xero


@pytest.fixture(scope="module")
def running(xero: SimulatedXero) -> Iterator[Deployed]:
    with deployed_for(xero, xero_timeout_seconds=2, wait_in_place_seconds=3) as running:
        yield running


@pytest.fixture
def deployed(running: Deployed) -> Deployed:
    running.begin()
    return running


def codes(deployed: Deployed, sync: dict) -> list[str]:
    log = deployed("GET", f"/v1/syncs/{sync['id']}/log").json["entries"]
    return [entry["code"] for entry in log]


def change(xero: SimulatedXero, action: str, **record: object) -> dict:
    body = {"action": action, "contact": record}
    return carry_out(xero.first, xero.simulator.clock, "contacts", body)


def test_all_contacts_reach_the_feed_and_then_only_changes(deployed, xero) -> None:
    held = deployed.connect()
    done = deployed.run(held)
    assert done["state"] == "done"
    assert done["calls"] == 3
    records = deployed.records(held)
    assert {record["ContactID"] for record in records} == xero.contact_ids()
    assert done["resources"][1]["records"] == done["resources"][1]["item_count"]

    xero.simulator.clock.advance(600)
    added = change(xero, "add", Name="Late Ltd")
    feed = deployed("GET", f"/v1/connections/{held['id']}").json["feed"]
    again = deployed.run(held)
    assert again["resources"][1]["mode"] == "incremental"
    assert again["calls"] == 2
    (record,) = deployed.records(held, feed["head"], feed["stamp"])
    assert record["ContactID"] == added["ContactID"]


def test_wrong_client_secret_is_said_and_not_kept(deployed) -> None:
    body = deployed.app | {"client_secret": "wrong"}
    assert deployed("PUT", "/v1/app", body).code == "xero_client_invalid"
    assert deployed("GET", "/v1/app").json["client_id"] is None


def test_app_is_saved_unverified_while_xero_is_away(deployed, xero) -> None:
    xero.fault("unavailable_html", path="/connect/token")
    saved = deployed("PUT", "/v1/app", deployed.app)
    assert (saved.status, saved.json["verified"]) == (200, None)


def test_refused_consent(deployed) -> None:
    deployed("PUT", "/v1/app", deployed.app)
    consent = deployed.consent({"decision": "cancel"})
    assert deployed.complete(consent).code == "consent_denied"


def test_organisation_chosen_in_this_consent_is_the_one_connected(
    deployed, xero
) -> None:
    first = deployed.connect()
    assert first["organisation"]["id"] == xero.first.tenant_id
    form = {"decision": "allow", "organisation": xero.second.tenant_id}
    second = deployed.complete(deployed.consent(form)).json["connection"]
    assert second["organisation"]["id"] == xero.second.tenant_id
    other = deployed.consent(form, connection=first["id"])
    refused = deployed.complete(other)
    assert refused.code == "organisation_different"
    assert refused.json["got"] == xero.second.name


def test_several_organisations_of_one_consent_are_offered(deployed, xero) -> None:
    xero.simulator.settings.bulk_connect = True
    deployed("PUT", "/v1/app", deployed.app)
    both = [xero.first.tenant_id, xero.second.tenant_id]
    consent = deployed.consent({"decision": "allow", "organisation": both})
    offered = deployed.complete(consent).json
    assert offered["status"] == "choose"
    assert {one["id"] for one in offered["organisations"]} == set(both)
    came = deployed.complete(consent, xero.second.tenant_id).json
    assert came["connection"]["organisation"]["name"] == xero.second.name


def test_connecting_the_organisation_again_is_refused(deployed, xero) -> None:
    deployed.connect()
    form = {"decision": "allow", "organisation": xero.first.tenant_id}
    assert deployed.complete(deployed.consent(form)).code == "organisation_taken"


def test_exchange_whose_answer_was_lost_is_explained(deployed, xero) -> None:
    deployed("PUT", "/v1/app", deployed.app)
    consent = deployed.consent({"decision": "allow"})
    xero.fault("reset_after_commit", path="/connect/token")
    assert deployed.complete(consent).code == "xero_unavailable"
    assert deployed.complete(consent).code == "code_refused"


@pytest.mark.parametrize(
    ("kind", "more", "logged"),
    [
        ("rate_limited", {"retry_after": 1}, "throttled_minute"),
        ("rate_limited", {"problem": "concurrent"}, "throttled_concurrent"),
    ],
)
def test_short_throttling_is_waited_out_in_place(
    deployed, xero, kind: str, more: dict, logged: str
) -> None:
    held = deployed.connect()
    xero.fault(kind, **more)
    started = deployed.start(held)
    deployed.work_all()
    if deployed.sync(started)["state"] == "waiting":
        pytest.fail("the wait should have been short enough")
    assert deployed.sync(started)["state"] == "done"
    assert logged in codes(deployed, started)


@pytest.mark.parametrize(
    "kind",
    [
        "unavailable_html",
        "unavailable_text",
        "offline",
        "error_500",
        "truncated_body",
        "truncated_json",
        "reset",
        "reset_after_commit",
    ],
)
def test_trouble_at_xero_parks_the_sync_and_loses_nothing(
    deployed, xero, kind: str
) -> None:
    held = deployed.connect()
    xero.fault(kind, after=1)
    started = deployed.start(held)
    deployed.work_all()
    waiting = deployed.sync(started)
    if waiting["state"] == "waiting":
        assert waiting["due_at"] and waiting["detail"]
        wake(deployed, started)
        deployed.work_all()
    assert deployed.sync(started)["state"] == "done"
    records = deployed.records(held)
    assert len(records) == len(xero.contact_ids())
    assert {record["ContactID"] for record in records} == xero.contact_ids()


def wake(deployed: Deployed, started: dict) -> None:
    """Let the wait be over: move the rows' times instead of the world's."""
    services = deployed.handlers["worker"]._services
    connection = started["connection"]
    services.connections.store.set_budget(deployed.instance.id, connection, Budget())
    store = services.syncs.store
    sync = store.get(deployed.instance.id, started["id"])
    past = sync.created_at
    assert store.save(replace(sync, version=sync.version + 1, wake_at=past))
    assert deployed.janitor()["sync_wait_over"] >= 1


@pytest.mark.parametrize("kind", ["slow", "dripping"])
def test_page_that_takes_too_long_is_halved(deployed, xero, kind: str) -> None:
    held = deployed.connect()
    xero.fault(kind, seconds=4)
    done = deployed.run(held)
    assert done["state"] == "done"
    assert done["resources"][1]["pages"] == 3
    assert len(deployed.records(held)) == len(xero.contact_ids())


def test_expired_access_token_is_refreshed_once(deployed, xero) -> None:
    held = deployed.connect()
    xero.simulator.clock.advance(1801)
    done = deployed.run(held)
    assert done["state"] == "done"
    assert deployed.state(held) == ("connected", None)


def test_refresh_token_that_ran_out_asks_for_a_reconnect(deployed, xero) -> None:
    held = deployed.connect()
    xero.simulator.clock.advance(61 * 86400)
    failed = deployed.run(held)
    assert (failed["state"], failed["code"]) == ("failed", "reconnect_needed")
    assert deployed.state(held) == ("reconnect", "reconnect_needed")
    path = f"/v1/connections/{held['id']}/syncs"
    sync = {"resources": ["contacts"], "mode": "full"}
    assert deployed("POST", path, sync).code == "reconnect_needed"

    form = {"decision": "allow", "organisation": xero.first.tenant_id}
    again = deployed.complete(deployed.consent(form, held["id"])).json["connection"]
    assert again["id"] == held["id"]
    assert deployed.run(held)["state"] == "done"


@pytest.mark.parametrize(
    ("kind", "code"),
    [("tenant_refused", "user_removed"), ("scope_missing", "scope_missing")],
)
def test_access_that_xero_took_away(deployed, xero, kind: str, code: str) -> None:
    held = deployed.connect()
    xero.fault(kind)
    failed = deployed.run(held)
    assert (failed["state"], failed["code"]) == ("failed", code)
    assert failed["detail"]
    assert deployed.state(held) == ("reconnect", code)


def test_paging_that_repeats_itself_is_stopped(deployed, xero) -> None:
    held = deployed.connect()
    xero.fault("same_page", times=50)
    failed = deployed.run(held)
    assert (failed["state"], failed["code"]) == ("failed", "paging_loop")


def test_answer_304_counts_as_nothing_changed(deployed, xero) -> None:
    held = deployed.connect()
    deployed.run(held)
    xero.fault("not_modified")
    done = deployed.run(held)
    assert (done["state"], done["resources"][1]["records"]) == ("done", 0)


def test_disconnecting_removes_the_connection_at_xero(deployed, xero) -> None:
    held = deployed.connect()
    assert deployed("DELETE", f"/v1/connections/{held['id']}").status == 204
    assert deployed.state(held) == ("disconnected", None)
    assert xero.calls("/connections", "DELETE") >= 1
    form = {"decision": "allow", "organisation": xero.first.tenant_id}
    again = deployed.complete(deployed.consent(form)).json["connection"]
    assert again["id"] != held["id"]


def test_disconnecting_what_xero_removed_already(deployed, xero) -> None:
    held = deployed.connect()
    xero.simulator.registry.disconnect_tenant(xero.first)
    assert deployed("DELETE", f"/v1/connections/{held['id']}").status == 204
    assert deployed.state(held) == ("disconnected", None)


def test_page_that_fails_for_an_unknown_reason_is_left_to_the_queue(
    deployed, monkeypatch, capsys
) -> None:
    worker = deployed.handlers["worker"]

    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(type(worker._services.worker), "work", fail)
    hint = Hint("i", "c", "c-1", 1, "trace-0001")
    record = {"messageId": "m-1", "body": json.dumps(dataclasses.asdict(hint))}
    answer = worker.handler({"Records": [record]}, WorkerContext())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert '"PageFailed"' in capsys.readouterr().out


def test_message_of_somebody_else_is_dropped_with_a_word(deployed, log) -> None:
    record = {"messageId": "m-2", "body": "secret-looking nonsense"}
    worker = deployed.handlers["worker"]
    answer = worker.handler({"Records": [record]}, WorkerContext())
    assert answer == {"batchItemFailures": []}
    logged = log.getvalue()
    assert "m-2" in logged and "nonsense" not in logged


def test_logs_hold_no_token_name_or_record(deployed, xero, log) -> None:
    held = deployed.connect()
    deployed.run(held)
    deployed.janitor()
    logged = log.getvalue()
    assert '"outcome":"done"' in logged
    row = xero.first.contacts.ordered("ContactID")[0].record
    for text in (xero.first.name, row["Name"], deployed.key, "Bearer", "eyJ"):
        assert text not in logged
