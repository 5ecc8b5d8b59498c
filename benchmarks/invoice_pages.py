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
from infra.host.host import extra_python

LINES, MANY_LINES = 3, 50
MANY_LINED_INVOICES = 1500
FASTER = 5
MEMORY_MB = 256
OURS, ON_MOTO = "connector", "connector on moto"
SDK, TAP, FLOOR = "xero-python", "tap-xero", "the floor"


def run(settings: Settings) -> Result:
    """:raises BenchmarkFailed: a peer could not be run"""
    programs = [
        _program(OURS, "connector"),
        _program(ON_MOTO, "connector_on_moto"),
        _program(SDK, "xero_sdk"),
        _program(TAP, "tap_xero", extra_python("bench")),
        _program(FLOOR, "floor"),
    ]
    options = f"--invoices={settings.invoices}", f"--lines={LINES}"
    with simulator.running(*options) as xero:
        job = _job(xero)
        runs = run_rounds(programs, vars(job), settings.rounds)
    invoices = runs[OURS][0].records
    return Result(
        f"Connector, {job.pages} pages of up to {PAGE_SIZE:,} invoices with {LINES} "
        f"lines ({invoices:,}), median of {settings.rounds} rounds",
        (*ratios(runs), *absolute(runs), _memory()),
    )


def ratios(runs: dict[str, list[Run]]) -> list[Figure]:
    def times(peer: str, of: Callable[[Run], float], ours: str = OURS) -> float:
        return ratio_of_pairs(list(map(of, runs[ours])), list(map(of, runs[peer])))

    def on_wall(run: Run) -> float:
        return run.seconds

    def of_cpu(run: Run) -> float:
        return run.cpu

    return [
        Figure(f"{OURS}, pace beside {SDK}", times(SDK, on_wall), "×", FASTER),
        Figure(f"{OURS}, pace beside {TAP}", times(TAP, on_wall), "×", FASTER),
        Figure(f"{OURS}, pace beside {FLOOR}", times(FLOOR, on_wall), "×"),
        *(
            Figure(f"{ON_MOTO}, pace beside {peer}", times(peer, on_wall, ON_MOTO), "×")
            for peer in (SDK, TAP)
        ),
        *(
            Figure(f"{peer}, processor time beside {OURS}", times(peer, of_cpu), "×")
            for peer in (SDK, TAP, FLOOR)
        ),
    ]


def absolute(runs: dict[str, list[Run]]) -> list[Figure]:
    """Of this machine at this hour; the ratios are what may be compared."""

    def pace(name: str) -> float:
        return statistics.median(run.records / run.seconds for run in runs[name])

    def work(name: str) -> float:
        return statistics.median(1e6 * run.cpu / run.records for run in runs[name])

    def noise(name: str) -> float:
        return 100 * spread([run.seconds for run in runs[name]])

    return [
        *(Figure(f"{name}, pace", pace(name), "records/s") for name in runs),
        *(Figure(f"{name}, processor time", work(name), "ms/1,000") for name in runs),
        *(Figure(f"{name}, spread of runs", noise(name), "%") for name in runs),
    ]


def _memory() -> Figure:
    options = f"--invoices={MANY_LINED_INVOICES}", f"--lines={MANY_LINES}"
    with simulator.running(*options) as xero:
        run = run_once(_program(OURS, "connector_memory"), vars(_job(xero)))
    what = f"peak memory, a page of {PAGE_SIZE:,} with {MANY_LINES} lines"
    return Figure(what, run.peak_mb, "MB", at_most=MEMORY_MB)


def _job(xero: Simulator) -> Job:
    """All pages of its sales invoices."""
    tenant, token = xero.organisation["id"], xero.access_token()
    one = Job(xero.address, token, tenant, 1)
    count = xero.count("Invoices", one.headers, PARAMETERS)
    return Job(xero.address, token, tenant, math.ceil(count / PAGE_SIZE))


def _program(name: str, module: str, python: str | Path = sys.executable) -> Program:
    return Program(name, [str(python), "-m", f"benchmarks.readers.{module}"])
