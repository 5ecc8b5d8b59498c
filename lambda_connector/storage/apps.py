"""Xero apps; each client id belongs to one instance only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ..logic.model.app import App
from .codec import from_item, to_item
from .hooks import heard_delete, hook_delete, hook_write
from .table import Table, Write, instance_pk

_APP = "APP"


def _claim_pk(client_id: str) -> str:
    """A partition without instance: it is what keeps instances apart."""
    return f"APP#{hashlib.sha256(client_id.encode()).hexdigest()}"


@dataclass(frozen=True)
class DynamoApps:
    table: Table

    def get(self, instance: str) -> App | None:
        item = self.table.get(instance_pk(instance), _APP)
        return item and from_item(App, item)

    def save(self, app: App, previous: App | None, hook: str) -> bool:
        writes = [
            Write(
                _claim_pk(app.client_id),
                _APP,
                {"instance": app.instance},
                condition="attribute_not_exists(pk) OR instance = :instance",
                values={":instance": app.instance},
            ),
            Write(instance_pk(app.instance), _APP, to_item(app)),
            hook_write(app, hook),
        ]
        if previous and previous.client_id != app.client_id:
            writes.append(Write(_claim_pk(previous.client_id), _APP))
            writes.append(heard_delete(app.instance))
        return self.table.write(*writes) is None

    def delete(self, app: App, hook: str) -> None:
        self.table.write(
            Write(instance_pk(app.instance), _APP),
            Write(_claim_pk(app.client_id), _APP),
            hook_delete(hook),
            heard_delete(app.instance),
        )
