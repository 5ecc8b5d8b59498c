"""What holds when the trouble is over, whatever it was."""

from __future__ import annotations

from typing import Any

from lambda_connector.logic.model.feed import PART, SYNC_FINISHED
from lambda_connector.logic.resources import RESOURCES

from .life import WEBHOOK_KEY, Life

Rows = dict[tuple[str, str], dict[str, Any]]


def check(life: Life, logged: str) -> None:
    """Raise AssertionError with the promise that was broken."""
    rows = life.stage.rows()
    _queues_are_empty(life)
    _rows_are_whole(rows)
    _nothing_secret_was_said(life, logged)
    if life.disconnected:
        _nothing_is_left(life, rows)
        return
    _feed_is_in_order(life, rows)
    _what_was_written_is_there_once(life)
    _records_are_the_truth(life)
    _connection_is_well(life, rows)


def _queues_are_empty(life: Life) -> None:
    assert not life.stage.dead_letters, "a message is in the dead letter queue"
    assert not life.stage.messages, "a message was left in a queue"


def _rows_are_whole(rows: Rows) -> None:
    """Nothing half written: each pointer leads somewhere, each count is right."""
    for (pk, sk), row in rows.items():
        assert sk != "LIVE", "a sync that ended is still the live one"
        if sk.startswith("SYNC#"):
            assert row["state"] in ("done", "failed", "cancelled"), row["state"]
            assert "due_pk" not in row, "a sync that ended is still due"
            log = _numbers(rows, pk, f"LOG#{row['id']}#")
            assert log == list(range(1, int(row["log_head"]) + 1)), "log with gaps"
        if sk == "DIRTY":
            assert not row["marks"] and "due_pk" not in row, "a change was not read"
        if sk == "FEED":
            entries = _numbers(rows, pk, "FEED#")
            assert entries == list(range(1, int(row["head"]) + 1)), "feed with gaps"
            assert row["floor"] <= row["head"] and row["acknowledged"] <= row["head"]
        if sk.startswith("ORG#"):
            holder = rows.get((pk, f"CONN#{row['holder']}"))
            assert holder and holder["state"] != "disconnected", "an organisation stuck"
        if sk.startswith(("TOKEN#", "WRITE#")):
            assert not row.get("leased_until"), "a lease was left behind"
        if sk.startswith("WRITE#"):
            assert not row["is_open"], "nobody knows what came of a write"


def _numbers(rows: Rows, pk: str, begin: str) -> list[int]:
    found = (sk for row_pk, sk in rows if row_pk == pk and sk.startswith(begin))
    return sorted(int(sk.rpartition("#")[2]) for sk in found)


def _feed_is_in_order(life: Life, rows: Rows) -> None:
    """Each page that the sync read, once and in order, then one end of it."""
    syncs = {row["id"]: row for (_, sk), row in rows.items() if sk.startswith("SYNC#")}
    entries = life.books.entries
    ends = [entry["sync"] for entry in entries if entry["kind"] == SYNC_FINISHED]
    assert len(ends) == len(set(ends)), "a sync ended twice"
    for sync in ends:
        of_sync = [entry for entry in entries if entry["sync"] == sync]
        assert of_sync[-1]["kind"] == SYNC_FINISHED, "a part after the end"
        for step in syncs[sync]["steps"]:
            name = step["resource"]
            pages = [e["page"] for e in of_sync if e.get("resource") == name]
            assert pages == list(range(1, int(step["pages"]) + 1)), (name, pages)
    order = [entry["sync"] for entry in entries]
    assert list(dict.fromkeys(order)) == ends, "syncs are mixed, or one has no end"


def _what_was_written_is_there_once(life: Life) -> None:
    """Neither two of it, nor one that Odoo was not told of."""
    for name, record_id in (("contacts", "ContactID"), ("invoices", "InvoiceID")):
        there: dict[str, list[str]] = {}
        for record in life.stage.truth(RESOURCES[name]):
            own = record.get("Reference") or record.get("ContactNumber") or ""
            if own.startswith("ODOO-"):
                there.setdefault(own, []).append(record[record_id])
        told = {
            own: [record[record_id]]
            for own, record in life.books.written.items()
            if record_id in record
        }
        assert there == told, (name, there, told)


def _records_are_the_truth(life: Life) -> None:
    """What Odoo holds is what Xero shows, and a full read has each record once."""
    read = {entry["resource"] for entry in life.books.entries if "resource" in entry}
    assert "contacts" in read
    for resource in (RESOURCES[name] for name in read):
        truth = life.stage.truth(resource)
        answers = life.books.written.values()
        held = {one.get(resource.record_id): one for one in answers}
        held.pop(None, None)
        for entry in life.books.entries:
            if entry["kind"] == PART and entry["resource"] == resource.name:
                for record in life.books.records[entry["n"]]:
                    held[record[resource.record_id]] = record
        ids = {record[resource.record_id] for record in truth}
        missing, more = ids - held.keys(), held.keys() - ids
        assert not missing and not more, (resource.name, len(missing), len(more))
        for record in truth:
            mine = held[record[resource.record_id]]
            changed = record.get("UpdatedDateUTC"), record.get("Name")
            assert (mine.get("UpdatedDateUTC"), mine.get("Name")) == changed
        _full_reads_hold_each_once(life, resource.name, resource.record_id)


def _full_reads_hold_each_once(life: Life, name: str, record_id: str) -> None:
    of: dict[str, list[str]] = {}
    for entry in life.books.entries:
        if entry["kind"] == PART and entry["resource"] == name:
            ids = [one[record_id] for one in life.books.records[entry["n"]]]
            of.setdefault(entry["sync"], []).extend(ids)
    for sync, ids in of.items():
        assert len(ids) == len(set(ids)), f"a record of {name} twice in {sync}"


def _connection_is_well(life: Life, rows: Rows) -> None:
    held = life._connection_now()
    assert held["state"] == "connected", held["state_code"]
    assert held["budget"]["day_remaining"] is not None, "no budget"
    assert held["feed"]["head"] == held["feed"]["acknowledged"] == life.books.n
    (marks,) = [row["marks"] for (_, sk), row in rows.items() if sk == "WATERMARKS"]
    assert "contacts" in marks, "a watermark is missing"


def _nothing_is_left(life: Life, rows: Rows) -> None:
    """Disconnected: at Xero too, its tokens forgotten, its app forgotten."""
    kept = life.stage.connections_at_xero() and not life.denied
    assert not kept, "Xero still has the connection"
    for kind in ("TOKEN#", "ORG#", "APP", "HOOK", "HEARD"):
        assert not [sk for _, sk in rows if sk.startswith(kind)], f"{kind} is left"
    codes = [r for (_, sk), r in rows.items() if sk.startswith("AUTH#")]
    assert not [row for row in codes if row.get("code")], "a code was kept"


def _nothing_secret_was_said(life: Life, logged: str) -> None:
    """Neither in a log line nor in the text of an exception."""
    said = "\n".join([logged, *life.troubles])
    secrets = {
        "client secret": life.stage.app["client_secret"],
        "instance key": life.stage.key,
        "webhooks key": WEBHOOK_KEY,
        "access token": "eyJ",
        "organisation": life.stage.tenant.name,
    }
    tokens = life.stage.simulator.tokens
    secrets |= {f"refresh token {n}": one for n, one in enumerate(tokens._refresh)}
    for row in life.stage.tenant.contacts.ordered("ContactID"):
        secrets |= {
            f"contact's {name}": str(value)
            for name, value in row.record.items()
            if name in ("Name", "EmailAddress") and value
        }
    for what, text in secrets.items():
        assert text not in said, f"{what} was said"
