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
from infra.local import aws
from infra.local.supervisor import free_port

PROJECT = Path(__file__).parents[2]
SMALL_TEMPLATE = Path(__file__).parent / "small_stack" / "template.yaml"


@dataclass
class RunningStack:
    """A started ``python -m infra.local`` and what its ready line says."""

    process: subprocess.Popen[str]
    ready: dict[str, Any]

    @property
    def url(self) -> str:
        return self.ready["connector"]

    @property
    def state(self) -> Path:
        return Path(self.ready["state"])

    def processes(self) -> dict[str, list[int]]:
        """The process ids as they are now."""
        return json.loads((self.state / "processes.json").read_text())

    def client(self, service: str):
        return aws.client(service, self.ready["moto"])


def command(state: Path, *options: str) -> list[str]:
    """The command line of a stack on free ports."""
    return [
        sys.executable,
        "-m",
        "infra.local",
        f"--port={free_port()}",
        f"--moto-port={free_port()}",
        f"--state={state}",
        *options,
    ]


def start(state: Path, *options: str) -> RunningStack:
    process = subprocess.Popen(
        command(state, *options), cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    line = process.stdout.readline()
    assert line, "the stack did not start; its standard error says why"
    return RunningStack(process, json.loads(line))


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Iterator[RunningStack]:
    """The small stack of tests/infra/small_stack."""
    state = tmp_path_factory.mktemp("small")
    stack = start(state, f"--template={SMALL_TEMPLATE}")
    yield stack
    stack.process.terminate()
    assert stack.process.wait(15) == 0


@pytest.fixture(scope="module")
def connector(tmp_path_factory) -> Iterator[RunningStack]:
    """The stack of the project's own template; nothing listens where Xero would."""
    state = tmp_path_factory.mktemp("connector")
    stack = start(state, f"--xero-url=http://localhost:{free_port()}")
    yield stack
    stack.process.terminate()
    assert stack.process.wait(15) == 0


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
