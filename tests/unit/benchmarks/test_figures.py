"""Figures, bars, ratios and the table: what a benchmark could lie with."""

from __future__ import annotations

import json

import pytest

from benchmarks.figures import (
    Figure,
    Result,
    closing_line,
    ratio_of_pairs,
    spread,
    table,
)


def result(*figures: Figure) -> Result:
    return Result("A bench", figures)


@pytest.mark.parametrize(
    ("bar", "met"),
    [
        ({"at_least": 5}, True),
        ({"at_least": 5.01}, False),
        ({"at_most": 5}, True),
        ({"at_most": 4.99}, False),
        ({"at_most": 0}, False),
        ({}, None),
    ],
)
def test_bar_is_met_at_its_very_value(bar: dict[str, float], met: bool | None) -> None:
    assert Figure("x", 5.0, "×", **bar).met is met


def test_ratio_says_how_often_ours_fits_into_theirs() -> None:
    assert ratio_of_pairs([1.0], [8.0]) == 8
    assert ratio_of_pairs([2.0], [1.0]) == 0.5


def test_ratio_is_of_each_round_and_not_of_the_medians() -> None:
    """The second round ran on a machine four times slower."""
    assert ratio_of_pairs([1.0, 4.0, 1.0], [6.0, 24.0, 6.0]) == 6
    assert ratio_of_pairs([1.0, 4.0, 2.0], [6.0, 20.0, 14.0]) == 6


@pytest.mark.parametrize(("ours", "theirs"), [([], []), ([1.0], [1.0, 2.0])])
def test_ratio_of_rounds_that_are_no_pairs_is_refused(ours, theirs) -> None:
    with pytest.raises(ValueError):
        ratio_of_pairs(ours, theirs)


def test_spread_is_of_the_median() -> None:
    assert spread([1.0, 2.0, 4.0]) == 1.5
    assert spread([3.0]) == 0


def test_table_says_figure_bar_and_verdict_aligned() -> None:
    text = table(
        [
            result(
                Figure("fast", 9.44, "×", at_least=5),
                Figure("slow one", 44_448.4, "records/s"),
                Figure("memory", 300, "MB", at_most=256),
            )
        ]
    )
    assert text.splitlines() == [
        "",
        "A bench",
        "  fast                9.44 ×  ≥ 5    met",
        "  slow one  44,448 records/s",
        "  memory              300 MB  ≤ 256  MISSED",
        "",
        "1 of 2 bars MISSED: memory",
    ]


def test_no_rounding_turns_a_missed_bar_into_its_number() -> None:
    text = table([result(Figure("fast", 4.999, "×", at_least=5))])
    assert "MISSED" in text


def test_closing_line_counts_the_bars_only() -> None:
    figures = Figure("a", 1, "×", at_least=1), Figure("b", 1, "×")
    assert closing_line([result(*figures)]) == "all 1 bars met"


def test_json_has_the_verdicts() -> None:
    written = json.loads(
        json.dumps(result(Figure("a", 1.5, "×", at_least=2)).as_json())
    )
    assert written["figures"] == [
        {
            "what": "a",
            "value": 1.5,
            "unit": "×",
            "at_least": 2,
            "at_most": None,
            "met": False,
        }
    ]
