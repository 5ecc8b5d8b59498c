"""Suites are counted from what their runners leave behind."""

from pathlib import Path

import pytest

from infra.host.errors import HostError
from tests.run import chosen_suites, table
from tests.suites.counts import (
    NO_XERO_OPENAPI,
    Counts,
    counts_of_junit,
    judged,
    total,
)
from tests.suites.odoo_suite import counts_of_log, together

JUNIT = """<testsuites><testsuite>
<testcase name="good"/>
<testcase name="bad"><failure message="x"/></testcase>
<testcase name="broken"><error message="x"/></testcase>
<testcase name="forced"><skipped message="No Docker engine answers"/></testcase>
<testcase name="lazy"><skipped message="later"/></testcase>
</testsuite></testsuites>"""
LOG = "odoo.tests.result: {} failed, {} error(s) of {} tests when loading database 'x'"


def test_junit_report_is_counted(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text(JUNIT)
    counts = counts_of_junit(report)
    assert (counts.passed, counts.failed, counts.skipped) == (1, 2, 2)
    assert counts.needless == ["lazy"]
    assert counts.remark == "1 NOT RUN: No Docker engine answers"


def test_an_absent_description_is_said_aloud_and_is_no_failure(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    skipped = f'<skipped message="{NO_XERO_OPENAPI}: set XERO_OPENAPI_DIR"/>'
    cases = f'<testcase name="a">{skipped}</testcase>' * 3 + '<testcase name="sdk"/>'
    report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    counts = judged(counts_of_junit(report), Path("log"))
    assert counts.is_good and not counts.needless
    assert "3 NOT RUN: " in table({"contract": counts})
    assert "set XERO_OPENAPI_DIR" in table({"contract": counts})


def test_a_runner_that_left_no_report_failed(tmp_path: Path) -> None:
    assert not counts_of_junit(tmp_path / "none").is_good


def test_an_empty_suite_fails() -> None:
    counts = judged(Counts(), Path("log"))
    assert counts.failed == 1
    assert "empty" in counts.remark


def test_a_needless_skip_fails() -> None:
    counts = judged(Counts(passed=3, skipped=1, needless=["lazy"]), Path("log"))
    assert counts.failed == 1
    assert "lazy" in counts.remark


def test_the_parts_of_a_suite_are_added_up() -> None:
    """What fails, or is skipped without need, in one of them does so in the suite."""
    good = Counts(passed=3, skipped=1, remark="1 NOT RUN: no Docker")
    bad = Counts(passed=2, failed=1, needless=["lazy"])
    counts = total({"test_a": good, "test_b": bad})
    assert (counts.passed, counts.failed, counts.skipped) == (5, 1, 1)
    assert counts.needless == ["lazy"]
    assert counts.remark == "test_a: 1 NOT RUN: no Docker"
    assert judged(total({}), Path("log")).failed == 1


def test_a_forced_skip_does_not_fail() -> None:
    assert judged(Counts(passed=3, skipped=1), Path("log")).is_good


def test_odoos_log_is_counted_with_its_tours() -> None:
    log = "INFO x: ║ TOUR xero_settings SUCCEEDED ║\n" + LOG.format(1, 2, 10)
    counts = counts_of_log(log, 1)
    assert (counts.passed, counts.failed) == (7, 3)
    assert "1 tours" in counts.remark


def test_odoo_that_ends_before_its_tests_failed() -> None:
    assert counts_of_log("CRITICAL could not start", 1).failed == 1


def test_odoo_that_passes_its_tests_and_then_fails_has_failed() -> None:
    assert not counts_of_log(LOG.format(0, 0, 10), 1).is_good


def test_a_test_that_odoo_skips_is_needless() -> None:
    log = "INFO x: skipped TestTour.test_menu : Chrome not found\n" + LOG.format(
        0, 0, 2
    )
    counts = counts_of_log(log, 0)
    assert (counts.passed, counts.skipped) == (1, 1)
    assert counts.needless == ["TestTour.test_menu"]


def test_a_skip_that_another_set_of_modules_makes_up_for_is_none() -> None:
    bare = Counts(passed=5, skipped=2, needless=["vat", "lazy"], remark="5")
    full = Counts(passed=6, skipped=1, needless=["lazy"], remark="6")
    counts = together({"bare": bare, "full": full})
    assert (counts.passed, counts.failed, counts.skipped) == (11, 0, 3)
    assert counts.needless == ["lazy"]


def test_a_set_of_modules_without_tests_fails() -> None:
    assert together({"bare": Counts(passed=5), "full": Counts()}).failed == 1


def test_all_suites_run_when_none_is_named() -> None:
    assert chosen_suites("")[0] == "unit"
    assert chosen_suites("odoo, unit") == ["unit", "odoo"]


def test_an_unknown_suite_is_refused() -> None:
    with pytest.raises(HostError, match="No such suite: units"):
        chosen_suites("units")


def test_the_closing_line_stands_alone() -> None:
    lines = table({"unit": Counts(passed=3), "odoo": Counts(passed=2, failed=1)})
    assert lines.splitlines()[-1] == "5 passed, 1 failed"
