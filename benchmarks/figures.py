"""What a benchmark found: figures, the bars they stand beside, and the table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One number. Where it has a bar, it has one of the two.

    Attributes
    ----------
    what: what was measured, in words
    unit: written behind the number: "×", "records/s", "MB", "calls"
    """

    what: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None where there is none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        if self.at_most is not None:
            return self.value <= self.at_most
        return None

    @property
    def bar(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


@dataclass(frozen=True)
class Result:
    """What one benchmark found, in the order in which it is told."""

    title: str
    figures: tuple[Figure, ...]

    @property
    def missed(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.met is False]

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "figures": [figure.as_json() for figure in self.figures],
        }


def ratio_of_pairs(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """How many times ours theirs is: the median of the ratios round by round, so that
    a machine that grows slower between rounds moves both sides of each.

    :raises ValueError: not as many of the one as of the other, or none
    """
    if len(ours) != len(theirs) or not ours:
        raise ValueError("each round needs one of both")
    return statistics.median(
        their / our for our, their in zip(ours, theirs, strict=True)
    )


def spread(values: Sequence[float]) -> float:
    """(Largest - smallest) / median: how noisy the machine was."""
    return (max(values) - min(values)) / statistics.median(values)


def table(results: Sequence[Result]) -> str:
    """All figures, aligned, and a closing line that says what was missed."""
    rows = [
        (each.what, _number(each), each.bar, _verdict(each))
        for result in results
        for each in result.figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines: list[str] = []
    for result in results:
        lines += ["", result.title]
        for each in result.figures:
            row = f"  {each.what:<{widths[0]}}  {_number(each):>{widths[1]}}"
            lines.append(f"{row}  {each.bar:<{widths[2]}}  {_verdict(each)}".rstrip())
    return "\n".join([*lines, "", closing_line(results)])


def closing_line(results: Sequence[Result]) -> str:
    barred = [e for result in results for e in result.figures if e.met is not None]
    missed = [e.what for e in barred if not e.met]
    if not missed:
        return f"all {len(barred)} bars met"
    return f"{len(missed)} of {len(barred)} bars MISSED: {'; '.join(missed)}"


def _number(figure: Figure) -> str:
    """Three digits that count, and all of those before the point."""
    value = figure.value
    digits = 0 if value == int(value) or value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {figure.unit}"


def _verdict(figure: Figure) -> str:
    return {None: "", True: "met", False: "MISSED"}[figure.met]
