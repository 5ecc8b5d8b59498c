"""A function's execution environments live and die as Lambda's do."""

import os
import signal
from pathlib import Path

import pytest

from infra.local import aws
from infra.local.function import Function
from infra.local.stack import FunctionSpec
from tests.waiting import until

HANDLERS = """
import os
state = {"calls": 0}
def handler(event, context):
    state["calls"] += 1
    return {"pid": os.getpid(), "calls": state["calls"], "event": event}
"""


@pytest.fixture
def function(tmp_path):
    (tmp_path / "handlers.py").write_text(HANDLERS)
    made = []

    def make(handler, timeout=5):
        environment = aws.environment("http://localhost:9")
        spec = FunctionSpec("Small", handler, timeout, environment)
        made.append(Function(spec, str(tmp_path), tmp_path, concurrency=1))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_a_warm_environment_is_used_again(function):
    warm = function("handlers.handler")
    first, second = warm.invoke({"n": 1}).answer, warm.invoke({"n": 2}).answer
    assert first["pid"] == second["pid"]
    assert (first["calls"], second["calls"]) == (1, 2)
    assert second["event"] == {"n": 2}


def test_an_idle_environment_that_died_is_replaced(function):
    killed = function("handlers.handler")
    first = killed.invoke({}).answer
    os.kill(first["pid"], signal.SIGKILL)
    process = Path(f"/proc/{first['pid']}")
    until(lambda: not process.exists(), "end of the killed process")
    second = killed.invoke({}).answer
    assert second["pid"] != first["pid"]


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        ("nowhere.handler", "Runtime.ImportModuleError"),
        ("handlers.nothing", "Runtime.HandlerNotFound"),
    ],
)
def test_a_handler_that_is_not_there_is_an_error_each_time(function, handler, error):
    broken = function(handler)
    for _ in range(2):
        outcome = broken.invoke({})
        assert outcome.answer is None
        assert outcome.error["errorType"] == error


def test_closing_ends_the_processes(function):
    closed = function("handlers.handler")
    pid = closed.invoke({}).answer["pid"]
    closed.close()
    assert not Path(f"/proc/{pid}").exists()
