"""What every measured program does around its own work."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

PAGE_SIZE = 1000
PARAMETERS = {
    "where": 'Type=="ACCREC"',
    "unitdp": "4",
    "includeArchived": "true",
}
"""What all readers ask for, because the connector does."""


@dataclass(frozen=True)
class Job:
    """Pages 1 to `pages` of the tenant's sales invoices, at the simulator."""

    address: str
    token: str
    tenant: str
    pages: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "xero-tenant-id": self.tenant,
            "Accept": "application/json",
        }


def job() -> Job:
    """What this program was started for."""
    return Job(**json.loads(sys.argv[-1]))


def report(warm_up: Callable[[], object], read: Callable[[], int]) -> None:
    """Warm up, then read, and print what that took.

    :param warm_up: reads one page, so that modules, connection and the simulator's
        own memory of the data are there for everybody
    :param read: gives the number of records that it read
    """
    warm_up()
    began, cpu = time.perf_counter(), time.process_time()
    records = read()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    found = {"seconds": seconds, "cpu": cpu, "records": records, "peak_mb": peak}
    print(json.dumps(found), flush=True)
