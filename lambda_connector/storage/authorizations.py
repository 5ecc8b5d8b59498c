"""Consents under way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..logic.model.authorization import Authorization
from .codec import from_item, to_item
from .table import ABSENT, Item, Table, Write, due, expires, instance_pk, replacement

DUE = "AUTHORIZATION"
_KEPT = timedelta(days=1)


def authorization_write(authorization: Authorization) -> Write:
    """The versioned write, which connecting needs in its own transaction."""
    pk, sk = instance_pk(authorization.instance), f"AUTH#{authorization.id}"
    return replacement(pk, sk, _item(authorization))


def _item(authorization: Authorization) -> Item:
    secret = authorization.code or authorization.verifier
    return {
        **to_item(authorization),
        **due(DUE, authorization.valid_until if secret else None),
        **expires(authorization.valid_until, _KEPT),
    }


@dataclass(frozen=True)
class DynamoAuthorizations:
    table: Table

    def create(self, authorization: Authorization) -> None:
        pk, sk = instance_pk(authorization.instance), f"AUTH#{authorization.id}"
        self.table.write(Write(pk, sk, _item(authorization), condition=ABSENT))

    def get(self, instance: str, authorization: str) -> Authorization | None:
        item = self.table.get(instance_pk(instance), f"AUTH#{authorization}")
        return item and from_item(Authorization, item)

    def replace(self, changed: Authorization) -> bool:
        return self.table.write(authorization_write(changed)) is None

    def due(self, now: datetime) -> Iterator[tuple[str, str]]:
        return self.table.due(DUE, now)
