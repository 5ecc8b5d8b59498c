"""Who of Xero is who in the CRM: all suggestions at once, beside what can be had for
less, and beside what does less with more."""

from __future__ import annotations

import statistics

from benchmarks.figures import Figure, Result, ratio_of_pairs, spread
from benchmarks.match_sides import CUSTOMERS_FOR_EACH, write_sides
from benchmarks.odoo_bench import prepared
from benchmarks.rounds import Run, run_rounds
from benchmarks.settings import Settings

OURS, AGAIN = "suggestions", "the same again, nothing changed"
FLOOR, TRIGRAM = "joins on equality", "the trigram index, a tenth of the names"
# What would take minutes is done for a part of the contacts (importers/matching).
TENTH = 10
MODULES = {OURS: "ours", AGAIN: "again", FLOOR: "equal", TRIGRAM: "trigram"}
BESIDE_FLOOR = 15
BESIDE_TRIGRAM = 2


def run(settings: Settings) -> Result:
    """:raises BenchmarkFailed: one of the programs could not be run"""
    with prepared() as bench:
        pages = bench.folder / "sides"
        write_sides(pages, settings.matched)
        job = bench.prepare(pages, "matching.prepare")
        programs = [
            bench.program(name, f"matching.{module}")
            for name, module in MODULES.items()
        ]
        runs = run_rounds(programs, job, settings.rounds)
    customers = settings.matched * CUSTOMERS_FOR_EACH
    return Result(
        f"Matching, {settings.matched:,} contacts with {customers:,} customers, "
        f"median of {settings.rounds} rounds",
        (*ratios(runs), *absolute(runs)),
    )


def ratios(runs: dict[str, list[Run]]) -> list[Figure]:
    def times(ours: str, peer: str) -> float:
        """How many times the time of `ours` that of `peer` is."""
        return ratio_of_pairs(
            [run.seconds for run in runs[ours]], [run.seconds for run in runs[peer]]
        )

    return [
        Figure(
            f"{OURS}, time beside {FLOOR}",
            times(FLOOR, OURS),
            "×",
            at_most=BESIDE_FLOOR,
        ),
        Figure(
            f"{TRIGRAM}, ten times, beside {OURS}",
            TENTH * times(OURS, TRIGRAM),
            "×",
            at_least=BESIDE_TRIGRAM,
        ),
        Figure(f"{AGAIN}, beside the first time", times(AGAIN, OURS), "×"),
    ]


def absolute(runs: dict[str, list[Run]]) -> list[Figure]:
    """Of this machine at this hour; the ratios are what may be compared."""
    figures = []
    for name, of in runs.items():
        seconds = [run.seconds for run in of]
        figures.append(Figure(f"{name}, time", statistics.median(seconds), "s"))
        figures.append(Figure(f"{name}, spread of runs", 100 * spread(seconds), "%"))
    figures.append(
        Figure(f"{OURS}, peak memory of Odoo", max(r.peak_mb for r in runs[OURS]), "MB")
    )
    return figures
