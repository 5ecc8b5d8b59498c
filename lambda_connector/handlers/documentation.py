"""What a route says of itself for the OpenAPI document, beside its types and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

GONE: dict[int, Any] = {204: {"description": "Done; there is no body.", "content": {}}}


def refuses(*codes: str) -> Callable[[Function], Function]:
    """Name the codes of `problems.py` that this very route may answer with.

    What any route of its kind may answer stands in the document by itself: a key that
    is not valid, a request that is not, an error of the connector.
    """

    def declare(route: Function) -> Function:
        route.refusals = codes  # type: ignore[attr-defined]
        return route

    return declare
