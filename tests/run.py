"""``make test``: every suite, its counts, and one line that says how it went.

``SUITE=unit`` (or another name of ``SUITES``, or several with commas) runs a part. A
suite that runs nothing fails, and so does a test that was skipped although this machine
could have run it.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from infra.host.errors import HostError
from infra.host.host import Host, prepare
from infra.host.places import PROJECT
from tests.suites.counts import Counts
from tests.suites.lanes import side_by_side
from tests.suites.odoo_suite import run_odoo_suite
from tests.suites.pytest_suite import run_files_side_by_side, run_pytest_suite

SUITES = (
    "unit",
    "contract",
    "infra",
    "integration",
    "odoo",
    "module",
    "browser",
    "end_to_end",
)
# Side by side, because each of the two leaves one of two processors idle; then those
# that watch the whole stack's timing, with nothing beside them.
SIDE_BY_SIDE = (("unit", "infra", "integration"), ("odoo", "module", "contract"))
ALONE = ("browser", "end_to_end")


def main() -> int:
    """Run what ``SUITE`` names, or all.

    :return: 0 when all passed, 1 when not, 2 when the machine lacks something,
        130 when somebody broke it off
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        wanted = chosen_suites(os.environ.get("SUITE", ""))
        host = prepare(lambda line: print(line, flush=True))
        with host.postgres():
            results = _run_all(host, wanted)
    except HostError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    print(table(results))
    good = all(counts.is_good for counts in results.values())
    return 0 if good else 1


def chosen_suites(text: str) -> list[str]:
    """The suites that ``SUITE`` names, in their own order.

    :raises HostError: there is no such suite
    """
    names = {name.strip() for name in text.split(",") if name.strip()}
    unknown = names - set(SUITES)
    if unknown:
        raise HostError(
            "No such suite", ", ".join(sorted(unknown)), f"use {', '.join(SUITES)}"
        )
    return [name for name in SUITES if not names or name in names]


def _run_all(host: Host, wanted: Sequence[str]) -> dict[str, Counts]:
    results: dict[str, Counts] = {}

    def lane(names: Sequence[str]) -> None:
        for name in (each for each in names if each in wanted):
            results[name] = _run_one(host, name)

    side_by_side(lane, SIDE_BY_SIDE)
    lane(ALONE)
    return {name: results[name] for name in wanted}


def _run_one(host: Host, name: str) -> Counts:
    began = time.monotonic()
    print(f"test: {name} …", flush=True)
    counts = _suite(name)(host, name, host.folder / "tests" / name)
    counts.seconds = time.monotonic() - began
    print(f"test: {name}: {counts}", flush=True)
    return counts


def _suite(name: str) -> Callable[[Host, str, Path], Counts]:
    own = {"odoo": run_odoo_suite, "end_to_end": run_files_side_by_side}
    return own.get(name, run_pytest_suite)


def table(results: dict[str, Counts]) -> str:
    """The counts of each suite, and the closing line."""
    head = f"{'suite':<14}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}"
    rows = [
        f"{name:<14}{c.passed:>8}{c.failed:>8}{c.skipped:>9}{c.seconds:>9.0f}"
        + (f"  {c.remark}" if c.remark else "")
        for name, c in results.items()
    ]
    passed = sum(counts.passed for counts in results.values())
    failed = sum(counts.failed for counts in results.values())
    return "\n".join(["", head, *rows, "", f"{passed} passed, {failed} failed"])


if __name__ == "__main__":
    os.chdir(PROJECT)
    sys.exit(main())
