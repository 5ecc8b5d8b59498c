"""Connected organisations: what is known of them, and how they part."""

from __future__ import annotations

from dataclasses import dataclass, field

from .faults import (
    OrganisationGone,
    ReconnectNeeded,
    Refused,
    ScopeMissing,
    TokenRejected,
    XeroFault,
)
from .model.connection import (
    CONNECTED,
    DISCONNECTED,
    RECONNECT,
    Connection,
)
from .observer import Observer
from .organisations import shut_out_code
from .ports import ConnectionStore, XeroApi
from .problems import Problem
from .syncs import Syncs
from .tokens import Tokens

_SHUT_OUT = ReconnectNeeded, TokenRejected, OrganisationGone, ScopeMissing, Refused


@dataclass(frozen=True)
class Connections:
    store: ConnectionStore
    syncs: Syncs
    tokens: Tokens
    api: XeroApi
    observer: Observer = field(default_factory=Observer)

    def get(self, instance: str, connection: str) -> Connection:
        found = self.store.get(instance, connection)
        if not found:
            raise Problem("not_found")
        return found

    def list(self, instance: str) -> list[Connection]:
        return self.store.list(instance)

    def stopped(self) -> int:
        """How many connections, of all instances, need a person."""
        return self.store.stopped(self.tokens.clock.now())

    def stop(self, held: Connection, code: str) -> None:
        """Xero no longer lets us in: a person has to connect again."""
        if held.state == CONNECTED:
            if self.store.replace(held.in_state(RECONNECT, code)):
                self.observer.stopped(held.id, code)

    def shut_out(self, held: Connection, token: str) -> ReconnectNeeded:
        """Why Xero refuses access to the organisation with this token: asked of Xero
        itself, whose refusal is the same for each reason. Raises what asking met."""
        listed = self.api.tenants(token, None)
        return ReconnectNeeded(shut_out_code(held, listed))

    def disconnect(self, instance: str, connection: str) -> None:
        """Part at Xero and here. May be asked again until it has gone through."""
        held = self.get(instance, connection)
        if held.state == DISCONNECTED:
            return
        self.syncs.cancel_live(instance, connection)
        while held.state != DISCONNECTED:
            self._remove_at_xero(held)
            if self.store.disconnect(held.in_state(DISCONNECTED)):
                break
            held = self.get(instance, connection)
        self.tokens.forget_unused(instance, held.token_set)

    def leave(self, former: Connection) -> None:
        """Another Xero user took this connection over: the row of the one before goes
        as far as Xero allows, then the tokens, if no other connection needs them."""
        try:
            self._remove_at_xero(former)
        except Problem:
            pass
        self.tokens.forget_unused(former.instance, former.token_set)

    def _remove_at_xero(self, held: Connection) -> None:
        """Where Xero shut us out or refuses it, there is nothing that we can remove."""
        try:
            self.tokens.call(
                held.instance,
                held.token_set,
                lambda token: self.api.disconnect(token, held.xero_id),
            )
        except _SHUT_OUT:
            return
        except XeroFault as fault:
            raise Problem("xero_unavailable") from fault
