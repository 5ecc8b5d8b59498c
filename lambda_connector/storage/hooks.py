"""Addresses that Xero tells of changes, and when it last did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..logic.model.app import App
from ..logic.model.webhook import Heard, Hook
from .codec import from_item, plain, to_item
from .table import Item, Table, Write, instance_pk

_HOOK = "HOOK"
_HEARD = "HEARD"


def _hook_pk(hook: str) -> str:
    """Without instance: who posts names the hook alone. The function that takes the
    posts may read partitions of this beginning and no others."""
    return f"HOOK#{hook}"


def hook_write(app: App, hook: str) -> Write:
    """What the public address may know of this app; the app's own writes need it."""
    if not app.webhook_key:
        return hook_delete(hook)
    held = Hook(hook, app.instance, app.webhook_key)
    return Write(_hook_pk(hook), _HOOK, to_item(held))


def hook_delete(hook: str) -> Write:
    """Nothing is taken at the address from then on."""
    return Write(_hook_pk(hook), _HOOK)


def heard_delete(instance: str) -> Write:
    """What was heard was told to the app before."""
    return Write(instance_pk(instance), _HEARD)


@dataclass(frozen=True)
class DynamoHooks:
    table: Table

    def get(self, hook: str) -> Hook | None:
        item = self.table.get(_hook_pk(hook), _HOOK)
        return item and from_item(Hook, item)

    def heard(self, instance: str) -> Heard:
        item: Item = self.table.get(instance_pk(instance), _HEARD) or {}
        return from_item(Heard, item)

    def confirm(self, instance: str, at: datetime) -> None:
        self._set(instance, "confirmed_at", at)

    def receive(self, instance: str, at: datetime) -> None:
        self._set(instance, "received_at", at)

    def _set(self, instance: str, name: str, at: datetime) -> None:
        """One member alone: two batches may each write theirs at the same time."""
        update, values = f"SET {name} = :at", {":at": plain(at)}
        pk = instance_pk(instance)
        self.table.write(Write(pk, _HEARD, update=update, values=values))
