"""The host as a whole: what the commands find on this machine after the set-up."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.host.chromium import prepare_chromium
from infra.host.odoo import prepare_odoo
from infra.host.places import host_folder
from infra.host.postgres_cluster import Cluster, cluster_folder, socket_folder
from infra.host.postgres_connection import Connection, own_server
from infra.host.postgres_programs import prepare_programs
from infra.host.pythons import own_python, prepare_environment, require_venv
from infra.host.steps import Steps, alone


@dataclass(frozen=True)
class Host:
    """What was prepared.

    :param folder: the ignored folder that holds what was installed
    :param python: interpreter of the connector, the local stack and the tests
    :param odoo_home: what goes on ``PYTHONPATH`` for ``python -m odoo``
    :param odoo_python: interpreter of Odoo
    :param sam: AWS's command line tool
    :param chromium: a Chromium that can be started
    :param cluster: the private PostgreSQL, or nothing where the operator has a server
    :param connection: how clients reach PostgreSQL
    """

    folder: Path
    python: Path
    odoo_home: Path
    odoo_python: Path
    sam: Path
    chromium: Path
    cluster: Cluster | None
    connection: Connection

    @property
    def odoo_command(self) -> list[str]:
        return [str(self.odoo_python), "-m", "odoo"]

    @property
    def odoo_environment(self) -> dict[str, str]:
        """What Odoo's processes need besides this process's own environment."""
        return {
            **self.connection.environment,
            "PYTHONPATH": str(self.odoo_home),
            "PATH": f"{self.chromium.parent}{os.pathsep}{os.environ['PATH']}",
        }

    @property
    def rie(self) -> Path:
        """AWS's Runtime Interface Emulator, which the SAM wheel carries."""
        machine = "arm64" if os.uname().machine == "aarch64" else "x86_64"
        packages = next(self.sam.parents[1].glob("lib/python*/site-packages"))
        return packages / f"samcli/local/rapid/aws-lambda-rie-{machine}"

    @contextlib.contextmanager
    def postgres(self) -> Iterator[Connection]:
        """PostgreSQL, running; a private cluster stops with its last user."""
        if self.cluster is None:
            yield self.connection
            return
        with self.cluster.used() as connection:
            yield connection


def prepare(say: Callable[[str], None] = print) -> Host:
    """Set up all that is missing; takes seconds when nothing is.

    :raises HostError: something can't be had on this machine
    """
    require_venv()
    folder = host_folder()
    with alone(folder / "lock"):
        steps = Steps(folder, say)
        python = prepare_environment("connector", folder, steps)
        sam = prepare_environment("sam", folder, steps)
        odoo_home = prepare_odoo(folder, steps)
        odoo_python = own_python() or prepare_environment("odoo", folder, steps)
        chromium = prepare_chromium(folder, steps)
        private = str(socket_folder(cluster_folder()))
        connection, cluster = own_server(private), None
        if connection is None:
            programs = prepare_programs(folder, steps)
            cluster = Cluster(cluster_folder(), programs)
            cluster.prepare()
            connection = cluster.connection
    return Host(
        folder=folder,
        python=python,
        odoo_home=odoo_home,
        odoo_python=odoo_python,
        sam=sam.with_name("sam"),
        chromium=chromium,
        cluster=cluster,
        connection=connection,
    )


def extra_python(name: str, say: Callable[[str], None] = print) -> Path:
    """The interpreter of an environment that few commands need, installed when missing.

    :param name: ``bench`` (what the benchmarks compare with), ``audit`` or ``checkov``
    :raises HostError: it can't be had on this machine
    """
    folder = host_folder()
    with alone(folder / "lock"):
        return prepare_environment(name, folder, Steps(folder, say))
