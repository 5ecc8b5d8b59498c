"""Draft invoices, made in Xero one at a time.

One is found again by its Reference, which is ours and says for what it was made.
"""

from __future__ import annotations

from dataclasses import dataclass

from .model.write import CREATED, FOUND, Written
from .records import Record
from .resources import FEATURES, RESOURCES
from .single_calls import SingleCalls
from .writes import Attempt, Writes, digest

WRITE = FEATURES["invoices_write"].scopes
INVOICES = RESOURCES["invoices"]
_DRAFT = {"Type": "ACCREC", "Status": "DRAFT"}
_PRECISE = {"unitdp": "4"}
_GONE = ("DELETED", "VOIDED")


@dataclass(frozen=True)
class Invoices:
    calls: SingleCalls
    writes: Writes

    def create(
        self,
        instance: str,
        connection: str,
        key: str,
        invoice: Record,
        automatic: bool,
    ) -> Written:
        """Make a draft of a sales invoice, for a contact that is named by its id."""

        def act(attempt: Attempt) -> Written:
            there = None if attempt.is_first else _by_reference(attempt, invoice)
            if there:
                return attempt.done(FOUND, there)
            made = attempt.write(
                "PUT", INVOICES.path, {**invoice, **_DRAFT}, **_PRECISE
            )
            return attempt.done(CREATED, made)

        held = self.calls.admit(instance, connection, WRITE)
        self.calls.hold(held, automatic)
        request = digest("invoice", invoice)
        return self.writes.once(held, WRITE, INVOICES, key, request, act)


def _by_reference(attempt: Attempt, invoice: Record) -> Record | None:
    """The invoice with this reference, which is ours alone: also one whose contact was
    merged into another since. Where there are several, one that was not deleted."""
    reference = invoice["Reference"]
    rows = attempt.read(
        INVOICES.path,
        where=f'Type=="ACCREC" AND Reference=="{reference}"',
        page="1",
        pageSize="100",
        **_PRECISE,
    )
    own = [row for row in rows if row.get("Reference") == reference]
    own.sort(key=lambda row: row.get("Status") in _GONE)
    return own[0] if own else None
