"""Starts the stack's processes, starts again those that die, and stops them all."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from infra.host.ports import is_free
from infra.local import aws, process

CHECK_SECONDS = 0.1
READY_SECONDS = 60
STOP_SECONDS = 3
# A process that dies younger than this is started again only after a pause.
YOUNG_SECONDS = 2


class StartFailed(RuntimeError):
    """A process ended before it served, or a port is taken."""


@dataclass
class Child:
    """One process under supervision; ``vital`` ones are not started again."""

    name: str
    module: str
    arguments: list[str]
    vital: bool = False
    started_at: float = 0.0
    running: subprocess.Popen[bytes] | None = field(default=None, repr=False)


class Supervisor:
    """The processes of one stack. Use as a context manager: leaving it stops them."""

    def __init__(self, project: Path, state: Path, moto_url: str) -> None:
        self._project = project
        self._state = state
        self._environment = aws.environment(moto_url) | {"PYTHONPATH": str(project)}
        self._children: list[Child] = []
        self._parent = os.getppid()
        self._stopping = False

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def _on_signal(self, *_) -> None:
        self._stopping = True

    def start(
        self, name: str, module: str, *arguments: object, vital: bool = False
    ) -> Child:
        """Start ``python -m module arguments`` and keep it running."""
        child = Child(name, module, [str(each) for each in arguments], vital)
        self._children.append(child)
        self._spawn(child)
        return child

    def _spawn(self, child: Child) -> None:
        child.started_at = time.monotonic()
        child.running = process.start(
            [sys.executable, "-m", child.module, *child.arguments],
            self._environment,
            self._log(child),
            str(self._project),
            own_group=True,
        )
        self._write_processes()

    def _log(self, child: Child) -> Path:
        return self._state / "logs" / f"{child.name}.log"

    def processes(self) -> dict[str, list[int]]:
        """The process ids by name."""
        return {each.name: [each.running.pid] for each in self._children}

    def _write_processes(self) -> None:
        """Keep the ids in a file: after a restart the printed ones are old."""
        started = {
            each.name: [each.running.pid] for each in self._children if each.running
        }
        text = json.dumps(started)
        temporary = self._state / "processes.json.new"
        temporary.write_text(text)
        temporary.replace(self._state / "processes.json")

    def await_http(self, child: Child, url: str) -> None:
        """Wait until the child answers HTTP, with whatever status.

        Raises:
            StartFailed: it ended instead, or took more than a minute.
        """
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and not self._stopping:
            if child.running.poll() is not None:
                break
            try:
                urllib.request.urlopen(url, timeout=READY_SECONDS).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(CHECK_SECONDS)
        if self._stopping:
            raise StartFailed("Stopped before everything served.")
        raise StartFailed(f"{child.name} did not start; see {self._log(child)}.")

    def run(self) -> int:
        """Supervise until told to stop; the exit status.

        Also stops when the process that started this one is gone.
        """
        while not self._stopping and os.getppid() == self._parent:
            for child in self._children:
                if child.running.poll() is None:
                    continue
                if child.vital:
                    end = f"{child.name} ended; see {self._log(child)}."
                    print(end, file=sys.stderr)
                    return 1
                if time.monotonic() - child.started_at < YOUNG_SECONDS:
                    time.sleep(YOUNG_SECONDS)
                self._spawn(child)
            time.sleep(CHECK_SECONDS)
        return 0

    def stop(self) -> None:
        """End every child's process group, politely, then by force."""
        for child in reversed(self._children):
            _signal_group(child.running, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        for child in self._children:
            try:
                child.running.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _signal_group(child.running, signal.SIGKILL)
            child.running.wait()


def _signal_group(running: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(running.pid, number)
    except ProcessLookupError:
        pass


def refuse_taken(port: int, option: str) -> None:
    """Raise StartFailed if something else listens on the port."""
    if not is_free(port):
        raise StartFailed(f"Port {port} is taken; choose another one with {option}.")
