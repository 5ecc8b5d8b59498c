"""Over a real connection: dates, drops, cut bodies, the process."""

import json
import signal
import subprocess
import sys
import threading
import time

import pytest
import requests

from infra.xero_simulator.app import Application
from infra.xero_simulator.server import Server

COMMAND = [
    *(sys.executable, "-m", "infra.xero_simulator", "--port", "0", "--contacts", "3"),
    *("--client-id", "X", "--client-secret", "Y"),
]


@pytest.fixture
def online(xero, caller):
    """Reads the simulator over HTTP: `online(path)`."""
    server = Server("127.0.0.1", 0)
    thread = threading.Thread(target=server.serve, args=[Application(xero.simulator)])
    thread.start()

    def get(path="/api.xro/2.0/Contacts?page=1", **options):
        address = f"http://127.0.0.1:{server.port}{path}"
        return requests.get(address, headers=caller.headers, **options)

    yield get
    server.shutdown()
    thread.join()
    server.server_close()


def strike(xero, **fault):
    assert xero.http.post("/_simulator/faults", json=fault).status_code == 201


def test_answer_has_one_date(online):
    assert online().headers["Date"] == "Fri, 20 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize("kind", ["reset", "reset_after_commit"])
def test_dropped_connection(xero, online, kind):
    strike(xero, kind=kind)
    with pytest.raises(requests.ConnectionError):
        online()
    assert online().status_code == 200


def test_body_that_ends_in_the_middle(xero, online):
    strike(xero, kind="truncated_body")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        online()


def test_json_that_ends_in_the_middle(xero, online):
    strike(xero, kind="truncated_json")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        online().json()


def test_slow_answer_runs_into_the_clients_time_out(xero, online):
    strike(xero, kind="slow", seconds=1.5)
    with pytest.raises(requests.exceptions.ReadTimeout):
        online(timeout=0.2)


def test_body_drips_longer_than_a_client_waits_for_one_part(xero, online):
    strike(xero, kind="dripping", seconds=2)
    began = time.monotonic()
    assert online(timeout=1.5).json()["Contacts"]
    assert time.monotonic() - began > 1.5


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_process_says_when_it_is_ready_and_stops_when_told(end):
    process = subprocess.Popen(
        [*COMMAND, "--redirect-uri", "http://localhost:1/x"],
        stdout=subprocess.PIPE,
        text=True,
    )
    address = json.loads(process.stdout.readline())["simulator"]
    assert address.startswith("http://localhost:")
    state = requests.get(f"{address}/_simulator", timeout=60).json()
    assert [o["contacts"] for o in state["organisations"]] == [3, 25, 25, 0]
    process.send_signal(end)
    assert process.wait(timeout=60) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--redirect-uri", "http://127.0.0.1/x"], "http://localhost"),
        (["--redirect-uri", "https://x", "--dataset", "/nowhere"], "not a folder"),
        (["--redirect-uri", "https://x", "--contacts", "-1"], "cannot be negative"),
    ],
)
def test_process_says_in_one_line_why_it_cannot_start(options, message):
    command = [*COMMAND[:5], *COMMAND[7:], *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_taken_port_is_said():
    taken = Server("127.0.0.1", 0)
    command = [*COMMAND, "--redirect-uri", "https://x"]
    command[4] = str(taken.port)
    done = subprocess.run(command, capture_output=True, text=True)
    taken.server_close()
    assert done.returncode == 1
    assert str(taken.port) in done.stderr
