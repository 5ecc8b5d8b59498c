"""Contacts into the CRM: the addon beside Odoo's own import and a bare `create`."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from benchmarks.contact_pages import write_pages
from benchmarks.figures import Figure, Result, ratio_of_pairs, spread
from benchmarks.odoo_bench import Bench, prepared
from benchmarks.rounds import Run, run_rounds
from benchmarks.settings import Settings

OURS, AGAIN = "the import", "the same pages again"
LOAD, LEAST, CREATE = "load()", "load() without ids", "bare create"
FLAT_BESIDE_LOAD, FLAT_BESIDE_CREATE = 1.5, 0.75
PERSONS_BESIDE_LOAD = 2
AGAIN_BESIDE_FIRST = 20
PERSONS_SHARE = 3


def run(settings: Settings) -> Result:
    """:raises BenchmarkFailed: one of the programs could not be run"""
    with prepared() as bench:
        flat = _runs(bench, settings.imported, settings.rounds, persons=False)
        companies = settings.imported // PERSONS_SHARE
        peopled = _runs(bench, companies, settings.rounds, persons=True)
    return Result(
        f"Import into Odoo, {flat[OURS][0].records:,} companies, and {companies:,} "
        f"with persons ({peopled[OURS][0].records:,} partners), "
        f"median of {settings.rounds} rounds",
        (*flat_figures(flat), *persons_figures(peopled)),
    )


def _runs(
    bench: Bench, companies: int, rounds: int, *, persons: bool
) -> dict[str, list[Run]]:
    pages = bench.folder / ("persons" if persons else "flat")
    write_pages(pages, companies, persons=persons)
    modules = {OURS: "ours", LOAD: "load", CREATE: "create"}
    if not persons:
        modules |= {LEAST: "load_least", AGAIN: "again"}
    programs = [bench.program(*names) for names in modules.items()]
    return run_rounds(programs, bench.prepare(pages), rounds)


def flat_figures(runs: dict[str, list[Run]]) -> list[Figure]:
    beside_load = _pace(runs, OURS, LOAD)
    beside_create = _pace(runs, OURS, CREATE)
    beside_first = _pace(runs, AGAIN, OURS)
    return [
        Figure(f"companies, pace beside {LOAD}", beside_load, "×", FLAT_BESIDE_LOAD),
        Figure(
            f"companies, pace beside {CREATE}", beside_create, "×", FLAT_BESIDE_CREATE
        ),
        Figure(
            f"{AGAIN}, beside the first time", beside_first, "×", AGAIN_BESIDE_FIRST
        ),
        # What an import could reach that costs nothing but Odoo's own `create`.
        Figure(f"companies, {CREATE} beside {LOAD}", _pace(runs, CREATE, LOAD), "×"),
        *_cpu("companies", runs),
        *_absolute("companies", runs),
    ]


def persons_figures(runs: dict[str, list[Run]]) -> list[Figure]:
    what = "with persons"
    beside_load, beside_create = _pace(runs, OURS, LOAD), _pace(runs, OURS, CREATE)
    return [
        Figure(f"{what}, pace beside {LOAD}", beside_load, "×", PERSONS_BESIDE_LOAD),
        Figure(f"{what}, pace beside {CREATE}", beside_create, "×"),
        *_cpu(what, runs),
        *_absolute(what, runs),
    ]


def _pace(
    runs: dict[str, list[Run]],
    ours: str,
    peer: str,
    of: Callable[[Run], float] = lambda run: run.seconds,
) -> float:
    return ratio_of_pairs(list(map(of, runs[ours])), list(map(of, runs[peer])))


def _cpu(what: str, runs: dict[str, list[Run]]) -> list[Figure]:
    """Odoo's processor time, without PostgreSQL's."""
    return [
        Figure(
            f"{what}, {peer}, Odoo's processor time beside {OURS}",
            _pace(runs, OURS, peer, lambda run: run.cpu),
            "×",
        )
        for peer in (LOAD, CREATE)
    ]


def _absolute(what: str, runs: dict[str, list[Run]]) -> list[Figure]:
    figures = []
    for name, of in runs.items():
        paces = [run.records / run.seconds for run in of]
        pace = statistics.median(paces)
        figures.append(Figure(f"{what}, {name}", pace, "partners/s"))
        figures.append(Figure(f"{what}, {name}, spread of runs", spread(paces), ""))
    return figures
