"""A suite that pytest runs."""

import sys
from pathlib import Path

from infra.host.host import Host
from tests.suites.counts import Counts, counts_of_junit, judged
from tests.suites.program import run_to_log

LONGEST_SECONDS = 40 * 60
NO_TESTS = 5
TAIL = 80


def run_pytest_suite(host: Host, name: str, folder: Path) -> Counts:
    """Run ``tests/<name>``; its log and report go to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    report, log = folder / "junit.xml", folder / "log"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", f"tests/{name}", f"--junitxml={report}"]
    code = run_to_log(command, log, LONGEST_SECONDS)
    counts = Counts() if code == NO_TESTS else counts_of_junit(report)
    if code not in (0, 1, NO_TESTS) and not counts.failed:
        counts.failed += 1
    if counts.failed:
        print("\n".join(log.read_text(errors="replace").splitlines()[-TAIL:]))
    return judged(counts, log)
