"""Addresses that Xero tells of changes, and when it last did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..logic.model.app import App
from ..logic.model.webhook import Heard, Hook
from .codec import from_item, plain, to_item
from .table import Item, Table, Write, instance_pk

_HOOK = "HOOK"


def _hook_pk(hook: str) -> str:
    """Without instance: who posts names the hook alone. The function that takes the
    posts may read partitions of this beginning and no others."""
    return f"HOOK#{hook}"


def _heard_sk(hook: str) -> str:
    return f"HEARD#{hook}"


def hook_write(app: App) -> Write:
    """What the public address may know of this app; the app's own writes need it."""
    if not app.webhook_key:
        return Write(_hook_pk(app.hook), _HOOK)
    hook = Hook(app.hook, app.instance, app.webhook_key)
    return Write(_hook_pk(app.hook), _HOOK, to_item(hook))


def hook_deletes(app: App) -> list[Write]:
    return [
        Write(_hook_pk(app.hook), _HOOK),
        Write(instance_pk(app.instance), _heard_sk(app.hook)),
    ]


@dataclass(frozen=True)
class DynamoHooks:
    table: Table

    def get(self, hook: str) -> Hook | None:
        item = self.table.get(_hook_pk(hook), _HOOK)
        return item and from_item(Hook, item)

    def heard(self, instance: str, hook: str) -> Heard:
        item: Item = self.table.get(instance_pk(instance), _heard_sk(hook)) or {}
        return from_item(Heard, item)

    def confirm(self, instance: str, hook: str, at: datetime) -> None:
        self._set(instance, hook, "confirmed_at", at)

    def receive(self, instance: str, hook: str, at: datetime) -> None:
        self._set(instance, hook, "received_at", at)

    def _set(self, instance: str, hook: str, name: str, at: datetime) -> None:
        """One member alone: two batches may each write theirs at the same time."""
        pk, sk = instance_pk(instance), _heard_sk(hook)
        values = {":at": plain(at)}
        self.table.write(Write(pk, sk, update=f"SET {name} = :at", values=values))
