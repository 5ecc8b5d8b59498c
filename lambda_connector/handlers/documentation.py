"""What a route says of itself for the OpenAPI document, beside its types and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

SINGLE_CALLS = (
    "not_found",
    "reconnect_needed",
    "organisation_gone",
    "user_removed",
    "demo_company_reset",
    "xero_client_invalid",
    "scope_missing",
    "throttled",
    "xero_unavailable",
    "xero_answer_unreadable",
    "xero_refused",
    "document_too_large",
)
"""What every call to Xero that a person waits for may be refused with."""
GONE: dict[int, Any] = {204: {"description": "Done; there is no body.", "content": {}}}


def leads_to_connection(at: str) -> dict[str, Any]:
    """What can be done with the connection that the answer holds there."""
    found = {"connection": f"$response.body#{at}/id"}
    feed = {
        "epoch": f"$response.body#{at}/feed/epoch",
        "consumer": f"$response.body#{at}/feed/consumer",
    }
    plain = ("get_connection", "start_sync", "list_syncs", "take_over", "disconnect")
    return {name: link(name, found) for name in plain} | {
        "read_feed": link("read_feed", found | feed)
    }


def leads_to_sync(at: str) -> dict[str, Any]:
    """What can be done with the sync that the answer holds there."""
    found = {"sync": f"$response.body#{at}/id"}
    names = ("get_sync", "get_log", "cancel_sync")
    return {name: link(name, found) for name in names}


def link(operation: str, parameters: dict[str, str]) -> dict[str, Any]:
    """From an answer to an operation: where its parameters come from."""
    return {"operationId": operation, "parameters": parameters}


def refuses(*codes: str) -> Callable[[Function], Function]:
    """Name the codes of `problems.py` that this very route may answer with.

    What any route of its kind may answer stands in the document by itself: a key that
    is not valid, a request that is not, an error of the connector.
    """

    def declare(route: Function) -> Function:
        route.refusals = codes  # type: ignore[attr-defined]
        return route

    return declare
