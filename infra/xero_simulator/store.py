"""What the simulated organisations hold."""

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, NamedTuple

from infra.xero_simulator.values import Record, member, milliseconds, rank

Said = Callable[[Record], Hashable]
"""What a record says, by which records are found."""
Watcher = Callable[[Record, bool], None]
"""Hears of a record that was changed, and whether it is a new one."""


class Row(NamedTuple):
    """A record with its `UpdatedDateUTC` in ms, read once."""

    record: Record
    updated: int


class Collection:
    """The records of one kind, by id, with the orders that lists are read in.

    `plural` is the kind's name in Xero's answers, `key` the field of its id;
    `version` grows with every change. A record is never changed in place but
    replaced, so that a reader may keep what it got without a lock. `watcher` hears of
    what is changed in a way that Xero tells apps of.
    """

    def __init__(self, plural: str, key: str, records: Iterable[Record] = ()) -> None:
        self.plural = plural
        self.key = key
        self.version = 0
        self.watcher: Watcher = _nobody
        self._lock = threading.RLock()
        self._rows: dict[str, Row] = {}
        self._orders: dict[tuple[str, bool], list[Row]] = {}
        self._indexes: dict[Said, dict[Hashable, dict[str, None]]] = {}
        self.fill(records)

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, record: Record) -> None:
        """Add a record, or replace the one that has its id."""
        row = Row(record, milliseconds(record.get("UpdatedDateUTC")))
        identifier = record[self.key].lower()
        with self._lock:
            self._unindex(identifier)
            self._rows[identifier] = row
            for said, index in self._indexes.items():
                index[said(record)][identifier] = None
            self._orders.clear()
            self.version += 1

    def change(self, record: Record) -> None:
        """Put a record and tell whoever watches."""
        created = self.get(record[self.key]) is None
        self.put(record)
        self.watcher(record, created)

    def fill(self, records: Iterable[Record]) -> None:
        for record in records:
            self.put(record)

    def remove(self, identifier: str) -> None:
        """Forget a record: what Xero does to items, which leave no trace."""
        with self._lock:
            self._unindex(identifier.lower())
            self._rows.pop(identifier.lower(), None)
            self._orders.clear()
            self.version += 1

    def get(self, identifier: str) -> Record | None:
        row = self._rows.get(identifier.lower())
        return row.record if row else None

    def records(self) -> list[Record]:
        """All records, in the order of arrival."""
        with self._lock:
            return [row.record for row in self._rows.values()]

    def find(self, matches: Callable[[Record], bool]) -> Record | None:
        """The first record that matches, in the order of arrival."""
        return next(filter(matches, self.records()), None)

    def saying(self, said: Said, value: Hashable) -> list[Record]:
        """The records of which `said` gives a value, those first that do so longest.

        It has to give the same for the same record at any time. The first question
        costs a look at all of them.
        """
        with self._lock:
            if said not in self._indexes:
                index = self._indexes[said] = defaultdict(dict)
                for identifier, row in self._rows.items():
                    index[said(row.record)][identifier] = None
            found = self._indexes[said].get(value, ())
            return [self._rows[identifier].record for identifier in found]

    def _unindex(self, identifier: str) -> None:
        row = self._rows.get(identifier)
        if row:
            for said, index in self._indexes.items():
                index[said(row.record)].pop(identifier, None)

    def ordered(self, by: str, descending: bool = False) -> list[Row]:
        """All rows by a field; rows that are equal in it by id."""
        with self._lock:
            order = self._orders.get((by, descending))
            if order is None:
                order = sorted(self._rows.values(), key=lambda r: r.record[self.key])
                order.sort(key=_reader(by), reverse=descending)
                self._orders[by, descending] = order
            return order


def _nobody(record: Record, created: bool) -> None:
    """Watches nothing."""


def _reader(field_name: str) -> Callable[[Row], Any]:
    if field_name == "UpdatedDateUTC":
        return lambda row: row.updated
    return lambda row: rank(member(row.record, field_name))


@dataclass
class Tenant:
    """An organisation (or an accountant's practice) that can be connected.

    `made_by` are the apps' client ids by the InvoiceID of what they made.

    `balanced_on` is the day (in ms) as of which the contacts' balances follow from
    the documents; None where they are values of their own. Whatever reads records in
    order to replace them holds `changing` meanwhile.
    """

    tenant_id: str
    name: str
    organisation: Record = field(default_factory=dict)
    contacts: Collection = field(
        default_factory=partial(Collection, "Contacts", "ContactID")
    )
    contact_groups: Collection = field(
        default_factory=partial(Collection, "ContactGroups", "ContactGroupID")
    )
    invoices: Collection = field(
        default_factory=partial(Collection, "Invoices", "InvoiceID")
    )
    items: Collection = field(default_factory=partial(Collection, "Items", "ItemID"))
    credit_notes: Collection = field(
        default_factory=partial(Collection, "CreditNotes", "CreditNoteID")
    )
    overpayments: Collection = field(
        default_factory=partial(Collection, "Overpayments", "OverpaymentID")
    )
    prepayments: Collection = field(
        default_factory=partial(Collection, "Prepayments", "PrepaymentID")
    )
    tenant_type: str = "ORGANISATION"
    made_by: dict[str, str] = field(default_factory=dict)
    balanced_on: int | None = None
    changing: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def credits(self) -> tuple[Collection, ...]:
        """What can be set off against invoices."""
        return self.credit_notes, self.overpayments, self.prepayments

    @property
    def collections(self) -> dict[str, Collection]:
        """Its collections by name, such as `contact_groups`."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {k: v for k, v in values.items() if isinstance(v, Collection)}


class Store:
    """All tenants, by id, in the order in which they were added."""

    def __init__(self, tenants: Iterable[Tenant] = ()) -> None:
        self.tenants = {tenant.tenant_id: tenant for tenant in tenants}

    def get(self, tenant_id: str | None) -> Tenant | None:
        return self.tenants.get((tenant_id or "").lower())
