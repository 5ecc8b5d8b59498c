"""The connector's API as API Gateway serves it, on a world in memory."""

from __future__ import annotations

import contextlib
import copy
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from infra.local import gateway
from infra.local.front import Quiet
from infra.local.function import Outcome
from infra.local.stack import Route
from lambda_connector import openapi
from lambda_connector.handlers.application import Application
from tests.unit.connector.calls import fill
from tests.unit.connector.http_events import Context
from tests.unit.connector.world import World

ROUTES = [
    Route("ANY", "/v1/{proxy+}", "Api"),
    Route("GET", "/oauth/callback", "Api"),
]
"""As the template has them."""
DOCUMENT = "/openapi.json"
WITHOUT_CONNECTION = {("DELETE", "/v1/app")}


@dataclass
class ServedApi:
    """A WSGI application: gateway, handler, memory. Every request finds the same world
    (one that may not have a connection finds it disconnected), unless it `goes_on`."""

    goes_on: bool = False
    world: World = field(default_factory=World.in_memory)

    def __post_init__(self) -> None:
        self.names = fill(self.world)
        self._lock = threading.Lock()
        self._application = Application(self.world.services)
        self._connected = Snapshot(self.world)
        for held in self.world.services.connections.list(self.world.instance):
            self.world.services.connections.disconnect(held.instance, held.id)
        self._disconnected = Snapshot(self.world)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        # One at a time, as in a process of Lambda's.
        with self._lock:
            answer = self._serve(Request(environ))
        return answer(environ, start_response)

    @contextlib.contextmanager
    def listening(self) -> Iterator[str]:
        """Its address, while the block runs."""
        server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()

    def _serve(self, request: Request) -> Response:
        if request.path == DOCUMENT:
            return Response(openapi.text(), content_type="application/json")
        found = gateway.match(ROUTES, request.method, request.path)
        if not found:
            return gateway.message(404, "Not Found")
        if not self.goes_on:
            self._begin_anew(request)
        event = gateway.event(request, *found)
        return gateway.response(Outcome(self._application.answer(event, Context())))

    def begin_anew(self) -> None:
        self._connected.restore()

    def _begin_anew(self, request: Request) -> None:
        parted = (request.method, request.path) in WITHOUT_CONNECTION
        (self._disconnected if parted else self._connected).restore()


class Snapshot:
    """What a world remembers, to go back to."""

    def __init__(self, world: World) -> None:
        self._places = [getattr(world.ports, one.name) for one in fields(world.ports)]
        self._held = self._copy([vars(place) for place in self._places])

    def restore(self) -> None:
        for place, held in zip(self._places, self._copy(self._held), strict=True):
            vars(place).clear()
            vars(place).update(held)

    def _copy(self, held: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The ports know each other and stay who they are."""
        return copy.deepcopy(held, {id(place): place for place in self._places})
