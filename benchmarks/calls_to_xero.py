"""How often Xero is called, as Xero counts it, for organisations of several sizes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from benchmarks import simulator
from benchmarks.connector import Connector, in_memory
from benchmarks.figures import Figure, Result
from benchmarks.rounds import BenchmarkFailed
from benchmarks.settings import Settings
from lambda_connector.logic.model.sync import Sync

PAGE_SIZE = 1000
SPARE_CALLS = 2


def run(settings: Settings) -> Result:
    """:raises BenchmarkFailed: a sync ended badly, or without all contacts"""
    figures = [each for size in settings.contacts for each in _figures(size)]
    return Result("Calls to Xero, by the feature contacts", tuple(figures))


def _figures(contacts: int) -> Iterator[Figure]:
    """The first sync of an organisation, and one after which nothing had changed."""
    with simulator.running(f"--contacts={contacts}", "--invoices=0") as xero:
        connector = Connector.connect(xero, "contacts", in_memory())
        xero.calls()
        for what in ("first sync", "nothing changed"):
            sync = connector.sync("incremental", features=("contacts",))
            calls = sum(xero.calls().values())
            if what == "first sync":
                most = most_calls(step.records for step in sync.steps)
                _require_all(sync, contacts)
            else:
                most = len(sync.steps)
            words = f"{contacts:,} contacts, {what}"
            yield Figure(words, calls, "calls", at_most=most)


def most_calls(records: Iterable[int]) -> int:
    """The bar, for the numbers of records of all resources that were read."""
    return sum(math.ceil(count / PAGE_SIZE) for count in records) + SPARE_CALLS


def _require_all(sync: Sync, contacts: int) -> None:
    read = {step.resource: step.records for step in sync.steps}
    if read.get("contacts") != contacts:
        raise BenchmarkFailed(f"{contacts} contacts were to be read, not {read}")
