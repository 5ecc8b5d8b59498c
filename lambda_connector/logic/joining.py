"""From a consent whose tokens are kept to a connected organisation."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from .clock import Clock
from .connections import Connections
from .model.authorization import CONSENT_TIME, USED, Authorization
from .model.connection import CONNECTED, DISCONNECTED, Connection
from .organisations import Choice, Offer
from .ports import AuthorizationStore, Tenant
from .problems import Problem

_TRIES = 4
"""A sync may stop or move the connection at the very moment it is renewed."""


@dataclass(frozen=True)
class Joining:
    store: AuthorizationStore
    connections: Connections
    clock: Clock

    def join(
        self, held: Authorization, organisation: str | None
    ) -> Connection | Choice:
        """Connect the organisation that this exchanged consent is about."""
        offer = self._offer(held)
        if offer.certain:
            self._resume(held, offer)
        for _ in range(_TRIES):
            former = self._former(held)
            tenant = (
                offer.again(former, organisation)
                if former
                else offer.pick(organisation)
            )
            if isinstance(tenant, Choice):
                return tenant
            made = self._connected(held, tenant, former)
            if made:
                return made
            now_held = self.store.get(held.instance, held.id)
            if now_held and now_held.status == USED:
                return self.joined(now_held, organisation)
            holder = self.connections.store.holder(held.instance, tenant.organisation)
            if holder not in (None, held.connection):
                raise Problem("organisation_taken", connection=holder)
        raise Problem("authorization_used")

    def joined(self, used: Authorization, organisation: str | None) -> Connection:
        """What this consent connected already, for a caller who lost the answer."""
        made = self._former(used)
        same = made and organisation in (None, made.organisation)
        if not made or not same or made.state == DISCONNECTED:
            raise Problem("authorization_used")
        return made

    def _offer(self, held: Authorization) -> Offer:
        """The organisations of this very consent. Where Xero names none for it,
        all that the user connected are offered, and a person has to choose."""

        def tenants(event: str | None) -> tuple[Tenant, ...]:
            of = self.connections
            return tuple(
                of.tokens.call(
                    held.instance,
                    held.token_set or "",
                    lambda token: of.api.tenants(token, event),
                )
            )

        of_consent = tenants(held.consent_event)
        if of_consent and held.consent_event:
            return Offer(of_consent, certain=True)
        return Offer(tenants(None), certain=False)

    def _resume(self, held: Authorization, offer: Offer) -> None:
        """Connections of this user that the consent covers too go on, whatever had
        stopped them, by the row that Xero has for them now."""
        rows = {tenant.organisation: tenant.xero_id for tenant in offer.tenants}
        for one in self.connections.list(held.instance):
            row = rows.get(one.organisation)
            if one.token_set != held.token_set or one.state == DISCONNECTED or not row:
                continue
            if one.state != CONNECTED or one.xero_id != row:
                again = replace(one.in_state(CONNECTED), xero_id=row)
                self.connections.store.replace(again)

    def _former(self, held: Authorization) -> Connection | None:
        store = self.connections.store
        return store.get(held.instance, held.connection) if held.connection else None

    def _connected(
        self, held: Authorization, tenant: Tenant, former: Connection | None
    ) -> Connection | None:
        """The connection, written down; None where a row moved on meanwhile."""
        now = self.clock.now()
        made = Connection(
            instance=held.instance,
            id=former.id if former else secrets.token_hex(8),
            version=former.version + 1 if former else 1,
            organisation=tenant.organisation,
            organisation_name=tenant.name,
            xero_id=tenant.xero_id,
            token_set=held.token_set or "",
            state=CONNECTED,
            connected_at=now,
        )
        used = replace(
            held,
            version=held.version + 1,
            status=USED,
            connection=made.id,
            valid_until=now + CONSENT_TIME,
        )
        if not self.connections.store.connect(made, used, secrets.token_hex(4)):
            return None
        if former and former.token_set != made.token_set:
            self.connections.leave(former)
        return made
