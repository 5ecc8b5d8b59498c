"""`/Reports/AgedReceivablesByContact`: what a customer owes, invoice by invoice.

Amounts are in the base currency, as the contact's balances are. Source:
developer.xero.com/documentation/api/accounting/reports and the example of the answer
in Xero's OpenAPI description.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from infra.xero_simulator import refusals
from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.refusals import ApiRefused
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.statement import Entry, statement
from infra.xero_simulator.values import DAY, ZERO, Record, day_of
from infra.xero_simulator.zones import today

READ = ("accounting.reports.aged.read",)

_HEADER = ("Date", "Number", "Due Date", "", "Total", "Paid", "Credited", "Due")


@dataclass(frozen=True)
class Period:
    """Days in ms: payments count up to `date`, documents from `first` to `last`."""

    date: int
    first: int
    last: int
    today: int


def get_report(exchange: Exchange) -> Response:
    contact_id = exchange.request.args.get("contactId")
    if not contact_id:
        raise ApiRefused(10, "ValidationException", "contactId is required")
    contact = exchange.tenant.contacts.get(contact_id)
    if contact is None:
        return refusals.not_found()
    now = today(exchange.tenant, exchange.simulator.clock)
    date = _asked(exchange, "date", _end_of_month(now))
    entries = statement(exchange.tenant, contact["ContactID"], date)
    first = min((entry.day for entry in entries), default=date)
    period = Period(
        date=date,
        first=_asked(exchange, "fromDate", first),
        last=_asked(exchange, "toDate", date),
        today=now,
    )
    updated = f"/Date({exchange.simulator.clock.milliseconds()})/"
    report = _report(contact.get("Name") or "", entries, period)
    return answer(exchange, "Reports", [report | {"UpdatedDateUTC": updated}])


def _report(name: str, entries: Sequence[Entry], period: Period) -> Record:
    shown = [e for e in entries if period.first <= e.day <= period.last]
    opening = sum((e.due for e in entries if e.day < period.first), ZERO)
    return {
        "ReportName": "Aged Receivables By Contact",
        "ReportType": "AgedReceivablesByContact",
        "ReportTitles": [
            "Invoices",
            name,
            f"From {_in_words(period.first)} to {_in_words(period.last)}",
            f"Showing payments to {_in_words(period.date)}",
        ],
        "ReportDate": _in_words(period.today),
        "Fields": [],
        "Rows": [
            {"RowType": "Header", "Cells": _cells(_HEADER)},
            _section([_opening(period.first, opening)]),
            _section([*(_row(each, period) for each in shown), _sums("Total", shown)]),
            _section([_sums("Closing Balance", shown, opening)]),
        ],
    }


def _section(rows: Sequence[Record]) -> Record:
    return {"RowType": "Section", "Title": "", "Rows": list(rows)}


def _opening(day: int, due: Decimal) -> Record:
    values = (_iso(day), "Opening Balance", "", "", "", "", "", f"{due:.2f}")
    return {"RowType": "Row", "Cells": _cells(values)}


def _row(entry: Entry, period: Period) -> Record:
    late = (min(period.date, period.today) - entry.due_day) // DAY
    values = (
        _iso(entry.day),
        entry.number,
        _iso(entry.due_day),
        f"{late} days overdue" if late > 0 and entry.due > 0 else "",
        *(f"{each:.2f}" for each in _amounts(entry)),
    )
    return {"RowType": "Row", "Cells": _cells(values, entry.identifier)}


def _sums(title: str, entries: Sequence[Entry], opening: Decimal = ZERO) -> Record:
    columns = zip(*map(_amounts, entries), strict=True) if entries else [()] * 4
    *sums, due = (sum(column, ZERO) for column in columns)
    values = (title, "", "", "", *(f"{each:.2f}" for each in (*sums, due + opening)))
    return {"RowType": "SummaryRow", "Cells": _cells(values)}


def _amounts(entry: Entry) -> tuple[Decimal, ...]:
    return entry.total, entry.paid, entry.credited, entry.due


def _cells(values: Iterable[str], invoice_id: str | None = None) -> list[Record]:
    """Cells; those of a document lead to it. Credits are invoices in this, as they
    are where Xero shows their payments."""
    if invoice_id is None:
        return [{"Value": value} for value in values]
    attributes = [{"Value": invoice_id, "Id": "invoiceID"}]
    return [{"Value": value, "Attributes": attributes} for value in values]


def _asked(exchange: Exchange, name: str, default: int) -> int:
    value = exchange.request.args.get(name)
    if value is None:
        return default
    found = day_of(value)
    if found is None:
        raise ApiRefused(10, "ValidationException", f"{name} is no date: {value}")
    return found


def _end_of_month(day: int) -> int:
    start = _moment(day).replace(day=1)
    following = (start + timedelta(days=31)).replace(day=1)
    return int(following.timestamp()) * 1000 - DAY


def _moment(day: int) -> Any:
    return datetime.fromtimestamp(day // 1000, UTC)


def _iso(day: int) -> str:
    return f"{_moment(day):%Y-%m-%dT00:00:00}"


def _in_words(day: int) -> str:
    return f"{_moment(day):%-d %B %Y}"


ROUTES = [
    Route("GET", "/api.xro/2.0/Reports/AgedReceivablesByContact", get_report, READ)
]
