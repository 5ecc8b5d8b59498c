"""What a stack starts is watched, and nothing of it stays."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.demo.processes import Process, Processes, ready_line
from infra.host.errors import HostError

# A piece with a child of its own; it says who the child is.
PARENT = """
import json, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(json.dumps({"child": child.pid}), flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("{}", flush=True)
time.sleep(60)
"""


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with Processes(tmp_path / "logs") as pieces:
        yield pieces


def start(processes: Processes, program: str, name: str = "Piece") -> Process:
    command = [sys.executable, "-c", program]
    return processes.start(name, command, {}, Path.cwd(), announces=True)


def is_running(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    until = time.monotonic() + 60
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.01)
    return not is_running(pid)


def test_a_piece_is_stopped_with_all_that_it_started(processes: Processes) -> None:
    piece = start(processes, PARENT)
    child = ready_line(piece)["child"]
    assert is_running(child)
    processes.stop()
    assert gone(piece.running.pid)
    assert gone(child)


def test_a_piece_that_will_not_stop_is_made_to(processes: Processes) -> None:
    piece = start(processes, STUBBORN)
    ready_line(piece)
    piece.stop(seconds=0.1)
    assert piece.running.returncode == -signal.SIGKILL


def test_a_piece_that_ended_by_itself_is_named_with_its_last_line(
    processes: Processes,
) -> None:
    piece = start(processes, "raise SystemExit('no queue')", "Xero simulator")
    piece.running.wait()
    with pytest.raises(HostError, match="Xero simulator ended by itself: no queue"):
        processes.check()


def test_waiting_for_a_piece_that_ends_is_over_at_once(processes: Processes) -> None:
    piece = start(processes, "raise SystemExit('port taken')")
    with pytest.raises(HostError, match="port taken"):
        ready_line(piece)


def test_a_piece_that_says_nothing_is_not_waited_for_for_ever(
    processes: Processes,
) -> None:
    piece = start(processes, "import time; time.sleep(60)")
    with pytest.raises(HostError, match="does not get ready"):
        ready_line(piece, seconds=0.1)


def test_a_piece_that_was_killed_can_be_stopped(processes: Processes) -> None:
    piece = start(processes, PARENT)
    ready_line(piece)
    piece.signal(signal.SIGKILL)
    processes.stop(piece)
    processes.check()
