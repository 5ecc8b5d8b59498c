"""The template's promises, and that a broken one is noticed."""

import copy
from pathlib import Path

import pytest

from infra.local.template import transform
from tests.infra.checks import CHECKS

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


@pytest.fixture(scope="module")
def transformed():
    return transform(TEMPLATE, {})


@pytest.fixture
def document(transformed):
    return copy.deepcopy(transformed)


SEEDED = [
    pytest.param(name, fault, id=f"{name}-{number}-{fault.__name__}")
    for name, check in CHECKS.items()
    for number, fault in enumerate(check.faults)
]


@pytest.mark.parametrize("name", CHECKS)
def test_the_template_keeps(name, document):
    assert list(CHECKS[name].wrong(document)) == []


@pytest.mark.parametrize(("name", "fault"), SEEDED)
def test_a_fault_is_noticed(name, fault, document):
    fault(document)
    assert list(CHECKS[name].wrong(document)) != []


def test_every_check_is_shown_to_fail():
    assert [name for name, check in CHECKS.items() if not check.faults] == []
