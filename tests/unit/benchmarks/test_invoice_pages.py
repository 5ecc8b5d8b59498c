"""Which way round the ratios of the connector and its peers are."""

from __future__ import annotations

from benchmarks.calls_to_xero import most_calls
from benchmarks.figures import Figure
from benchmarks.invoice_pages import FLOOR, ON_MOTO, OURS, SDK, TAP, absolute, ratios
from benchmarks.rounds import Run

RUNS = {
    OURS: [Run(2.0, 1.0, 4000, 50)],
    ON_MOTO: [Run(4.0, 3.0, 4000, 50)],
    SDK: [Run(12.0, 11.0, 4000, 50)],
    TAP: [Run(8.0, 7.0, 4000, 50)],
    FLOOR: [Run(3.0, 2.0, 4000, 50)],
}


def values(figures: list[Figure]) -> dict[str, float]:
    return {figure.what: figure.value for figure in figures}


def test_ratio_above_one_means_that_the_connector_is_faster() -> None:
    assert values(ratios(RUNS)) == {
        "connector, pace beside xero-python": 6,
        "connector, pace beside tap-xero": 4,
        "connector, pace beside the floor": 1.5,
        "connector on moto, pace beside xero-python": 3,
        "connector on moto, pace beside tap-xero": 2,
        "xero-python, processor time beside connector": 11,
        "tap-xero, processor time beside connector": 7,
        "the floor, processor time beside connector": 2,
    }


def test_only_the_peers_have_a_bar_and_the_floor_has_none() -> None:
    verdicts = {figure.what: figure.met for figure in ratios(RUNS)}
    assert verdicts.pop("connector, pace beside xero-python") is True
    assert verdicts.pop("connector, pace beside tap-xero") is False
    assert set(verdicts.values()) == {None}


def test_absolute_figures_are_by_record() -> None:
    found = values(absolute(RUNS))
    assert found["connector, pace"] == 2000
    assert found["connector, processor time"] == 250
    assert found["connector, spread of runs"] == 0


def test_calls_allowed_are_whole_pages_of_each_resource_and_two() -> None:
    assert most_calls([1, 0, 0]) == 3
    assert most_calls([1, 12, 1000]) == 5
    assert most_calls([1, 12, 1001]) == 6
    assert most_calls([100_000]) == 102
