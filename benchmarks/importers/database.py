"""A database for one program: a copy of the prepared one, gone when it ends."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg2

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config


@dataclass(frozen=True)
class Job:
    """What a program was started for.

    Attributes
    ----------
    template: the database with the module and a connection, which is copied
    data: Odoo's folder of files
    folder: the pages (`*.json.gz`, in their order) and `values.json`
    """

    template: str
    data: str
    folder: str

    @property
    def parts(self) -> list[Path]:
        """The spool's parts; the first is there to warm up with."""
        return sorted(Path(self.folder).glob("*.json.gz"))

    @property
    def warm_up(self) -> int:
        """How many contacts the first part has."""
        return records_in(self.parts[0])

    @cached_property
    def companies(self) -> list[dict[str, Any]]:
        """What the import makes of them: {"values", "persons"} for each company."""
        return json.loads((Path(self.folder) / "values.json").read_text())


def records_in(part: Path) -> int:
    """How many records a part has, as its name `NNNN-RECORDS.json.gz` says."""
    return int(part.name.split("-")[1].split(".")[0])


def job() -> Job:
    return Job(**json.loads(sys.argv[-1]))


@contextlib.contextmanager
def opened(name: str, data: str) -> Iterator[api.Environment]:
    """An environment of Odoo's own user, as its cron has one."""
    config["data_dir"] = data
    with Registry(name).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})


@contextlib.contextmanager
def copied(wanted: Job) -> Iterator[api.Environment]:
    """An environment in a copy of the prepared database."""
    name = f"{wanted.template}_{os.getpid()}"
    with _maintenance() as run:
        run(f'CREATE DATABASE "{name}" TEMPLATE "{wanted.template}"')
    try:
        with opened(name, wanted.data) as env:
            yield env
    finally:
        sql_db.close_all()
        with _maintenance() as run:
            run(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _maintenance() -> Iterator[Any]:
    connection = psycopg2.connect(dbname="postgres")
    connection.autocommit = True
    try:
        yield connection.cursor().execute
    finally:
        connection.close()


def partner_count(env: api.Environment) -> int:
    """How many partners there are, archived ones included."""
    env.cr.execute("SELECT count(*) FROM res_partner")
    return env.cr.fetchone()[0]
