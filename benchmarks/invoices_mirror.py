"""Sales invoices into Odoo's mirror: the addon beside the ORM's `create` and COPY."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from benchmarks.figures import Figure, Result, ratio_of_pairs, spread
from benchmarks.odoo_bench import prepared
from benchmarks.rounds import Run, run_rounds
from benchmarks.sales_pages import LINES, write_sales
from benchmarks.settings import Settings

OURS, AGAIN = "the mirror", "the same pages again"
CREATE, FLOOR = "the ORM's create", "COPY"
MODULES = {OURS: "ours", AGAIN: "again", CREATE: "create", FLOOR: "copy"}
BESIDE_CREATE = 5


def run(settings: Settings) -> Result:
    """:raises BenchmarkFailed: one of the programs could not be run"""
    with prepared() as bench:
        pages = bench.folder / "sales"
        write_sales(pages, settings.mirrored)
        job = bench.prepare(pages, "invoices.prepare")
        programs = [
            bench.program(name, f"invoices.{module}")
            for name, module in MODULES.items()
        ]
        runs = run_rounds(programs, job, settings.rounds)
    return Result(
        f"Mirror in Odoo, {settings.mirrored:,} sales invoices with {LINES} lines, "
        f"median of {settings.rounds} rounds",
        (*ratios(runs), *absolute(runs)),
    )


def ratios(runs: dict[str, list[Run]]) -> list[Figure]:
    def times(
        peer: str,
        ours: str = OURS,
        of: Callable[[Run], float] = lambda run: run.seconds,
    ) -> float:
        return ratio_of_pairs(list(map(of, runs[ours])), list(map(of, runs[peer])))

    return [
        Figure(f"{OURS}, pace beside {CREATE}", times(CREATE), "×", BESIDE_CREATE),
        Figure(f"{OURS}, pace beside {FLOOR}", times(FLOOR), "×"),
        Figure(f"{AGAIN}, beside the first time", times(OURS, AGAIN), "×"),
        Figure(
            f"{CREATE}, Odoo's processor time beside {OURS}",
            times(CREATE, OURS, lambda run: run.cpu),
            "×",
        ),
    ]


def absolute(runs: dict[str, list[Run]]) -> list[Figure]:
    """Of this machine at this hour; the ratios are what may be compared."""
    figures = []
    for name, of in runs.items():
        paces = [run.records / run.seconds for run in of]
        figures.append(Figure(f"{name}, pace", statistics.median(paces), "invoices/s"))
        figures.append(Figure(f"{name}, spread of runs", 100 * spread(paces), "%"))
    peaks = [run.peak_mb for run in runs[OURS]]
    figures.append(Figure(f"{OURS}, peak memory of Odoo", max(peaks), "MB"))
    return figures
