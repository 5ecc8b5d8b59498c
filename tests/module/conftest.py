"""The module's whole life in real databases, one for each set of modules."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.demo.odoo_database import BARE, FULL, OdooDatabases, server_arguments
from infra.host.host import Host
from infra.host.places import PROJECT

SETS = {"bare": BARE, "full": FULL}
LONGEST_SECONDS = 600


@pytest.fixture(scope="session", params=SETS)
def life(request: Any, host: Host, tmp_path_factory: Any) -> Iterator[dict[str, Any]]:
    """What was seen in a database from before the module to after it."""
    databases = OdooDatabases(host)
    name = f"xero_test_life_{request.param}"
    answer = tmp_path_factory.mktemp("life") / f"{request.param}.json"
    with host.postgres():
        databases.create(name, SETS[request.param])
        try:
            _live(host, databases, name, answer)
        finally:
            databases.drop(name)
    yield json.loads(answer.read_text())


def _live(host: Host, databases: OdooDatabases, name: str, answer: Path) -> None:
    arguments = server_arguments(databases.data, name)[1:]
    program = (
        f"from tests.module.in_odoo.life import main\nmain({name!r}, {str(answer)!r})\n"
    )
    done = subprocess.run(
        [*host.odoo_command, "shell", *arguments, "--no-http"],
        input=program,
        env={**os.environ, **host.odoo_environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
    )
    log = done.stdout + done.stderr
    assert done.returncode == 0 and answer.exists(), log[-8000:]
    assert " ERROR " not in log and " CRITICAL " not in log, log[-8000:]
