"""Which handler answers which path, and what one exchange carries along."""

import re
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from infra.xero_simulator.oauth.tokens import AccessToken
    from infra.xero_simulator.simulator import Simulator
    from infra.xero_simulator.store import Tenant


@dataclass
class Exchange:
    """One request on its way to an answer.

    `held` is released when the answer is ready to be sent: what a call occupies
    meanwhile (one of the five concurrent calls) is given back there. `token` and
    `tenant` are set by the Accounting API's checks. `instead` is what answers in the
    handler's place once the checks have let the call in; it is given what the handler
    would do. `written` is how many records the call changed, `replayed` whether it
    was answered with what its `Idempotency-Key` kept.
    """

    simulator: "Simulator"
    request: Request
    held: ExitStack
    client_id: str | None = None
    token: "AccessToken | None" = None
    tenant: "Tenant | None" = None
    instead: Callable[[Callable[[], Response]], Response] | None = None
    written: int = 0
    replayed: bool = False


Handler = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """A method and a path like `/Contacts/{contact}`; letter case does not count.

    `scopes` are the OAuth scopes of which one is needed, `speaks` the media types of
    which one has to be accepted, by the part that tells them apart (both in the
    Accounting API only).
    """

    method: str
    path: str
    handle: Handler
    scopes: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ("json",)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        named = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        return re.compile(named, re.IGNORECASE)


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = list(routes)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route and its path's values, or None."""
        for route in self._routes:
            if route.method == method and (found := route.pattern.fullmatch(path)):
                return route, found.groupdict()
        return None

    def methods(self, path: str) -> list[str]:
        """The methods that some route allows for this path."""
        return [r.method for r in self._routes if r.pattern.fullmatch(path)]
