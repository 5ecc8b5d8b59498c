"""The whole product on one machine: Xero (simulated or real), AWS, Odoo.

``running_stack`` starts the pieces in the order in which they need each other and stops
them in the other one. The demo and the tests of the whole use it.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.demo.odoo_client import OdooClient
from infra.demo.odoo_database import (
    BARE,
    MODULE,
    OdooDatabases,
    server_arguments,
)
from infra.demo.processes import Process, Processes, ready_line
from infra.host.commands import run
from infra.host.host import Host
from infra.host.places import PROJECT
from infra.host.ports import require_free

ADMINISTRATOR = ("admin", "admin")
SALES_PERSON = ("sales", "sales")
CRON_THREADS = 2


@dataclass(frozen=True)
class XeroApp:
    """An app registered at Xero."""

    client_id: str
    client_secret: str


SIMULATED_APP = XeroApp("0A1B2C3D4E5F60718293A4B5C6D7E8F9", "simulated-secret")
SIMULATED_CURRENCY = "NZD"


@dataclass(frozen=True)
class Plan:
    """What to start.

    :param ports: by the names of ``infra.host.ports.DEFAULTS``
    :param database: Odoo's database
    :param state: folder for logs and the local AWS
    :param app: the Xero app; the simulator knows the one that is given
    :param real_xero: leave the simulator out
    :param data: the simulator's arguments that choose its data
    :param parameters: the template's parameters
    :param modules: Odoo's own modules to have beside ours
    :param odoo_arguments: further ones of Odoo's server
    """

    ports: Mapping[str, int]
    database: str
    state: Path
    app: XeroApp = SIMULATED_APP
    real_xero: bool = False
    data: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] = BARE
    odoo_arguments: tuple[str, ...] = ()


class Stack:
    """The running pieces and where they are.

    `webhooks` is where Xero tells of changes, once that is set up.
    """

    def __init__(self, host: Host, plan: Plan, processes: Processes):
        self.host = host
        self.plan = plan
        self.processes = processes
        self.databases = OdooDatabases(host)
        self.simulator: Process | None = None
        self.connector: Process | None = None
        self.odoo: Process | None = None
        self.local: dict[str, Any] = {}
        self.instance_key = ""
        self.webhooks: str | None = None

    @property
    def odoo_url(self) -> str:
        return f"http://localhost:{self.plan.ports['ODOO_PORT']}"

    @property
    def connector_url(self) -> str:
        return f"http://localhost:{self.plan.ports['CONNECTOR_PORT']}"

    @property
    def simulator_url(self) -> str | None:
        """The simulator's address; nothing with the real Xero."""
        if self.plan.real_xero:
            return None
        return f"http://localhost:{self.plan.ports['SIMULATOR_PORT']}"

    @property
    def redirect_uri(self) -> str:
        """The address to register with the app at Xero."""
        return f"{self.connector_url}/oauth/callback"

    def start_simulator(self) -> None:
        """Start the simulated Xero; it knows the plan's app."""
        self.simulator = self.processes.start(
            "Xero simulator",
            [
                *(sys.executable, "-m", "infra.xero_simulator"),
                *("--port", str(self.plan.ports["SIMULATOR_PORT"])),
                *("--client-id", self.plan.app.client_id),
                *("--client-secret", self.plan.app.client_secret),
                *("--redirect-uri", self.redirect_uri),
                *self.plan.data,
            ],
            {},
            PROJECT,
            announces=True,
        )
        ready_line(self.simulator)

    def start_connector(self) -> None:
        """Start the local AWS with the connector's functions."""
        xero = ["--xero-url", self.simulator_url] if self.simulator_url else []
        given = [f"{key}={value}" for key, value in self.plan.parameters.items()]
        self.connector = self.processes.start(
            "Connector",
            [
                *(sys.executable, "-m", "infra.local"),
                *("--port", str(self.plan.ports["CONNECTOR_PORT"])),
                *("--moto-port", str(self.plan.ports["MOTO_PORT"])),
                *("--state", str(self.plan.state / "aws")),
                *xero,
                *(part for each in given for part in ("--parameter", each)),
            ],
            {},
            PROJECT,
            announces=True,
        )
        self.local = ready_line(self.connector)

    def make_instance_key(self) -> None:
        """Make this Odoo's key, as the connector's deployer does."""
        answer = run(
            [
                *(sys.executable, "-m", "lambda_connector.cli", "instances", "create"),
                *("--name", self.plan.database, "--return-origin", self.odoo_url),
            ],
            what="No instance key",
            cwd=PROJECT,
            env=self.local["environment"],
        )
        self.instance_key = json.loads(answer)["key"]

    def prepare_odoo(self) -> None:
        """Have the database with our module in it."""
        self.databases.create(self.plan.database, self.plan.modules)
        self.databases.install(self.plan.database)

    def start_odoo(self) -> None:
        """Start Odoo's server and wait until it answers."""
        self.odoo = self.processes.start(
            "Odoo",
            [
                *self.host.odoo_command,
                *server_arguments(self.databases.data, self.plan.database),
                *("--http-interface", "127.0.0.1"),
                *("--http-port", str(self.plan.ports["ODOO_PORT"])),
                *("--max-cron-threads", str(CRON_THREADS)),
                *self.plan.odoo_arguments,
            ],
            self.host.odoo_environment,
            PROJECT,
        )
        self.session(ADMINISTRATOR).wait_until_up(self.processes.check)

    def restart_odoo(self) -> None:
        """Start Odoo again after it was stopped or killed."""
        self.processes.stop(self.odoo)
        self.start_odoo()

    def session(self, user: tuple[str, str]) -> OdooClient:
        """A browser's session for a user, not logged in yet."""
        return OdooClient(self.odoo_url, self.plan.database, *user)

    def configure_odoo(self) -> None:
        """Enter the connector in the settings, let the company count in the currency of
        the simulated organisation, and make a sales person."""
        admin = self.session(ADMINISTRATOR)
        admin.log_in()
        for name, value in {
            "connector_url": self.connector_url,
            "instance_key": self.instance_key,
        }.items():
            parameter = f"{MODULE}.{name}"
            admin.call("ir.config_parameter", "set_param", parameter, value)
        self._choose_currency(admin)
        self._make_sales_person(admin)

    def _choose_currency(self, admin: OdooClient) -> None:
        # Prices of items are in the organisation's currency, those of products in the
        # company's: the import brings them only where the two are one.
        currency = admin.reference(f"base.{SIMULATED_CURRENCY}")
        admin.call("res.currency", "write", [currency], {"active": True})
        company = admin.reference("base.main_company")
        admin.call("res.company", "write", [company], {"currency_id": currency})

    def _make_sales_person(self, admin: OdooClient) -> None:
        login, password = SALES_PERSON
        if admin.call("res.users", "search_count", [("login", "=", login)]):
            return
        group = admin.reference("sales_team.group_sale_salesman")
        person = {"name": "Sam Sales", "login": login, "password": password}
        admin.call("res.users", "create", person | {"group_ids": [(4, group)]})

    def _xero_pages(self) -> dict[str, str]:
        """What a person opens of the simulated Xero."""
        if self.simulator_url is None:
            return {}
        app = f"developer/apps/{self.plan.app.client_id}"
        pages = {"webhooks": f"{app}/webhooks", "connected_apps": "connected-apps"}
        return {name: f"{self.simulator_url}/{path}" for name, path in pages.items()}

    def describe(self) -> dict[str, Any]:
        """Where everything is, for people and programs."""
        connection = self.host.connection
        users = {"administrator": ADMINISTRATOR, "sales_person": SALES_PERSON}
        return {
            "odoo": self.odoo_url,
            "database": self.plan.database,
            "users": {
                role: {"login": login, "password": password}
                for role, (login, password) in users.items()
            },
            "connector": self.connector_url,
            "instance_key": self.instance_key,
            "simulator": self.simulator_url,
            "xero_pages": self._xero_pages(),
            "webhooks": self.webhooks,
            "moto": self.local["moto"],
            "postgresql": {
                "host": connection.host,
                "port": connection.port,
                "user": connection.user,
            },
            "logs": str(self.plan.state / "logs"),
        }


@contextlib.contextmanager
def running_stack(
    host: Host, plan: Plan, say: Callable[[str], None] = print
) -> Iterator[Stack]:
    """Start everything, Odoo configured and not connected to Xero yet.

    :param say: told what happens, one line a step
    :raises HostError: a port is taken or a piece does not start
    """
    wanted = dict(plan.ports)
    if plan.real_xero:
        del wanted["SIMULATOR_PORT"]
    require_free(wanted)
    with host.postgres(), Processes(plan.state / "logs") as processes:
        stack = Stack(host, plan, processes)
        if not plan.real_xero:
            say("starting the Xero simulator")
            stack.start_simulator()
        say("starting the connector on a local AWS")
        stack.start_connector()
        stack.make_instance_key()
        say("preparing Odoo's database")
        stack.prepare_odoo()
        say("starting Odoo")
        stack.start_odoo()
        stack.configure_odoo()
        yield stack
