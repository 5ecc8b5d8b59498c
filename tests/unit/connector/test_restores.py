"""Restores with the stores in memory."""

from __future__ import annotations

import dataclasses

import pytest

from .restores import Backup, Restore, Restores
from .world import World


class TestRestores(Restores):
    @pytest.fixture
    def backup(self) -> Backup:
        return _backup


def _backup(world: World) -> Restore:
    """The rows of all stores as they are now; what lies in the spool stays there, as
    it does in S3."""
    ports = [getattr(world.ports, one.name) for one in dataclasses.fields(world.ports)]
    tables = [
        table
        for port in ports
        if port not in (world.ports.spool, world.ports.identity)
        for table in vars(port).values()
        if isinstance(table, dict)
    ]
    saved = [_copy(table) for table in tables]

    def restore() -> None:
        for table, rows in zip(tables, saved, strict=True):
            table.clear()
            table.update(_copy(rows))

    return restore


def _copy(table: dict) -> dict:
    """Rows never change; dictionaries and lists of them do."""
    return {
        key: type(rows)(rows) if isinstance(rows, (dict, list)) else rows
        for key, rows in table.items()
    }
