"""The sizes, and which benchmarks run."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import BENCHES, chosen
from benchmarks.settings import Settings, read_settings


def test_nothing_set_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()
    assert read_settings({"BENCH_ROUNDS": "", "BENCH_CONTACTS": ""}) == Settings()


def test_sizes_are_read() -> None:
    environment = {
        "BENCH_INVOICES": "900",
        "BENCH_ROUNDS": "2",
        "BENCH_CONTACTS": "0,10",
        "BENCH_IMPORTED": "300",
        "BENCH_MIRRORED": "400",
    }
    assert read_settings(environment) == Settings(900, 2, (0, 10), 300, 400)


@pytest.mark.parametrize(
    "environment",
    [
        {"BENCH_ROUNDS": "0"},
        {"BENCH_ROUNDS": "x"},
        {"BENCH_INVOICES": "1"},
        {"BENCH_CONTACTS": "1,-1"},
        {"BENCH_IMPORTED": "99"},
        {"BENCH_MIRRORED": "99"},
        {"BENCH_CONTACTS": "1,,2"},
    ],
)
def test_sizes_that_measure_nothing_are_refused(environment: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        read_settings(environment)


def test_benchmarks_are_chosen_by_name() -> None:
    assert chosen("") == list(BENCHES)
    assert chosen("calls_to_xero") == ["calls_to_xero"]
    with pytest.raises(ValueError, match="No such benchmark: speed"):
        chosen("speed")
