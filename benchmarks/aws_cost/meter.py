"""Counts what is asked of AWS, call by call, beneath the connector's own clients."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

from benchmarks.aws_cost import dynamodb_units as units

_WRITES = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}
SQS_BYTES = 65_536
"""What counts as one request: larger ones count as several."""


@dataclass
class Used:
    """What one operation used. Bytes are those of bodies and log lines."""

    calls: Counter[str] = field(default_factory=Counter)
    """By service and operation, as `dynamodb.GetItem`."""
    invocations: Counter[str] = field(default_factory=Counter)
    """Of functions, by name."""
    read_units: float = 0.0
    write_units: float = 0.0
    index_units: float = 0.0
    stored_bytes: int = 0
    """Put into the spool."""
    sent_bytes: int = 0
    """Answered to Odoo."""
    log_bytes: int = 0
    metrics: set[str] = field(default_factory=set)
    """Custom metrics, each by its function."""


class Meter:
    """While it runs, every call of every client is counted into `used`."""

    def __init__(self) -> None:
        self.used = Used()
        self._call: Callable[..., Any] = BaseClient._make_api_call

    @contextmanager
    def running(self) -> Iterator[Meter]:
        self._call = call = BaseClient._make_api_call

        def counted(client: BaseClient, operation: str, asked: dict[str, Any]) -> Any:
            service = client.meta.service_model.service_name
            self.used.calls[f"{service}.{operation}"] += 1
            if service == "dynamodb":
                return self._dynamodb(client, operation, asked)
            if operation == "PutObject":
                # botocore puts a stream in its place.
                self.used.stored_bytes += len(asked["Body"])
            return call(client, operation, asked)

        with patch.object(BaseClient, "_make_api_call", counted):
            yield self

    def taken(self) -> Used:
        """What was used since the last time."""
        used, self.used = self.used, Used()
        return used

    @contextmanager
    def invocation(self, function: str) -> Iterator[None]:
        """One run of that function: it is counted, and so is what it writes out."""
        self.used.invocations[function] += 1
        lines = StringIO()
        with redirect_stdout(lines):
            yield
        self.used.log_bytes += len(lines.getvalue().encode())
        for line in lines.getvalue().splitlines():
            said = json.loads(line)
            for told in said.get("_aws", {}).get("CloudWatchMetrics", ()):
                names = (metric["Name"] for metric in told["Metrics"])
                self.used.metrics |= {f"{function} {name}" for name in names}

    def _dynamodb(
        self, client: BaseClient, operation: str, asked: dict[str, Any]
    ) -> Any:
        if operation in ("GetItem", "Query"):
            answer = self._call(client, operation, asked)
            found = answer.get("Items", [answer.get("Item", {})])
            consistent = asked.get("ConsistentRead", False)
            self.used.read_units += units.read_units(found, consistent)
            return answer
        writes = asked.get("TransactItems") or [{_WRITES[operation]: asked}]
        rows = [_row(one) for write in writes for one in write.values()]
        before = [self._read(client, row) for row in rows]
        try:
            return self._call(client, operation, asked)
        finally:
            # One whose condition does not hold is charged, too.
            for row, held in zip(rows, before, strict=True):
                self._count(held, self._read(client, row), "TransactItems" in asked)

    def _count(self, before: Any, after: Any, in_transaction: bool) -> None:
        self.used.write_units += units.write_units(before, after, in_transaction)
        self.used.index_units += units.index_units(before, after)

    def _read(self, client: BaseClient, row: dict[str, Any]) -> Any:
        return self._call(client, "GetItem", row).get("Item")


def _row(write: Mapping[str, Any]) -> dict[str, Any]:
    key = write.get("Key") or {name: write["Item"][name] for name in ("pk", "sk")}
    return {"TableName": write["TableName"], "Key": key}
