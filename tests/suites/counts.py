"""How a suite went."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

NO_XERO_OPENAPI = "No copy of Xero's OpenAPI descriptions"
# A skip with this beginning is one that the machine forces.
FORCED_SKIPS = ("No Docker engine", "No advisory data", NO_XERO_OPENAPI)


@dataclass
class Counts:
    """The tests of one suite, by their end.

    :param needless: tests that were skipped though this machine could run them
    :param remark: what else a reader should know, in a few words
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    needless: list[str] = field(default_factory=list)
    remark: str = ""
    seconds: float = 0

    @property
    def is_good(self) -> bool:
        return bool(self.passed) and not self.failed

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def judged(counts: Counts, log: Path) -> Counts:
    """The counts with what must count as a failure: nothing run, a needless skip."""
    remarks = [counts.remark] if counts.remark else []
    if not counts.passed + counts.failed + counts.skipped:
        counts.failed += 1
        remarks.append("empty")
    if counts.needless:
        counts.failed += len(counts.needless)
        remarks.append(f"skipped without need: {', '.join(counts.needless[:3])}")
    if counts.failed:
        remarks.append(f"see {log}")
    counts.remark = "; ".join(remarks)
    return counts


def total(parts: Mapping[str, Counts]) -> Counts:
    """The counts of a suite that was run in parts."""
    return Counts(
        passed=sum(counts.passed for counts in parts.values()),
        failed=sum(counts.failed for counts in parts.values()),
        skipped=sum(counts.skipped for counts in parts.values()),
        needless=[test for counts in parts.values() for test in counts.needless],
        remark="; ".join(
            f"{name}: {counts.remark}"
            for name, counts in parts.items()
            if counts.remark
        ),
    )


def counts_of_junit(report: Path) -> Counts:
    """Count the tests of a JUnit report as pytest writes it."""
    if not report.exists():
        return Counts(failed=1, remark="did not run to its end")
    counts = Counts()
    forced: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            counts.failed += 1
        elif (skip := case.find("skipped")) is not None:
            counts.skipped += 1
            reason = skip.get("message", "")
            if is_forced(reason):
                forced[reason] += 1
            else:
                counts.needless.append(case.get("name", "?"))
        else:
            counts.passed += 1
    counts.remark = "; ".join(f"{n} NOT RUN: {why}" for why, n in forced.items())
    return counts


def is_forced(reason: str, forced: Iterable[str] = FORCED_SKIPS) -> bool:
    """Whether a test was skipped for something that this machine can't have."""
    return reason.startswith(tuple(forced))
