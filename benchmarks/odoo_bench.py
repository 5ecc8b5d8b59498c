"""A prepared Odoo for the benchmarks of the addon: PostgreSQL running, a database with
the module and a connection in it, pages of contacts and what becomes of them."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rounds import Program, run_program
from infra.demo.odoo_database import OdooDatabases
from infra.host.host import Host, prepare

DATABASE = "xero_bench"


@dataclass(frozen=True)
class Bench:
    """`folder` is private to the bench and goes with it."""

    host: Host
    data: Path
    folder: Path

    def program(self, name: str, module: str) -> Program:
        """A program of `benchmarks.importers`, run by Odoo's interpreter."""
        command = (str(self.host.odoo_python), "-m", "benchmarks.importers", module)
        return Program(name, command, self.host.odoo_environment)

    def job(self, pages: Path) -> dict[str, str]:
        return {
            "template": DATABASE,
            "data": str(self.data),
            "folder": str(pages),
        }

    def prepare(self, pages: Path, module: str = "prepare") -> dict[str, str]:
        """The connection and, beside the pages, the values for the peers; the job."""
        job = self.job(pages)
        run_program(self.program("prepare", module), job)
        return job


@contextlib.contextmanager
def prepared() -> Iterator[Bench]:
    """:raises HostError: the machine lacks something"""
    host = prepare()
    with host.postgres(), tempfile.TemporaryDirectory(prefix="xero-bench-") as folder:
        databases = OdooDatabases(host)
        try:
            databases.create(DATABASE)
            databases.install(DATABASE)
            yield Bench(host, databases.data, Path(folder))
        finally:
            databases.drop(DATABASE)
