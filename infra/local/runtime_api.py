"""Lambda's side of the Runtime API, for one execution environment.

The other side is AWS's own runtime client (awslambdaric), so that events, contexts,
answers and errors pass exactly the code that they pass on AWS.
Source: AWS Lambda Developer Guide, "Using the Lambda runtime API".
"""

import json
import queue
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PREFIX = "/2018-06-01/runtime/"


@dataclass(frozen=True)
class Invocation:
    """One event on its way to the handler; ``timeout`` in seconds."""

    request_id: str
    event: bytes
    function_arn: str
    timeout: float


@dataclass(frozen=True)
class Started:
    """The environment took the invocation; its time runs."""


@dataclass(frozen=True)
class Answered:
    """The handler's answer, as JSON."""

    payload: bytes


@dataclass(frozen=True)
class Failed:
    """The handler's exception, or the failure of its import."""

    error: dict[str, Any]


class RuntimeApi(ThreadingHTTPServer):
    """Hands invocations out and puts what becomes of them into ``outbox``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), RuntimeApiHandler)
        self.inbox: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self.outbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def close(self) -> None:
        self.inbox.put(None)
        self.shutdown()
        self.server_close()


class RuntimeApiHandler(BaseHTTPRequestHandler):
    """The four calls of the Runtime API that the Python runtime client makes."""

    protocol_version = "HTTP/1.1"
    server: RuntimeApi

    def do_GET(self) -> None:
        if self.path != f"{PREFIX}invocation/next":
            self.send_error(404)
            return
        invocation = self.server.inbox.get()
        if invocation is None:
            self.close_connection = True
            return
        self.server.outbox.put(Started())
        deadline = int((time.time() + invocation.timeout) * 1000)
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
            "Content-Type": "application/json",
        }
        self._answer(200, invocation.event, headers)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        # Accepted first: the next invocation may come as soon as it is in the outbox.
        self._answer(202, b"", {})
        if self.path.endswith("/response"):
            self.server.outbox.put(Answered(body))
        else:
            self.server.outbox.put(Failed(json.loads(body)))

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the function's log is the log."""
