"""The processes of a stack: started, watched, and all stopped."""

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.host.commands import ENDS_WITH_US, last_line
from infra.host.errors import HostError

STOP_SECONDS = 15


@dataclass
class Process:
    """One running piece, the leader of a process group of its own."""

    name: str
    running: subprocess.Popen[str]
    log: Path

    @property
    def is_alive(self) -> bool:
        return self.running.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal to the piece and to all that it started."""
        try:
            os.killpg(self.running.pid, number)
        except ProcessLookupError:
            pass

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to stop; after ``seconds`` make it."""
        if self.is_alive:
            self.signal(signal.SIGTERM)
            try:
                self.running.wait(seconds)
            except subprocess.TimeoutExpired:
                pass
        self.signal(signal.SIGKILL)
        self.running.wait()

    def died(self) -> HostError:
        """What to say when it is gone and should not be."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return HostError(
            f"{self.name} ended by itself",
            last_line(text) or f"exit code {self.running.poll()}",
            f"read {self.log}",
        )


class Processes:
    """The pieces in the order of their start. Leaving it stops them, last first."""

    def __init__(self, logs: Path):
        self._logs = logs
        self._all: list[Process] = []

    def __enter__(self) -> "Processes":
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        cwd: Path,
        announces: bool = False,
    ) -> Process:
        """Start a piece; what it writes goes to the log of its name.

        :param announces: its standard output is a line of JSON, see ``ready_line``
        """
        log = self._logs / f"{name.lower().replace(' ', '-')}.log"
        with log.open("ab") as output:
            running = subprocess.Popen(
                [*ENDS_WITH_US, *command],
                env={**os.environ, **environment},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if announces else output,
                stderr=output,
                text=True,
                start_new_session=True,
            )
        process = Process(name, running, log)
        self._all.append(process)
        return process

    def stop(self, process: Process | None = None) -> None:
        """Stop one piece, or all."""
        for each in [process] if process else list(reversed(self._all)):
            each.stop()
            self._all.remove(each)

    def check(self) -> None:
        """Raise for a piece that ended by itself.

        :raises HostError: names the piece and its last line
        """
        for process in self._all:
            if not process.is_alive:
                raise process.died()


def ready_line(process: Process, seconds: float = 90) -> dict[str, Any]:
    """The line of JSON that a piece prints when it is ready.

    :raises HostError: it ended, or said nothing in time
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if select.select([process.running.stdout], [], [], 0.5)[0]:
            line = process.running.stdout.readline()
            if line.startswith("{"):
                return json.loads(line)
            if not line:
                process.running.wait(5)
                raise process.died()
    raise HostError(
        f"{process.name} does not get ready",
        f"it said nothing for {seconds:g} s",
        f"read {process.log}",
    )
