"""The HTTP server: one thread a call."""

from http.server import HTTPServer

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from infra.xero_simulator.app import Application
from infra.xero_simulator.fault_kinds import CONNECTION


class _Handler(WSGIRequestHandler):
    """Speaks HTTP/1.1, writes no log, and lets a fault drop the connection."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: with Nagle's algorithm the second one waits
    # 40 ms for the client's acknowledgement of the first.
    disable_nagle_algorithm = True

    def make_environ(self) -> dict:
        return super().make_environ() | {CONNECTION: self}

    def send_response(self, code: int, message: str | None = None) -> None:
        """Leave Date to the application, which has the clock."""
        self.send_response_only(code, message)


class Server(ThreadedWSGIServer):
    """Serves an application that is given once the port is known."""

    daemon_threads = True
    # socketserver keeps a list of all threads, and close waits for them.
    block_on_close = False

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port, app=None, handler=_Handler)

    def serve(self, application: Application) -> None:
        """Answer requests until `shutdown`."""
        self.app = application
        HTTPServer.serve_forever(self, poll_interval=0.1)
