"""The units of DynamoDB and the bill, worked out by hand for small cases."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from benchmarks.aws_cost import bill
from benchmarks.aws_cost import dynamodb_units as units
from benchmarks.aws_cost.meter import Used

PROJECT = Path(__file__).parents[3]
SETTING = re.compile(r"([A-Z][a-z]+(?:[A-Z][a-z]+)+)=\w+")
ROW = {"pk": {"S": "I#1"}, "n": {"N": "1234"}, "marks": {"M": {"a": {"BOOL": True}}}}


def sized(size: int, **more: dict) -> dict:
    return {"pk": {"S": "x" * (size - 2)}, **more}


def due(at: str) -> dict:
    return {"due_pk": {"S": "SYNC"}, "due_at": {"N": at}}


def test_item_is_as_large_as_its_names_and_values() -> None:
    assert units.item_bytes(ROW) == (2 + 3) + (1 + 3) + (5 + 3 + 1 + 1 + 1)


@pytest.mark.parametrize(
    ("size", "consistent", "expected"),
    [(10, True, 1), (4096, True, 1), (4097, True, 2), (4096, False, 0.5)],
)
def test_read_units(size: int, consistent: bool, expected: float) -> None:
    assert units.read_units([sized(size)], consistent) == expected


def test_reading_nothing_costs_a_unit() -> None:
    assert units.read_units([], consistent=True) == 1


def test_write_costs_by_the_larger_state_and_twice_in_a_transaction() -> None:
    small, large = sized(100), sized(1025)
    assert units.write_units(small, small, in_transaction=False) == 1
    assert units.write_units(large, small, in_transaction=False) == 2
    assert units.write_units(small, large, in_transaction=True) == 4
    assert units.write_units(None, small, in_transaction=False) == 1


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, due("1"), 1),
        (due("1"), due("1"), 0),
        (due("1"), due("2"), 2),
        (due("1"), {}, 1),
        ({}, {}, 0),
    ],
)
def test_index_is_written_when_a_place_in_it_changes(
    before: dict | None, after: dict, expected: int
) -> None:
    assert units.index_units(before, after) == expected


def test_operation_costs_the_sum_of_what_it_used() -> None:
    used = Used(
        calls=Counter({"dynamodb.GetItem": 2}),
        invocations=Counter(api=1),
        read_units=2.0,
        log_bytes=550,
    )
    parts = bill.of_operation(used)
    assert parts["API Gateway"] == 1e-6
    assert parts["DynamoDB"] == 2 * 0.125e-6
    assert parts["logs"] == pytest.approx(1000 / 1e9 * 0.5)
    assert parts["Lambda"] == pytest.approx(0.2e-6 + 0.026 * 0.5 * 1.66667e-5)


def test_connector_alone_costs_its_keys_alarms_dashboard_and_polls() -> None:
    nothing = Used(metrics={"janitor JanitorRound"})
    parts = bill.fixed({"janitor's round": nothing})
    assert parts["metrics"] == 0.30
    assert parts["dashboard"] == 3.0
    assert parts["KMS"] > 2.0
    assert parts["alarms"] >= 0.10 * 20
    polls = 5 * 30 * 86_400 / 20
    assert parts["SQS"] == pytest.approx(polls * 0.9e-6)


def test_settings_that_the_document_names_are_the_templates() -> None:
    named = set(SETTING.findall((PROJECT / "docs/scale.md").read_text()))
    parameters = yaml_parse((PROJECT / "template.yaml").read_text())["Parameters"]
    assert {"WorkerConcurrency", "ApiRequestsPerSecond"} <= named
    assert named <= parameters.keys()
