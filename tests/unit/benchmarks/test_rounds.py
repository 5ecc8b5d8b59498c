"""Rounds: turns taken, failures told, equal work required."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.rounds import BenchmarkFailed, Program, run_once, run_rounds

SAYS = """
import json, sys
name, log, records = sys.argv[1:4]
open(log, "a").write(name)
assert json.loads(sys.argv[4]) == {"pages": 2}
print("noise")
print(json.dumps({"seconds": 1, "cpu": 0.5, "records": int(records), "peak_mb": 9}))
"""
JOB = {"pages": 2}


def program(name: str, log: Path, records: int = 7) -> Program:
    return Program(name, [sys.executable, "-c", SAYS, name, str(log), str(records)])


def test_each_round_begins_with_the_next_program(tmp_path: Path) -> None:
    log = tmp_path / "log"
    runs = run_rounds([program(name, log) for name in "ABC"], JOB, 4)
    assert log.read_text() == "ABCBCACABABC"
    assert {name: len(of) for name, of in runs.items()} == {"A": 4, "B": 4, "C": 4}
    assert runs["A"][0].cpu == 0.5


def test_programs_that_read_differently_are_not_compared(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(BenchmarkFailed, match="different numbers"):
        run_rounds([program("A", log), program("B", log, 6)], JOB, 1)


def test_program_that_fails_is_named_with_its_last_words() -> None:
    broken = Program("tap", [sys.executable, "-c", "raise SystemExit('no schema')"])
    with pytest.raises(BenchmarkFailed, match="tap failed\nno schema"):
        run_once(broken, JOB)


def test_job_is_the_last_argument() -> None:
    code = (
        "import json, sys; job = json.loads(sys.argv[-1]);"
        "print(json.dumps({'seconds': 1, 'cpu': 1, 'records': job['pages'],"
        " 'peak_mb': 1}))"
    )
    assert run_once(Program("x", [sys.executable, "-c", code]), JOB).records == 2
