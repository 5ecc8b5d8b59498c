"""A machine without Xero's descriptions says so, and how to get them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from infra.host.places import PROJECT
from tests.suites.counts import counts_of_junit
from tests.suites.program import run_to_log

JUDGED = ("test_connector_requests.py", "test_simulator_answers.py", "test_judge.py")


def test_what_cannot_be_judged_is_counted_as_not_run(tmp_path: Path) -> None:
    report, log = tmp_path / "junit.xml", tmp_path / "log"
    files = [str(Path(__file__).parent / name) for name in JUDGED]
    command = [sys.executable, "-m", "pytest", *files, f"--junitxml={report}"]
    absent = {**os.environ, "XERO_OPENAPI_DIR": str(tmp_path / "none")}
    assert run_to_log(command, log, 60, absent) == 0, log.read_text()
    counts = counts_of_junit(report)
    assert (counts.passed, counts.failed, counts.needless) == (0, 0, [])
    assert f"{counts.skipped} NOT RUN: " in counts.remark
    assert "set XERO_OPENAPI_DIR to a copy of github.com/XeroAPI/" in counts.remark


def test_the_descriptions_are_no_part_of_the_project() -> None:
    names = {"xero_accounting.yaml", "xero-identity.yaml", "xero-webhooks.yaml"}
    folders = ("infra", "lambda_connector", "crm_xero_module", "tests", "docs")
    copies = (path for each in folders for path in (PROJECT / each).rglob("xero*.yaml"))
    assert [path for path in copies if path.name in names] == []
