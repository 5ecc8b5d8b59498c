"""Odoo's databases, copied from a prepared one: a new one takes half a minute."""

import hashlib
import os
import subprocess
from pathlib import Path

from infra.host.commands import last_line, run
from infra.host.errors import HostError
from infra.host.host import Host
from infra.host.places import PROJECT
from infra.host.steps import alone

MODULE = "crm_xero_module"
# What the module needs of Odoo's own, and what it must work beside too.
BARE = ("crm", "product")
FULL = (*BARE, "account", "sale_crm", "base_vat")


class OdooDatabases:
    """The databases of one PostgreSQL, with their file stores."""

    def __init__(self, host: Host):
        self._host = host
        self.data = host.folder / "odoo-data"

    def create(self, name: str, modules: tuple[str, ...] = BARE) -> None:
        """A new database with ``modules`` and without ours; one of that name goes."""
        self._copy(self._base(modules), name)

    def drop(self, name: str) -> None:
        """Remove the database and its files, if it is there."""
        if self.exists(name):
            self._run("db", f"--data-dir={self.data}", "drop", name)

    def install(self, name: str) -> None:
        """Install our module in the database."""
        self.server(name, "-i", MODULE, "--stop-after-init", "--no-http")

    def server(self, name: str, *arguments: str) -> None:
        """Run Odoo on the database until it ends by itself."""
        self._run(*server_arguments(self.data, name), *arguments)

    def exists(self, name: str) -> bool:
        """Whether there is a database of that name."""
        query = "SELECT 1 FROM pg_database WHERE datname=%s"
        return bool(self._sql("postgres", query, name))

    def _base(self, modules: tuple[str, ...]) -> str:
        """The prepared database with ``modules``, made on first use.

        The one with more than our module needs begins as a copy of the other.
        """
        release = (self._host.odoo_home / "odoo" / "release.py").read_bytes()
        key = hashlib.sha256(release + ",".join(modules).encode()).hexdigest()
        name = f"xero_crm_base_{key[:8]}"
        with alone(self._host.folder / f"{name}.lock"):
            made = self.data / f"{name}.made"
            if not (made.exists() and self.exists(name)):
                self.drop(name)
                if modules != BARE:
                    self._copy(self._base(BARE), name)
                options = ("-i", ",".join(modules), "--stop-after-init", "--no-http")
                self.server(name, *options)
                made.touch()
        return name

    def _copy(self, base: str, name: str) -> None:
        self.drop(name)
        self._run("db", f"--data-dir={self.data}", "duplicate", base, name)

    def _sql(self, database: str, query: str, value: str) -> str:
        """The first row of a query; Odoo's interpreter brings the driver."""
        program = (
            "import sys, psycopg2\n"
            "database, query, value = sys.argv[1:]\n"
            "cursor = psycopg2.connect(dbname=database).cursor()\n"
            "cursor.execute(query, [value])\n"
            "print(*(cursor.fetchone() or ()))"
        )
        return run(
            [self._host.odoo_python, "-c", program, database, query, value],
            env=self._host.connection.environment,
            what="PostgreSQL does not answer",
            way_out="check PGHOST, PGPORT, PGUSER and PGPASSWORD",
        ).strip()

    def _run(self, *arguments: str) -> None:
        command = [*self._host.odoo_command, *arguments]
        environment = {**os.environ, **self._host.odoo_environment}
        done = subprocess.run(
            command, env=environment, cwd=PROJECT, capture_output=True, text=True
        )
        if done.returncode:
            log = self._host.folder / "logs" / "odoo-database.log"
            log.parent.mkdir(exist_ok=True)
            log.write_text(done.stdout + done.stderr)
            raise HostError("Odoo failed", last_line(done.stderr), f"read {log}")


def server_arguments(data: Path, database: str) -> list[str]:
    """What every Odoo server of ours is started with."""
    return [
        "server",
        f"--addons-path={PROJECT}",
        f"--data-dir={data}",
        "--database",
        database,
        "--db-filter",
        f"^{database}$",
        "--log-level=warn",
    ]
