"""The addon's own tests, run by Odoo: with what it depends on, and beside the rest."""

import os
import re
from pathlib import Path

from infra.demo.odoo_database import BARE, FULL, MODULE, OdooDatabases, server_arguments
from infra.host.host import Host
from infra.host.ports import free_ports
from tests.suites.counts import Counts, judged
from tests.suites.lanes import side_by_side
from tests.suites.program import LONGEST_SECONDS, run_to_log

TAIL = 120
SETS = {"bare": BARE, "full": FULL}
_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")
_SKIPPED = re.compile(r": skipped (\S+) ?.*?: (.*)$", re.MULTILINE)
# How each entry of the log begins: a time, with milliseconds.
_ENTRY = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ")
_TOUR = re.compile(r"TOUR \S+ SUCCEEDED")


def run_odoo_suite(host: Host, name: str, folder: Path) -> Counts:
    """Run the addon's tests in two databases, one for each set of modules.

    Both at once: each waits half of its time for a browser or for the database.
    """
    folder.mkdir(parents=True, exist_ok=True)
    databases = OdooDatabases(host)
    names = {key: f"xero_test_{key}" for key in SETS}
    # One after the other: what both are copied from is made once.
    for key, modules in SETS.items():
        databases.create(names[key], modules)

    ports = dict(zip(SETS, free_ports(len(SETS)), strict=True))
    found: dict[str, Counts] = {}

    def lane(key: str) -> None:
        log = folder / f"{key}.log"
        code = _run(host, databases, names[key], ports[key], log)
        found[key] = counts_of_log(log.read_text(errors="replace"), code)

    side_by_side(lane, SETS)
    results = {key: found[key] for key in SETS}
    for key, counts in results.items():
        if counts.failed:
            print("\n".join(_worth_reading(folder / f"{key}.log")))
    return judged(together(results), folder)


def together(results: dict[str, Counts]) -> Counts:
    """The counts of all sets of modules.

    A test that is skipped with one set is run with another; one that is skipped with
    all of them is needless. A set without any test fails.
    """
    skips = [set(counts.needless) for counts in results.values()]
    return Counts(
        passed=sum(counts.passed for counts in results.values()),
        failed=sum(c.failed + (not c.passed) for c in results.values()),
        skipped=sum(counts.skipped for counts in results.values()),
        needless=sorted(set.intersection(*skips)),
        remark="; ".join(f"{key}: {c.remark}" for key, c in results.items()),
    )


def _run(
    host: Host, databases: OdooDatabases, database: str, port: int, log: Path
) -> int:
    environment = {**os.environ, **host.odoo_environment}
    try:
        command = _command(host, databases, database, port)
        return run_to_log(command, log, LONGEST_SECONDS, environment)
    finally:
        databases.drop(database)


def _command(
    host: Host, databases: OdooDatabases, database: str, port: int
) -> list[str]:
    return [
        *host.odoo_command,
        *server_arguments(databases.data, database),
        *("--init", MODULE, "--test-tags", f"/{MODULE}"),
        *("--http-interface", "127.0.0.1", "--http-port", str(port)),
        *("--max-cron-threads", "0"),
        f"--log-handler=odoo.addons.{MODULE}:INFO",
        "--log-handler=odoo.tests:INFO",
    ]


def counts_of_log(log: str, code: int) -> Counts:
    """Count what Odoo's log tells of a test run.

    :param code: Odoo's exit code
    """
    found = _RESULT.search(log)
    if not found:
        return Counts(failed=1, remark="did not run to its end")
    failed = int(found[1]) + int(found[2])
    skips = _SKIPPED.findall(log)
    counts = Counts(
        passed=int(found[3]) - failed - len(skips),
        failed=failed or int(code != 0),
        skipped=len(skips),
        needless=[test for test, _reason in skips],
    )
    tours = len(_TOUR.findall(log))
    counts.remark = f"{counts.passed} with {tours} tours"
    return counts


def _worth_reading(log: Path) -> list[str]:
    """The errors of a log, each with the lines that belong to it."""
    lines, wanted = [], False
    for line in log.read_text(errors="replace").splitlines():
        if _ENTRY.match(line):
            wanted = " ERROR " in line or " CRITICAL " in line
        if wanted:
            lines.append(line)
    return lines[:TAIL]
