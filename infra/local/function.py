"""A Lambda function: execution environments, started as needed and used one by one."""

import json
import os
import queue
import sys
import threading
import time
import uuid
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local import process
from infra.local.runtime_api import Answered, Failed, Invocation, RuntimeApi, Started
from infra.local.stack import FunctionSpec

# AWS gives 10 s; a machine that runs a whole stack and its tests is slower.
INIT_SECONDS = 60
ANSWER_BYTES = 6_291_556


@dataclass(frozen=True)
class Outcome:
    """What an invocation gave: the answer's JSON value, or an error, never both."""

    answer: Any = None
    error: dict[str, Any] | None = None


@dataclass(frozen=True)
class Exited:
    """The environment's process ended, by a signal if the code is negative."""

    code: int


class ExecutionEnvironment:
    """One process that holds the handler and serves one invocation at a time."""

    def __init__(self, spec: FunctionSpec, code: str, log: Path) -> None:
        self._spec = spec
        self._log = log
        self._api = RuntimeApi()
        settings = spec.environment | {
            "AWS_LAMBDA_RUNTIME_API": self._api.address,
            "LAMBDA_TASK_ROOT": code,
            "PYTHONPATH": code,
            "_HANDLER": spec.handler,
        }
        command = [sys.executable, "-m", "awslambdaric", spec.handler]
        self._process = process.start(command, settings, log, code)
        threading.Thread(target=self._await_exit, daemon=True).start()

    def _await_exit(self) -> None:
        self._api.outbox.put(Exited(self._process.wait()))

    @property
    def alive(self) -> bool:
        """By the kernel: Popen.poll knows nothing while another thread waits."""
        ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
        try:
            return os.waitid(os.P_PID, self._process.pid, ended) is None
        except ChildProcessError:
            return False

    def invoke(self, event: Any) -> Outcome:
        """Run the handler once, as Lambda would: killed when its time is over."""
        request_id = str(uuid.uuid4())
        begun = time.monotonic()
        payload = json.dumps(event).encode()
        self._api.inbox.put(
            Invocation(request_id, payload, self._spec.arn, self._spec.timeout)
        )
        result = self._next(INIT_SECONDS)
        if isinstance(result, Started):
            begun = time.monotonic()
            result = self._next(self._spec.timeout)
        else:
            self.kill()
        outcome = self._outcome(request_id, result)
        self._report(request_id, time.monotonic() - begun, outcome)
        return outcome

    def _next(self, seconds: float) -> Any:
        try:
            return self._api.outbox.get(timeout=seconds)
        except queue.Empty:
            self.kill()
            return None

    def _outcome(self, request_id: str, result: Any) -> Outcome:
        match result:
            case Answered(payload) if len(payload) > ANSWER_BYTES:
                error = "Function.ResponseSizeTooLarge"
                text = f"Response payload size exceeded {ANSWER_BYTES} bytes."
            case Answered(payload):
                return Outcome(answer=json.loads(payload))
            case Failed(error):
                return Outcome(error=error)
            case Exited(code):
                cause = f"signal {-code}" if code < 0 else f"exit status {code}"
                error = "Runtime.ExitError"
                text = f"Runtime exited with error: {cause}"
            case _:
                error = "Sandbox.Timedout"
                text = f"Task timed out after {self._spec.timeout:.2f} seconds"
        message = f"RequestId: {request_id} Error: {text}"
        return Outcome(error={"errorType": error, "errorMessage": message})

    def _report(self, request_id: str, seconds: float, outcome: Outcome) -> None:
        status = outcome.error["errorType"] if outcome.error else "success"
        line = {
            "type": "platform.report",
            "requestId": request_id,
            "status": status,
            "durationMs": round(seconds * 1000, 1),
        }
        with self._log.open("a") as log:
            log.write(json.dumps(line) + "\n")

    def kill(self) -> None:
        """End the process at once and release what served it."""
        self._process.kill()
        self._process.wait()
        self._api.close()


class Function:
    """A function that any number of threads may invoke, ``concurrency`` at a time."""

    def __init__(
        self, spec: FunctionSpec, code: str, state: Path, concurrency: int
    ) -> None:
        self._spec = spec
        self._code = code
        self._log = state / "logs" / f"{spec.name}.log"
        self._places = threading.BoundedSemaphore(concurrency)
        self._idle: deque[ExecutionEnvironment] = deque()
        # Processes die with the thread that started them: one that stays.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="starter")

    def invoke(self, event: Any) -> Outcome:
        with self._places:
            environment = self._take()
            outcome = environment.invoke(event)
            if environment.alive:
                self._idle.append(environment)
            else:
                environment.kill()
            return outcome

    def _take(self) -> ExecutionEnvironment:
        while environment := self._pop_idle():
            if environment.alive:
                return environment
            environment.kill()
        return self._starter.submit(
            ExecutionEnvironment, self._spec, self._code, self._log
        ).result()

    def _pop_idle(self) -> ExecutionEnvironment | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def close(self) -> None:
        while environment := self._pop_idle():
            environment.kill()
        self._starter.shutdown()
