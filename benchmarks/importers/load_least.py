"""`load()` of the same values with the least that it can be given."""

from __future__ import annotations

from benchmarks.importers.load import least, run


def main() -> None:
    run(least)
