"""What the simulated organisations hold."""

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Record = dict[str, Any]

_DATE = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")


def milliseconds(value: Any) -> int:
    """The instant of Xero's `/Date(ms+zone)/`; 0 for anything else.

    The zone is a display offset only: the number is UTC in any case.
    """
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    return int(found.group(1)) if found else 0


def xero_date(instant: int) -> str:
    """`/Date(ms+0000)/`, as Xero writes a record's time."""
    return f"/Date({instant}+0000)/"


class Row(NamedTuple):
    """A record with its `UpdatedDateUTC` in ms, read once."""

    record: Record
    updated: int


class Collection:
    """The records of one kind, by id, with the orders that lists are read in.

    A record is never changed in place but replaced, so that a reader may keep
    what it got without a lock.
    """

    def __init__(self, key: str, records: Iterable[Record] = ()) -> None:
        self.key = key
        self._lock = threading.RLock()
        self._rows: dict[str, Row] = {}
        self._orders: dict[tuple[str, bool], list[Row]] = {}
        for record in records:
            self.put(record)

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, record: Record) -> None:
        """Add a record, or replace the one that has its id."""
        row = Row(record, milliseconds(record.get("UpdatedDateUTC")))
        with self._lock:
            self._rows[record[self.key].lower()] = row
            self._orders.clear()

    def get(self, identifier: str) -> Record | None:
        row = self._rows.get(identifier.lower())
        return row.record if row else None

    def find(self, matches: Callable[[Record], bool]) -> Record | None:
        """The first record that matches, in the order of arrival."""
        with self._lock:
            rows = list(self._rows.values())
        return next((row.record for row in rows if matches(row.record)), None)

    def ordered(self, by: str, descending: bool = False) -> list[Row]:
        """All rows by a field; rows that are equal in it by id."""
        with self._lock:
            order = self._orders.get((by, descending))
            if order is None:
                order = sorted(self._rows.values(), key=lambda r: r.record[self.key])
                order.sort(key=_reader(by), reverse=descending)
                self._orders[by, descending] = order
            return order


def _reader(field_name: str) -> Callable[[Row], Any]:
    if field_name == "UpdatedDateUTC":
        return lambda row: row.updated
    return lambda row: str(row.record.get(field_name) or "").casefold()


@dataclass
class Tenant:
    """An organisation (or an accountant's practice) that can be connected."""

    tenant_id: str
    name: str
    organisation: Record = field(default_factory=dict)
    contacts: Collection = field(default_factory=lambda: Collection("ContactID"))
    tenant_type: str = "ORGANISATION"


class Store:
    """All tenants, by id, in the order in which they were added."""

    def __init__(self, tenants: Iterable[Tenant] = ()) -> None:
        self.tenants = {tenant.tenant_id: tenant for tenant in tenants}

    def get(self, tenant_id: str | None) -> Tenant | None:
        return self.tenants.get((tenant_id or "").lower())
