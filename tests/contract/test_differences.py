"""The table of differences holds nothing that is none any more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lambda_connector.logic.resources import RESOURCES
from tests.contract.openapi import simulator_cases as cases
from tests.contract.openapi import write_cases
from tests.contract.openapi.connector_flow import (
    connector_exchanges,
    request_verdict,
    scope_verdict,
)
from tests.contract.openapi.descriptions import (
    ACCOUNTING,
    document,
    needs_descriptions,
)
from tests.contract.openapi.differences import (
    DIFFERENCES,
    Difference,
    Verdict,
    verdict,
)
from tests.contract.openapi.examples import example
from tests.contract.openapi.judge import response_findings
from tests.contract.openapi.simulators import DATASETS

BY_NAME = pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: each.what)


def verdicts() -> Iterator[Verdict]:
    """On everything that the suite judges."""
    for exchanges in connector_exchanges().values():
        yield from map(request_verdict, exchanges)
    yield from map(scope_verdict, RESOURCES.values())
    answered = [cases.cases_of(name) for name in DATASETS] + [cases.connection_cases()]
    for by_route in answered:
        yield from (case.verdict for found in by_route.values() for case in found)
    for route in cases.READ_ROUTES:
        yield from (case.verdict for case in cases.refusals_of(route.path))
        shown = example(route.path)
        yield verdict(response_findings(shown), shown)
    for method, path in write_cases.WRITES:
        yield from (case.verdict for case in write_cases.cases_of(method, path))
        yield from write_cases.request_verdicts(method, path)


@pytest.fixture(scope="module")
def met() -> set[str]:
    return {name for each in verdicts() for name in each.met}


@needs_descriptions
@BY_NAME
def test_a_difference_is_still_one(difference: Difference, met: set[str]) -> None:
    version = document(ACCOUNTING)["info"]["version"]
    assert difference.what in met, f"nothing differs so from version {version}"


@BY_NAME
def test_a_difference_has_a_source(difference: Difference) -> None:
    assert difference.source
    assert [each.what for each in DIFFERENCES].count(difference.what) == 1
