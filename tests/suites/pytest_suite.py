"""A suite that pytest runs."""

import subprocess
import sys
from pathlib import Path

from infra.host.commands import ENDS_WITH_US
from infra.host.host import Host
from infra.host.places import PROJECT
from tests.suites.counts import Counts, counts_of_junit, judged

LONGEST_SECONDS = 40 * 60
NO_TESTS = 5
TAIL = 80


def run_pytest_suite(host: Host, name: str, folder: Path) -> Counts:
    """Run ``tests/<name>``; its log and report go to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    report, log = folder / "junit.xml", folder / "log"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", f"tests/{name}", f"--junitxml={report}"]
    with log.open("w") as output:
        code = _run(command, output)
    counts = Counts() if code == NO_TESTS else counts_of_junit(report)
    if code not in (0, 1, NO_TESTS) and not counts.failed:
        counts.failed += 1
    if counts.failed:
        print("\n".join(log.read_text(errors="replace").splitlines()[-TAIL:]))
    return judged(counts, log)


def _run(command: list[str], output) -> int:
    try:
        return subprocess.run(
            [*ENDS_WITH_US, *command],
            cwd=PROJECT,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=LONGEST_SECONDS,
        ).returncode
    except subprocess.TimeoutExpired:
        return -1
