"""docs/faults.md: what comes of each fault, as it was seen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .enumeration import Result, Seen
from .kinds import KINDS

PAGE = Path(__file__).parents[4] / "docs" / "faults.md"
COMMAND = "python -m tests.integration.connector.faults --write"
_HEAD = f"""\
# What happens when …

… a call of the connector fails? The connector calls DynamoDB, S3, SQS, KMS and Xero. In
the tests each of these calls, in each step of a connection's life, meets each of the
faults below, one at a time, and the world around it goes on as the real one does: Odoo
asks again what was not answered, SQS delivers again what was not finished, the janitor
comes every minute. This page is what the tests saw; they fail when it is no longer
true. It is written by `{COMMAND}`.

Whatever the fault, this holds when it is over, and the tests check it each time:

- The feed holds each page once and in order, and one end of each sync; what Odoo
  fetched is what Xero shows.
- Nothing is half written: no sync is left alive without an end, no pointer leads to
  nothing, no lease on a token is left behind.
- The connection works: the next sync brings what changed.
- Each contact and each invoice that Odoo has made is in Xero once, and Odoo was told
  which one it is.
- No message is in the dead letter queue.
- No token, key, name or address is in a log line or in the text of an exception.

A function that is *killed* has reached its time-out (the API 28 s, the worker 120 s,
the janitor 50 s, the one that takes webhooks 4 s, the one that marks what they tell
30 s) or its machine is gone.

What a call is about stands behind its name, by the rows of the table: `KEY` the
instance key, `INSTANCE` the Odoo, `APP` its Xero app, `AUTH` a consent, `TOKEN` the
tokens of a Xero user, `CONN` a connection, `ORG` who holds an organisation, `LIVE` the
sync that runs, `SYNC` and `LOG` a sync and its log, `FEED` the feed, `WATERMARKS` from
where the next sync reads, `BUDGET` what is left of Xero's limits, `WRITE` what is
known of a write to Xero, `HOOK` an address for webhooks, `HEARD` when Xero posted
there, `DIRTY` what it told to have changed, `due` the janitor's list. A consent's code
is good for once at Xero: where it was used and its answer is lost, `code_refused` asks
the person to connect again.

## The faults

"""
_QUIETLY = "nobody notices"


def text(seen: Seen) -> str:
    """The page. A place that several calls come from is told of by its first."""
    first: dict[tuple, Result] = {}
    for one in sorted(seen.results, key=lambda one: one.call.number):
        first.setdefault((*one.call.site, one.kind), one)
    return _HEAD + _kinds() + "".join(_steps(list(first.values()))).rstrip() + "\n"


def _kinds() -> str:
    """What the faults are called below."""
    services = {"aws": "DynamoDB, S3, SQS, KMS", "xero": "Xero", "all": "Each of them"}
    lines = []
    for of, service in services.items():
        lines += [f"| {service} … | called |\n", "|---|---|\n"]
        lines += [f"| {k.says} | {called(k.name)} |\n" for k in KINDS if k.of == of]
        lines.append("\n")
    return "".join(lines)


def _steps(results: list[Result]) -> Iterable[str]:
    for step in dict.fromkeys(one.call.step for one in results):
        of_step = [one for one in results if one.call.step == step]
        function = of_step[0].call.function
        yield f"## {step[0].upper()}{step[1:]} ({function})\n\n"
        yield "| call | fault | what comes of it |\n|---|---|---|\n"
        yield from _rows(of_step)
        yield "\n"


def _rows(results: list[Result]) -> Iterable[str]:
    """One row for those that came to the same."""
    by_call: dict[str, dict[str, list[str]]] = {}
    for one in results:
        came = by_call.setdefault(one.call.name, {})
        came.setdefault(outcome(one), []).append(called(one.kind))
    alike: dict[tuple, list[str]] = {}
    for name, came in by_call.items():
        key = tuple((then, tuple(faults)) for then, faults in came.items())
        alike.setdefault(key, []).append(name)
    for key, names in alike.items():
        calls = ", ".join(f"`{name}`" for name in names)
        for then, faults in key:
            yield f"| {calls} | {', '.join(faults)} | {then} |\n"
            calls = ""


def called(kind: str) -> str:
    return kind.replace("_", " ")


def outcome(result: Result) -> str:
    if result.broken:
        return "**a promise is broken**"
    return "; ".join(result.notes) or _QUIETLY
