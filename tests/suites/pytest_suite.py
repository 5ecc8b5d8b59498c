"""A suite that pytest runs."""

import sys
from pathlib import Path

from infra.host.host import Host
from infra.host.places import PROJECT
from tests.suites.counts import Counts, counts_of_junit, judged, total
from tests.suites.lanes import side_by_side
from tests.suites.program import LONGEST_SECONDS, run_to_log

NO_TESTS = 5
TAIL = 80
AT_ONCE = 3


def run_pytest_suite(host: Host, name: str, folder: Path) -> Counts:
    """Run ``tests/<name>``; its log and report go to ``folder``."""
    return judged(_run(f"tests/{name}", folder), folder / "log")


def run_files_side_by_side(host: Host, name: str, folder: Path) -> Counts:
    """Run each file of ``tests/<name>`` by itself, some at a time.

    For files that share nothing and wait more than they work.
    """
    files = sorted((PROJECT / "tests" / name).glob("test_*.py"))
    found: dict[str, Counts] = {}
    # Each lane takes the next one.
    waiting = iter([path.relative_to(PROJECT) for path in files])

    def lane(_number: int) -> None:
        for path in waiting:
            found[path.stem] = _run(str(path), folder / path.stem)

    side_by_side(lane, range(AT_ONCE))
    return judged(total(found), folder)


def _run(tests: str, folder: Path) -> Counts:
    folder.mkdir(parents=True, exist_ok=True)
    report, log = folder / "junit.xml", folder / "log"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", tests, f"--junitxml={report}"]
    code = run_to_log(command, log, LONGEST_SECONDS)
    counts = Counts() if code == NO_TESTS else counts_of_junit(report)
    if code not in (0, 1, NO_TESTS) and not counts.failed:
        counts.failed += 1
    if counts.failed:
        print("\n".join(log.read_text(errors="replace").splitlines()[-TAIL:]))
    return counts
