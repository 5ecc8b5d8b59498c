"""A started ``python -m infra.local``, for tests."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.host.ports import free_port
from infra.local import aws

PROJECT = Path(__file__).parents[1]


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


@contextlib.contextmanager
def running(state: Path, *options: str) -> Iterator[RunningStack]:
    """The stack, stopped at the end; it must stop well."""
    stack = start(state, *options)
    try:
        yield stack
    finally:
        stack.process.terminate()
        assert stack.process.wait(60) == 0
