"""Pages of 1,000 invoices: the connector beside xero-python, tap-xero and the floor."""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import simulator
from benchmarks.figures import Figure, Result, ratio_of_pairs, spread
from benchmarks.readers.measured import PAGE_SIZE, PARAMETERS, Job
from benchmarks.rounds import Program, Run, run_once, run_rounds
from benchmarks.settings import Settings
from benchmarks.simulator import Simulator
from infra.host.host import bench_python

LINES, MANY_LINES = 3, 50
MANY_LINED_INVOICES = 1500
FASTER = 5
MEMORY_MB = 256


def run(settings: Settings) -> Result:
    """:raises BenchmarkFailed: a peer could not be run"""
    programs = [
        _program("connector"),
        _program("connector_on_moto"),
        _program("xero_sdk"),
        _program("tap_xero", bench_python()),
        _program("floor"),
    ]
    options = f"--invoices={settings.invoices}", f"--lines={LINES}"
    with simulator.running(*options) as xero:
        job = _job(xero)
        runs = run_rounds(programs, vars(job), settings.rounds)
    invoices = runs["connector"][0].records
    return Result(
        f"Connector, {job.pages} pages of up to {PAGE_SIZE:,} invoices with {LINES} "
        f"lines ({invoices:,}), median of {settings.rounds} rounds",
        (*_figures(runs), _memory()),
    )


def _figures(runs: dict[str, list[Run]]) -> list[Figure]:
    def seconds(run: Run) -> float:
        return run.seconds

    def cpu(run: Run) -> float:
        return run.cpu

    def times(peer: str, of: Callable[[Run], float], ours: str = "connector") -> float:
        return ratio_of_pairs(list(map(of, runs[ours])), list(map(of, runs[peer])))

    def pace(name: str) -> float:
        return statistics.median(run.records / run.seconds for run in runs[name])

    def work(name: str) -> float:
        return statistics.median(1e6 * run.cpu / run.records for run in runs[name])

    moto = "connector_on_moto"
    return [
        Figure("connector to xero-python", times("xero_sdk", seconds), "×", FASTER),
        Figure("connector to tap-xero", times("tap_xero", seconds), "×", FASTER),
        Figure("connector to the floor", times("floor", seconds), "×"),
        Figure("its processor time to xero-python's", times("xero_sdk", cpu), "×"),
        Figure("its processor time to tap-xero's", times("tap_xero", cpu), "×"),
        Figure("its processor time to the floor's", times("floor", cpu), "×"),
        Figure("with moto to xero-python", times("xero_sdk", seconds, moto), "×"),
        Figure("with moto to tap-xero", times("tap_xero", seconds, moto), "×"),
        *(Figure(f"{name}", pace(name), "records/s") for name in runs),
        *(Figure(f"{name}, processor", work(name), "ms/1,000") for name in runs),
        Figure(
            "spread of the connector's runs",
            100 * spread([run.seconds for run in runs["connector"]]),
            "%",
        ),
    ]


def _memory() -> Figure:
    options = f"--invoices={MANY_LINED_INVOICES}", f"--lines={MANY_LINES}"
    with simulator.running(*options) as xero:
        run = run_once(_program("connector_memory"), vars(_job(xero)))
    what = f"peak memory, a page of {PAGE_SIZE:,} with {MANY_LINES} lines"
    return Figure(what, run.peak_mb, "MB", at_most=MEMORY_MB)


def _job(xero: Simulator) -> Job:
    """All pages of its sales invoices."""
    tenant, token = xero.organisation["id"], xero.access_token()
    one = Job(xero.address, token, tenant, 1)
    count = xero.count("Invoices", one.headers, PARAMETERS)
    return Job(xero.address, token, tenant, math.ceil(count / PAGE_SIZE))


def _program(name: str, python: str | Path = sys.executable) -> Program:
    return Program(name, [str(python), "-m", f"benchmarks.readers.{name}"])
