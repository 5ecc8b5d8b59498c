"""Backups of the two sides, as an operator has them: a database, a table."""

import signal
import subprocess
from dataclasses import dataclass
from typing import Any

from infra.local import aws
from tests.whole import Company

# Odoo's own copy gives the copy an identity of its own; a backup keeps it.
_COPY = """
import sys, psycopg2
origin, copy = sys.argv[1:]
connection = psycopg2.connect(dbname="postgres")
connection.autocommit = True
cursor = connection.cursor()
cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{origin}"')
"""
_DROP = """
import sys, psycopg2
connection = psycopg2.connect(dbname="postgres")
connection.autocommit = True
connection.cursor().execute(f'DROP DATABASE IF EXISTS "{sys.argv[1]}"')
"""


@dataclass
class OdooBackup:
    """Odoo's database as it was. Odoo stands still while it is copied."""

    company: Company

    def take(self) -> None:
        database = self.company.stack.plan.database
        self._copied(database, self._name)

    def put_back(self) -> None:
        database = self.company.stack.plan.database
        self._copied(self._name, database)

    def remove(self) -> None:
        self._python(_DROP, self._name)

    @property
    def _name(self) -> str:
        return f"{self.company.stack.plan.database}_backup"

    def _copied(self, origin: str, copy: str) -> None:
        stack = self.company.stack
        stack.odoo.signal(signal.SIGTERM)
        stack.odoo.running.wait()
        self._python(_COPY, origin, copy)
        stack.restart_odoo()
        self.company.admin.log_in()

    def _python(self, program: str, *arguments: str) -> None:
        host = self.company.stack.host
        command = [host.odoo_python, "-c", program, *arguments]
        environment = host.connection.environment
        subprocess.run(command, env=environment, check=True, capture_output=True)


class TableBackup:
    """The connector's table as it was: what a point-in-time recovery brings."""

    def __init__(self, company: Company) -> None:
        local = company.stack.local
        self._client = aws.client("dynamodb", local["moto"])
        self._table = local["environment"]["TABLE_NAME"]
        self._items = self._all()

    def put_back(self) -> None:
        kept = [self._key(item) for item in self._items]
        for item in self._all():
            if self._key(item) not in kept:
                self._client.delete_item(TableName=self._table, Key=self._key(item))
        for item in self._items:
            self._client.put_item(TableName=self._table, Item=item)

    def _all(self) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("scan").paginate(TableName=self._table)
        return [item for page in pages for item in page["Items"]]

    @staticmethod
    def _key(item: dict[str, Any]) -> dict[str, Any]:
        return {"pk": item["pk"], "sk": item["sk"]}
