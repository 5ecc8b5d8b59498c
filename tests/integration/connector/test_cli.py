"""The deployer's command line, on the deployed table."""

from __future__ import annotations

import json

import pytest

from lambda_connector.logic.problems import Problem
from tests.unit.connector.world import World

from .command_line import said_by


@pytest.fixture
def run(world: World, monkeypatch, capsys):
    """Runs a command; its JSON lines, or its one sentence of refusal."""
    monkeypatch.setenv("TABLE_NAME", world.settings.table_name)

    said = said_by(capsys)
    return lambda *arguments: said("instances", *arguments)


def test_key_is_made_rotated_listed_and_revoked(world: World, run) -> None:
    origin = "https://crm.example.com"
    ((made),) = run("create", "--name", "Shop", "--return-origin", origin)
    authenticate = world.services.instances.authenticate
    assert authenticate(made["key"]) == made["instance"]

    ((rotated),) = run("rotate", made["instance"], "--grace-hours", "2")
    assert authenticate(rotated["key"]) == authenticate(made["key"])
    shop = next(one for one in run("list") if one["name"] == "Shop")
    assert shop["return_origin"] == origin
    assert len(shop["keys"]) == 2 and all(key["last_used_at"] for key in shop["keys"])
    assert made["key"] not in json.dumps(shop)

    assert run("revoke", made["instance"]) == [
        {"instance": made["instance"], "revoked": True}
    ]
    world.clock.time = max(
        key.valid_until for key in world.ports.instances.keys(made["instance"])
    )
    for key in (made["key"], rotated["key"]):
        with pytest.raises(Problem, match="instance_key_invalid"):
            authenticate(key)


def test_mistakes_are_said_in_one_sentence(run, monkeypatch) -> None:
    bad = ["create", "--name", "Shop", "--return-origin", "crm.example.com"]
    assert run(*bad).startswith("--return-origin must begin with http")
    assert run("rotate", "unknown") == "There is no instance unknown."
    monkeypatch.delenv("TABLE_NAME")
    assert run("list") == ("Name the deployed stack: --stack NAME (or set TABLE_NAME).")
