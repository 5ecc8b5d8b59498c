"""Items, sales documents and single documents: the deployed functions against the Xero
simulator over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lambda_connector.logic.resources import FEATURES, RESOURCES

from .deployed import Deployed, SimulatedXero, deployed_for, simulated_xero

CONTACTS = 40
DAY = "2026-11-02"
PDF, URL, REPORT = "pdf", "online-url", "aged-receivables"
ALL = (PDF, URL, REPORT)


@pytest.fixture(scope="module")
def xero() -> Iterator[SimulatedXero]:
    with simulated_xero(CONTACTS) as xero:
        yield xero


@pytest.fixture(scope="module")
def running(xero: SimulatedXero) -> Iterator[Deployed]:
    with deployed_for(xero, xero_timeout_seconds=3) as running:
        yield running


@pytest.fixture(scope="module")
def begun(running: Deployed) -> dict[str, Any]:
    """One consent to everything for all of these tests."""
    running.begin()
    return running.connect(*FEATURES)


@pytest.fixture
def held(begun: dict[str, Any], xero: SimulatedXero) -> dict[str, Any]:
    xero.simulator.faults.clear()
    return begun


def sale(xero: SimulatedXero, *statuses: str) -> dict[str, Any]:
    """A sales invoice in one of these states."""
    return next(
        record
        for record in xero.first.invoices.records()
        if record["Type"] == "ACCREC" and record["Status"] in statuses
    )


def ask(
    running: Deployed,
    held: dict[str, Any],
    what: str,
    invoice: dict[str, Any],
    **query: str,
) -> Any:
    at = f"/v1/connections/{held['id']}"
    if what == REPORT:
        contact = invoice["Contact"]["ContactID"]
        path = f"{at}/contacts/{contact}/{what}"
        return running("GET", path, **{"date": DAY, **query})
    return running("GET", f"{at}/invoices/{invoice['InvoiceID']}/{what}")


def test_every_resource_reaches_the_feed_as_xero_has_it(running, held, xero) -> None:
    done = running.run(held, resources=list(RESOURCES), mode="full")
    assert (done["state"], done["calls"]) == ("done", len(RESOURCES))
    held_by_xero = xero.first.collections
    for name in ("items", "credit_notes", "overpayments", "prepayments"):
        collection = held_by_xero[name]
        came = running.records(held, resource=name)
        ids = {record[collection.key] for record in came}
        assert len(came) == len(ids) == len(collection) > 0, name
    sales = running.records(held, resource="invoices")
    assert {record["Type"] for record in sales} == {"ACCREC"}
    assert all(record["LineItems"] for record in sales)


def test_documents_as_xero_has_them(running, held, xero) -> None:
    invoice = sale(xero, "AUTHORISED")
    pdf = ask(running, held, PDF, invoice)
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert f"Invoice {invoice['InvoiceNumber']}".encode() in pdf.body
    assert ask(running, held, URL, invoice).json["url"].startswith("https://in.xero")
    (report,) = ask(running, held, REPORT, invoice).json["Reports"]
    assert report["ReportTitles"][-1] == "Showing payments to 2 November 2026"


def test_draft_is_a_pdf_and_not_online(running, held, xero) -> None:
    draft = sale(xero, "DRAFT")
    assert ask(running, held, PDF, draft).status == 200
    assert ask(running, held, URL, draft).json == {"url": None}


def test_what_xero_does_not_know(running, held) -> None:
    nobody = {"ContactID": held["organisation"]["id"]}
    invoice = {"InvoiceID": held["organisation"]["id"], "Contact": nobody}
    assert ask(running, held, PDF, invoice).code == "record_unknown"
    assert ask(running, held, REPORT, invoice).code == "record_unknown"
    assert ask(running, held, URL, invoice).json == {"url": None}


@pytest.mark.parametrize(
    ("kind", "more", "status", "code"),
    [
        ("unavailable_html", {}, 502, "xero_unavailable"),
        ("unavailable_text", {}, 502, "xero_unavailable"),
        ("offline", {}, 502, "xero_unavailable"),
        ("error_500", {}, 502, "xero_unavailable"),
        ("reset", {}, 502, "xero_unavailable"),
        ("truncated_body", {}, 502, "xero_unavailable"),
        ("slow", {"seconds": 5}, 502, "xero_unavailable"),
        ("rate_limited", {"retry_after": 40}, 429, "throttled"),
    ],
)
@pytest.mark.parametrize("what", ALL)
def test_trouble_at_xero_is_told_to_the_person(
    running, held, xero, what: str, kind: str, more: dict, status: int, code: str
) -> None:
    xero.fault(kind, path="/api.xro/2.0/", **more)
    answer = ask(running, held, what, sale(xero, "PAID"))
    assert (answer.status, answer.code) == (status, code)
    assert ask(running, held, what, sale(xero, "PAID")).status == 200


@pytest.mark.parametrize("what", ALL)
def test_short_limit_is_waited_out(running, held, xero, what: str) -> None:
    xero.fault("rate_limited", path="/api.xro/2.0/", retry_after=1)
    assert ask(running, held, what, sale(xero, "PAID")).status == 200


def test_expired_token_is_refreshed_meanwhile(running, held, xero) -> None:
    xero.fault("token_expired", path="/api.xro/2.0/")
    before = xero.calls("/connect/token", "POST")
    assert ask(running, held, PDF, sale(xero, "PAID")).status == 200
    assert xero.calls("/connect/token", "POST") == before + 1


@pytest.mark.parametrize(
    ("what", "code"), [(PDF, "user_removed"), (REPORT, "report_not_allowed")]
)
def test_refused_access_stops_nothing_by_itself(
    running, held, xero, what: str, code: str
) -> None:
    xero.fault("tenant_refused", path="/api.xro/2.0/")
    assert ask(running, held, what, sale(xero, "PAID")).code == code
    assert running.state(held) == ("connected", None)


def test_consent_without_the_report_says_which_right_is_missing(running, xero) -> None:
    running.begin()
    held = running.connect("contacts", "sales")
    assert held["features"] == ["contacts", "items", "sales"]
    answer = ask(running, held, REPORT, sale(xero, "PAID"))
    assert (answer.status, answer.code) == (403, "scope_missing")
    assert answer.json["missing"] == ["accounting.reports.aged.read"]


def test_a_call_is_counted_and_nothing_of_the_document_logged(
    running, xero, log, capsys
) -> None:
    running.begin()
    held, invoice = running.connect(*FEATURES), sale(xero, "PAID")
    capsys.readouterr()
    for what, metric in zip(
        ALL, ("InvoicePdf", "OnlineUrl", "AgedReceivables"), strict=True
    ):
        assert ask(running, held, what, invoice).status == 200
        assert f'"{metric}"' in capsys.readouterr().out
    ask(running, held, PDF, {"InvoiceID": held["organisation"]["id"]})
    logged = log.getvalue()
    assert "record_unknown" in logged
    for text in (
        invoice["InvoiceNumber"],
        invoice["InvoiceID"],
        invoice["Contact"]["Name"],
        "in.xero.com",
        "%PDF",
        running.key,
        "eyJ",
    ):
        assert text not in logged
