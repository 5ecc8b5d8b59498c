"""The demo's plan follows the environment's variables."""

from pathlib import Path

import pytest

from infra.demo.__main__ import real_app, simulator_data
from infra.demo.stack import XeroApp
from infra.host.errors import HostError


def test_the_company_has_a_size_and_a_seed_where_nothing_is_set() -> None:
    assert simulator_data({}) == ("--seed", "1", "--contacts", "300")


def test_variables_choose_the_company() -> None:
    chosen = simulator_data({"CONTACTS": "2000", "SEED": "7"})
    assert chosen == ("--seed", "7", "--contacts", "2000")


def test_a_dataset_takes_the_place_of_the_invented_company(tmp_path: Path) -> None:
    chosen = simulator_data({"DATASET": str(tmp_path), "CONTACTS": "2000"})
    assert chosen == ("--seed", "1", "--dataset", str(tmp_path))


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"CONTACTS": "many"}, "CONTACTS is no number"),
        ({"SEED": "-1"}, "SEED is no number"),
        ({"DATASET": "/nonexistent"}, "DATASET is no folder"),
    ],
)
def test_what_cannot_be_used_is_named(variables: dict[str, str], said: str) -> None:
    with pytest.raises(HostError, match=said):
        simulator_data(variables)


def test_without_an_app_xero_is_simulated() -> None:
    assert real_app({}) is None


def test_an_app_means_the_real_xero() -> None:
    variables = {"XERO_CLIENT_ID": "id", "XERO_CLIENT_SECRET": "secret"}
    assert real_app(variables) == XeroApp("id", "secret")


@pytest.mark.parametrize("missing", ["XERO_CLIENT_ID", "XERO_CLIENT_SECRET"])
def test_half_an_app_is_refused_without_showing_it(missing: str) -> None:
    variables = {"XERO_CLIENT_ID": "half", "XERO_CLIENT_SECRET": "half"}
    with pytest.raises(HostError, match=f"{missing} is not set") as raised:
        real_app(variables | {missing: ""})
    assert "half" not in str(raised.value)
