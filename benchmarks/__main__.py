"""``make bench``: every benchmark, a table, and the same as JSON.

``BENCH=calls_to_xero`` (or several with commas) runs a part. A bar that is missed is
said, and no error: a machine's load must not break a build.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks import (
    aws_cost,
    calls_to_xero,
    contacts_import,
    invoice_pages,
    invoices_mirror,
    matching,
    webhooks,
)
from benchmarks.figures import Result, table
from benchmarks.rounds import BenchmarkFailed
from benchmarks.settings import Settings, read_settings
from infra.host.errors import HostError
from infra.host.places import PROJECT, host_folder

BENCHES: dict[str, Callable[[Settings], Result]] = {
    "invoice_pages": invoice_pages.run,
    "aws_cost": aws_cost.run,
    "calls_to_xero": calls_to_xero.run,
    "contacts_import": contacts_import.run,
    "invoices_mirror": invoices_mirror.run,
    "matching": matching.run,
    "webhooks": webhooks.run,
}


def main() -> int:
    """Run what ``BENCH`` names, or all.

    :return: 0 when all could be measured, whatever was found; 1 when one could not;
        2 when the machine lacks something or a setting is wrong
    """
    try:
        settings = read_settings()
        wanted = chosen(os.environ.get("BENCH", ""))
        results, failed = _measure(wanted, settings)
    except (HostError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if results:
        print(table(results))
        _keep(results)
    return 1 if failed else 0


def chosen(text: str) -> list[str]:
    """The benchmarks that ``BENCH`` names, in their own order.

    :raises ValueError: there is no such benchmark
    """
    names = {name.strip() for name in text.split(",") if name.strip()}
    if unknown := names - BENCHES.keys():
        raise ValueError(
            f"No such benchmark: {', '.join(sorted(unknown))}; "
            f"there are {', '.join(BENCHES)}"
        )
    return [name for name in BENCHES if not names or name in names]


def _measure(
    wanted: Sequence[str], settings: Settings
) -> tuple[list[Result], list[str]]:
    results, failed = [], []
    for name in wanted:
        began = time.monotonic()
        print(f"bench: {name} …", flush=True)
        try:
            results.append(BENCHES[name](settings))
        except BenchmarkFailed as error:
            print(f"bench: {name} could not be measured: {error}", file=sys.stderr)
            failed.append(name)
        print(f"bench: {name}: {time.monotonic() - began:.0f} s", flush=True)
    return results, failed


def _keep(results: Sequence[Result]) -> None:
    path = host_folder() / "bench.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "results": [result.as_json() for result in results],
    }
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    print(f"as JSON: {path}")


if __name__ == "__main__":
    os.chdir(PROJECT)
    sys.exit(main())
