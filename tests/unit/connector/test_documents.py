"""Single documents: what Xero answers, what it refuses, and what a person is told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from lambda_connector.logic import documents
from lambda_connector.logic.faults import (
    OrganisationGone,
    Refused,
    ScopeMissing,
    Throttled,
    TimedOut,
    TokenRejected,
    TooLarge,
    Unavailable,
    Unreadable,
)
from lambda_connector.logic.model.connection import Connection

from .calls import CALLS, RECORD
from .fake_xero import ALL_SCOPES, PDF, REPORT_SCOPES, SALES_SCOPES
from .http_events import Answer, Api, Context, http_event
from .world import KAURI, TUI, World

PDF_CALL, URL_CALL = "get_invoice_pdf", "get_online_url"
REPORT_CALL = "get_aged_receivables"
ALL_CALLS = (PDF_CALL, URL_CALL, REPORT_CALL)
ONLINE = f"Invoices/{RECORD}/OnlineInvoice"
REPORT = "Reports/AgedReceivablesByContact"
ADDRESS = "https://in.xero.com/abcdefgh"


@pytest.fixture
def held(world: World) -> Connection:
    world.xero.scopes = (*ALL_SCOPES, *SALES_SCOPES, *REPORT_SCOPES)
    return world.connect()


def ask(world: World, held: Connection, name: str, **changes: Any) -> Answer:
    """One of the three calls, of this connection."""
    names = {"connection": held.id, "invoice": RECORD, "contact": RECORD, **changes}
    call = CALLS[name].filled(names)
    query = changes.get("query", call.query)
    return Api(world)(call.method, call.path, call.body, **query)


def put(world: World, path: str, answer: Any) -> None:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    world.xero.documents[path] = body


def test_pdf_as_xero_drew_it(world: World, held) -> None:
    answer = ask(world, held, PDF_CALL)
    assert (answer.status, answer.body) == (200, PDF)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    (asked,) = world.xero.fetched
    assert asked.path == f"Invoices/{RECORD}/pdf"
    assert (asked.media_type, asked.max_bytes) == ("application/pdf", 4_500_000)


def test_pdf_of_the_greatest_size_fits_the_answer_of_a_function(
    world: World, held
) -> None:
    put(world, f"Invoices/{RECORD}/pdf", PDF.ljust(documents.MAX_PDF_BYTES, b" "))
    application = Api(world).application
    call = CALLS[PDF_CALL].filled({"connection": held.id, "invoice": RECORD})
    key = {"authorization": f"Bearer {world.key}"}
    event = http_event(call.method, call.path, {}, key, "")
    answer = application.answer(event, Context())
    assert answer["isBase64Encoded"] is True
    assert len(json.dumps(answer)) < 6 * 1024 * 1024


def test_report_of_the_greatest_size_fits_the_answer_of_a_function() -> None:
    """At worst all its text is letters that JSON's ASCII takes six bytes for."""
    greatest = "é" * (documents.MAX_JSON_BYTES // 2)
    assert len(json.dumps(greatest)) < 6 * 1024 * 1024 * 0.97


def test_online_address(world: World, held) -> None:
    answer = ask(world, held, URL_CALL)
    assert (answer.status, answer.json) == (200, {"url": ADDRESS})


@pytest.mark.parametrize(
    "body",
    [
        {"OnlineInvoices": []},
        {"OnlineInvoices": [{}]},
        {"OnlineInvoices": [None]},
        {"OnlineInvoices": [{"OnlineInvoiceUrl": None}]},
        {"OnlineInvoices": [{"OnlineInvoiceUrl": ""}]},
    ],
)
def test_invoice_that_nobody_sees_online(world: World, held, body: Any) -> None:
    put(world, ONLINE, body)
    assert ask(world, held, URL_CALL).json == {"url": None}


def test_draft_is_not_online(world: World, held) -> None:
    world.xero.faults.append(Refused(404, ""))
    assert ask(world, held, URL_CALL).json == {"url": None}


@pytest.mark.parametrize(
    "url",
    [
        "http://in.xero.com/abc",
        "javascript:alert(1)//in.xero.com",
        "https://xero.com.evil.example/",
        "https://evilxero.com/",
        "https://in.xero.com@evil.example/",
        "https://user:pass@in.xero.com/",
        "https://in.xero.com:8443/",
        "https://in.xero.com:port/",
        "https://evil.example\\.xero.com/",
        "https://in.xero.com/\x00",
        "//in.xero.com/abc",
        "in.xero.com",
        5,
        ["https://in.xero.com/abc"],
    ],
)
def test_address_that_is_not_at_xero_leads_nowhere(
    world: World, held, url: Any
) -> None:
    put(world, ONLINE, {"OnlineInvoices": [{"OnlineInvoiceUrl": url}]})
    answer = ask(world, held, URL_CALL)
    assert (answer.status, answer.code) == (502, "xero_answer_unreadable")


def test_report_as_it_came(world: World, held) -> None:
    body = '{ "Reports":[{"ReportTitles":["Ünïcode \u2028 é", 1.50]}] }'.encode()
    put(world, REPORT, body)
    answer = ask(world, held, REPORT_CALL)
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers["Content-Type"] == "application/json"
    (asked,) = world.xero.fetched
    assert dict(asked.parameters) == {"contactId": RECORD, "date": "2026-11-02"}


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Sorry</html>",
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"Reports": []}',
        b'{"Reports": {}}',
        b'{"OnlineInvoices": "x"}',
        b"[" * 100_000,
        b'{"Reports": ["\xff"]}',
        b"\x00PDF",
        b"%PDF",
    ],
)
@pytest.mark.parametrize("name", ALL_CALLS)
def test_answers_that_are_none(world: World, held, name: str, body: bytes) -> None:
    for path in (f"Invoices/{RECORD}/pdf", ONLINE, REPORT):
        put(world, path, body or b" ")
    answer = ask(world, held, name)
    assert (answer.status, answer.code) == (502, "xero_answer_unreadable")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Unavailable("status 503"), 502, "xero_unavailable"),
        (TimedOut(), 502, "xero_unavailable"),
        (Unreadable("broken gzip"), 502, "xero_answer_unreadable"),
        (TooLarge(), 502, "document_too_large"),
        (Refused(400, "10"), 502, "xero_refused"),
        (Refused(403, ""), 502, "xero_refused"),
    ],
)
@pytest.mark.parametrize("name", ALL_CALLS)
def test_what_each_fault_is_to_the_person_who_waits(
    world: World, held, name: str, fault: Exception, status: int, code: str
) -> None:
    world.xero.faults.append(fault)
    answer = ask(world, held, name)
    assert (answer.status, answer.code) == (status, code)
    assert world.services.connections.get(world.instance, held.id) == held


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (PDF_CALL, "scope_missing"),
        (URL_CALL, "scope_missing"),
        (REPORT_CALL, "report_not_allowed"),
    ],
)
def test_right_that_was_granted_and_is_refused(
    world: World, held, name: str, code: str
) -> None:
    """A report needs a role in the organisation as well."""
    world.xero.faults.append(ScopeMissing())
    answer = ask(world, held, name)
    assert (answer.status, answer.code) == (403, code)


@pytest.mark.parametrize("name", [PDF_CALL, REPORT_CALL])
def test_record_that_xero_does_not_know(world: World, held, name: str) -> None:
    world.xero.faults.append(Refused(404, ""))
    answer = ask(world, held, name)
    assert (answer.status, answer.code) == (404, "record_unknown")


# Access


def test_token_that_xero_rejects_is_refreshed_once(world: World, held) -> None:
    world.xero.expire_access()
    assert ask(world, held, PDF_CALL).status == 200
    assert world.xero.refreshes == 1
    world.xero.faults.extend([TokenRejected(), TokenRejected()])
    answer = ask(world, held, PDF_CALL)
    assert (answer.status, answer.code) == (409, "reconnect_needed")


def test_token_that_has_run_out_is_refreshed_before(world: World, held) -> None:
    world.clock.advance(minutes=29)
    assert ask(world, held, PDF_CALL).status == 200
    assert (world.xero.refreshes, len(world.xero.fetched)) == (1, 1)


@pytest.mark.parametrize(
    ("listed", "name", "status", "code"),
    [
        ([TUI], PDF_CALL, 409, "organisation_gone"),
        ([TUI], REPORT_CALL, 409, "organisation_gone"),
        ([TUI, KAURI], PDF_CALL, 409, "user_removed"),
        ([TUI, KAURI], REPORT_CALL, 403, "report_not_allowed"),
    ],
)
def test_xero_refuses_the_organisation(
    world: World, held, listed: list, name: str, status: int, code: str
) -> None:
    world.xero.tenants_of_user = listed
    world.xero.faults.append(OrganisationGone())
    answer = ask(world, held, name)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize("name", ALL_CALLS)
def test_connection_that_was_stopped_is_not_asked_about(
    world: World, held, name: str
) -> None:
    world.services.connections.stop(held, "organisation_gone")
    answer = ask(world, held, name)
    assert (answer.status, answer.code) == (409, "organisation_gone")
    assert world.xero.fetched == []


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        (PDF_CALL, "accounting.invoices.read"),
        (URL_CALL, "accounting.invoices.read"),
        (REPORT_CALL, "accounting.reports.aged.read"),
    ],
)
def test_right_that_was_not_granted_is_named_without_asking(
    world: World, name: str, scope: str
) -> None:
    others = {*SALES_SCOPES, *REPORT_SCOPES} - {scope}
    world.xero.scopes = (*ALL_SCOPES, *others)
    answer = ask(world, world.connect(), name)
    assert (answer.status, answer.code) == (403, "scope_missing")
    assert answer.json["missing"] == [scope]
    assert world.xero.fetched == []


@pytest.mark.parametrize("name", ALL_CALLS)
def test_connection_of_nobody(world: World, held, name: str) -> None:
    answer = ask(world, held, name, connection="00ff")
    assert (answer.status, answer.code) == (404, "not_found")
    assert world.xero.fetched == []


@pytest.mark.parametrize("name", ALL_CALLS)
@pytest.mark.parametrize(
    "record", ["INV-1", "0", RECORD[:-1], f"{RECORD}0", f"{RECORD}%2Fpdf", "..", "é"]
)
def test_ids_are_xeros(world: World, held, name: str, record: str) -> None:
    answer = ask(world, held, name, invoice=record, contact=record)
    assert (answer.status, answer.code) == (422, "request_invalid")
    assert world.xero.fetched == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"date": ""},
        {"date": "22/11/2026"},
        {"date": "2026-11-31"},
        {"date": "2026-11-02T10:00:00"},
        {"date": "1700000000"},
        {"date": "٢٠٢٦-١١-٠٢"},
    ],
)
def test_day_of_a_report_is_a_day(world: World, held, query: dict[str, str]) -> None:
    answer = ask(world, held, REPORT_CALL, query=query)
    assert (answer.status, answer.code) == (422, "request_invalid")
    assert world.xero.fetched == []


# Limits


@pytest.mark.parametrize("kind", ["minute", "appminute", "concurrent", ""])
def test_short_wait_is_waited_in_place(world: World, held, kind: str) -> None:
    began = world.clock.now()
    world.xero.faults.append(Throttled(kind, 3))
    assert ask(world, held, PDF_CALL).status == 200
    assert world.clock.now() - began == timedelta(seconds=3)


@pytest.mark.parametrize("name", ALL_CALLS)
def test_longer_wait_is_the_persons(world: World, held, name: str) -> None:
    began = world.clock.now()
    world.xero.faults.append(Throttled("minute", 39.2))
    answer = ask(world, held, name)
    assert (answer.status, answer.code) == (429, "throttled")
    assert answer.headers["Retry-After"] == "40"
    assert answer.json["retry_after"] == 40
    assert "40 seconds" in answer.json["detail"]
    assert world.clock.now() == began


def test_waits_together_stay_within_five_seconds(world: World, held) -> None:
    began = world.clock.now()
    world.xero.faults.extend([Throttled("concurrent", None)] * 9)
    assert ask(world, held, PDF_CALL).code == "throttled"
    assert world.clock.now() - began <= timedelta(seconds=5)


def test_calls_that_syncs_leave_over_are_for_documents(world: World, held) -> None:
    world.xero.day_remaining = 51
    world.run(held)
    assert world.sync(world.start(held)).code == "throttled_reserve"
    assert ask(world, held, PDF_CALL).status == 200
    left = world.ports.connections.budget(held.instance, held.id).day_remaining
    assert left == world.xero.day_remaining == 49


def test_day_that_is_used_up_is_told_to_syncs_and_not_asked_about_again(
    world: World, held
) -> None:
    world.xero.faults.append(Throttled("day", 7200))
    assert ask(world, held, PDF_CALL).json["retry_after"] == 7200
    assert world.run(held).code == "throttled_day"
    world.clock.advance(hours=1)
    answer = ask(world, held, URL_CALL)
    assert (answer.code, answer.json["retry_after"]) == ("throttled", 3600)
    assert (len(world.xero.fetched), world.xero.reads) == (1, [])
    world.clock.advance(hours=1, seconds=1)
    assert ask(world, held, URL_CALL).status == 200


# What is said of it


def test_neither_body_nor_address_nor_name_is_logged(world: World, held, log) -> None:
    for name in ALL_CALLS:
        ask(world, held, name)
    for fault in (Refused(404, ""), Throttled("minute", 60), Unavailable()):
        world.xero.faults.append(fault)
        ask(world, held, PDF_CALL)
    written = log.getvalue()
    assert "throttled" in written
    for secret in (ADDRESS, "PDF-1", KAURI.name, world.key, "ReportTitles", RECORD):
        assert secret not in written


def test_nothing_of_a_document_is_kept(world: World, held) -> None:
    for name in ALL_CALLS:
        ask(world, held, name)
    kept = repr([vars(world.ports.spool), vars(world.ports.connections)])
    assert RECORD not in kept and ADDRESS not in kept
    assert world.entries(held) == [] and world.queue == []
