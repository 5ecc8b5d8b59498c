"""Connected organisations: what is known of them, and how they part."""

from __future__ import annotations

from dataclasses import dataclass

from .faults import OrganisationGone, ReconnectNeeded, TokenRejected, XeroFault
from .model.connection import (
    CONNECTED,
    DISCONNECTED,
    RECONNECT,
    Connection,
)
from .ports import ConnectionStore, XeroApi
from .problems import Problem
from .syncs import Syncs
from .tokens import SHORT_PATIENCE, Tokens


@dataclass(frozen=True)
class Connections:
    store: ConnectionStore
    syncs: Syncs
    tokens: Tokens
    api: XeroApi

    def get(self, instance: str, connection: str) -> Connection:
        found = self.store.get(instance, connection)
        if not found:
            raise Problem("not_found")
        return found

    def list(self, instance: str) -> list[Connection]:
        return self.store.list(instance)

    def stop(self, held: Connection, code: str) -> None:
        """Xero no longer lets us in: a person has to connect again."""
        if held.state == CONNECTED:
            self.store.replace(held.in_state(RECONNECT, code))

    def disconnect(self, instance: str, connection: str) -> None:
        """Part at Xero and here. May be asked again until it has gone through."""
        held = self.get(instance, connection)
        if held.state == DISCONNECTED:
            return
        self.syncs.cancel_live(instance, connection)
        self._disconnect_at_xero(held)
        while held.state != DISCONNECTED:
            if self.store.disconnect(held.in_state(DISCONNECTED)):
                break
            held = self.get(instance, connection)
        self.tokens.forget_unused(instance, held.token_set)

    def _disconnect_at_xero(self, held: Connection) -> None:
        """Where Xero already shut us out there is nothing left to remove."""
        try:
            token = self.tokens.access(
                held.instance, held.token_set, patience=SHORT_PATIENCE
            )
            self.api.disconnect(token, held.xero_id)
        except (ReconnectNeeded, TokenRejected, OrganisationGone):
            return
        except XeroFault as fault:
            raise Problem("xero_unavailable") from fault
