"""Programs measured side by side, each run in a process of its own.

A run is a program that prints one JSON object as its last line, `Run`'s fields. The
rounds take turns (A B C, B C A, …): none always runs on the warmer machine.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from infra.host.commands import ENDS_WITH_US
from infra.host.places import PROJECT

LONGEST_SECONDS = 300


class BenchmarkFailed(Exception):
    """A program could not be run or did not do what it is measured for."""


@dataclass(frozen=True)
class Program:
    """A command whose last argument is what to read, as JSON; `environment` is added to
    this process's own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What a program says of itself: seconds on the wall and of its own processor
    time, the records read in them, its greatest memory in MB (10⁶ bytes)."""

    seconds: float
    cpu: float
    records: int
    peak_mb: float


def run_rounds(
    programs: Sequence[Program], job: Mapping[str, object], rounds: int
) -> dict[str, list[Run]]:
    """Each program's runs, in the order of the rounds.

    :raises BenchmarkFailed: a run failed, or not all read the same records
    """
    runs: dict[str, list[Run]] = {program.name: [] for program in programs}
    for number in range(rounds):
        first = number % len(programs)
        for program in [*programs[first:], *programs[:first]]:
            runs[program.name].append(run_once(program, job))
    counts = {name: {run.records for run in of} for name, of in runs.items()}
    if len(set.union(*counts.values())) != 1:
        raise BenchmarkFailed(f"they read different numbers of records: {counts}")
    return runs


def run_once(program: Program, job: Mapping[str, object]) -> Run:
    """One run of a program.

    :raises BenchmarkFailed: with the end of what it said
    """
    return Run(**json.loads(run_program(program, job).splitlines()[-1]))


def run_program(program: Program, job: Mapping[str, object]) -> str:
    """Run a program; what it printed.

    :raises BenchmarkFailed: with the end of what it said
    """
    try:
        done = subprocess.run(
            [*ENDS_WITH_US, *program.command, json.dumps(job)],
            cwd=PROJECT,
            env={**os.environ, **program.environment},
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise BenchmarkFailed(f"{program.name}: over {LONGEST_SECONDS} s") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-15:]
        raise BenchmarkFailed("\n".join([f"{program.name} failed", *said]))
    return done.stdout
