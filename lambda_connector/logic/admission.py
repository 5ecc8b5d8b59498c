"""Whether Xero may be asked about an organisation, before it is."""

from __future__ import annotations

from collections.abc import Sequence

from .model.connection import CONNECTED, Connection
from .ports import ConnectionStore, TokenSetStore
from .problems import Problem
from .resources import missing_scopes


def admit(
    connections: ConnectionStore,
    token_sets: TokenSetStore,
    instance: str,
    connection: str,
    scopes: Sequence[str],
) -> Connection:
    """The connection; or refuse what Xero would refuse, for the reason that it gave."""
    held = connections.get(instance, connection)
    if not held:
        raise Problem("not_found")
    if held.state_code == "scope_missing":
        raise Problem("scope_missing", missing=list(scopes))
    if held.state != CONNECTED:
        raise Problem(held.state_code or "reconnect_needed")
    tokens = token_sets.get(instance, held.token_set)
    if not tokens:
        raise Problem("reconnect_needed")
    missing = missing_scopes(scopes, tokens.scopes)
    if missing:
        raise Problem("scope_missing", missing=list(missing))
    return held
