"""The deployer's command line, as a test calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lambda_connector.cli.command_line import main


def said_by(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command; gives its JSON lines, or its one sentence of refusal."""

    def run(*arguments: str) -> Any:
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        if code:
            assert not said.out
            return said.err.strip()
        return [json.loads(line) for line in said.out.splitlines()]

    return run
