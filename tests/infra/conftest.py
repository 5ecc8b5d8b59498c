"""Stacks that run for the tests of a module."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.host.host import Host
from infra.host.ports import free_port
from infra.local import aws
from tests.local_stack import PROJECT, RunningStack, running

SMALL_TEMPLATE = Path(__file__).parent / "small_stack" / "template.yaml"


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Iterator[RunningStack]:
    """The small stack of tests/infra/small_stack."""
    state = tmp_path_factory.mktemp("small")
    with running(state, f"--template={SMALL_TEMPLATE}") as stack:
        yield stack


@pytest.fixture(scope="module")
def connector(tmp_path_factory) -> Iterator[RunningStack]:
    """The stack of the project's own template; nothing listens where Xero would."""
    state = tmp_path_factory.mktemp("connector")
    with running(state, f"--xero-url=http://localhost:{free_port()}") as stack:
        yield stack


@dataclass(frozen=True)
class Sam:
    """AWS's command line tool, as this project is built with it."""

    program: Path

    def run(self, *arguments: str) -> str:
        """Run it; its standard output.

        Raises:
            AssertionError: it failed; with what it said.
        """
        here = {
            "ARCHITECTURE": "arm64" if platform.machine() == "aarch64" else "x86_64",
            "AWS_DEFAULT_REGION": aws.REGION,
            "PYTHON": sys.executable,
            "SAM_CLI_TELEMETRY": "0",
        }
        ended = subprocess.run(
            [self.program, *arguments],
            cwd=PROJECT,
            env={**os.environ, **here},
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def event(self, *arguments: str) -> dict[str, Any]:
        """An event that ``sam local generate-event`` makes."""
        return json.loads(self.run("local", "generate-event", *arguments))


@pytest.fixture(scope="session")
def sam(host: Host) -> Sam:
    return Sam(host.sam)


@pytest.fixture(scope="session")
def built(sam: Sam, tmp_path_factory) -> Path:
    """The folder in which ``sam build`` laid a folder for each function."""
    folder = tmp_path_factory.mktemp("built")
    sam.run("build", f"--build-dir={folder}")
    return folder
