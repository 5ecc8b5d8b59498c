"""The whole product for a test: started on free ports, connected, watched, compared."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from infra.demo.comparison import compare, simulated_contacts
from infra.demo.main_job import MainJob
from infra.demo.odoo_client import OdooClient
from infra.demo.stack import ADMINISTRATOR, Plan, Stack, running_stack
from infra.host.host import Host
from infra.host.ports import DEFAULTS, free_ports
from tests.waiting import until

# Small, so that what was killed is taken up again within seconds.
QUICK_RECOVERY = {
    "WorkerTimeoutSeconds": "10",
    "SyncVisibilitySeconds": "12",
    "StuckAfterSeconds": "10",
    "WaitInPlaceSeconds": "3",
    "XeroTimeoutSeconds": "8",
}
PATIENCE_SECONDS = 180
# As if the last sync had been so long ago, and the next one were due.
_LONG_AGO = """
import sys, psycopg2
connection = psycopg2.connect(dbname=sys.argv[1])
connection.autocommit = True
cursor = connection.cursor()
cursor.execute("UPDATE xero_sync SET create_date = create_date - interval '1 day'")
cursor.execute("UPDATE xero_connection SET next_sync_at = now() AT TIME ZONE 'UTC'")
"""


@contextlib.contextmanager
def whole_stack(
    host: Host,
    name: str,
    data: Sequence[str],
    parameters: Mapping[str, str] | None = None,
    odoo_arguments: Sequence[str] = (),
) -> Iterator[Stack]:
    """Everything, running on free ports, with a database of that name."""
    plan = Plan(
        ports=dict(zip(DEFAULTS, free_ports(len(DEFAULTS)), strict=True)),
        database=f"xero_test_{name}",
        state=host.folder / "tests" / name,
        data=tuple(data),
        parameters={**QUICK_RECOVERY, **(parameters or {})},
        odoo_arguments=tuple(odoo_arguments),
    )
    with running_stack(host, plan) as stack:
        try:
            yield stack
        finally:
            stack.processes.stop(stack.odoo)
            stack.databases.drop(plan.database)


@dataclass
class Company:
    """A company whose Odoo is connected to Xero, and what can be done to it."""

    stack: Stack
    admin: OdooClient
    job: MainJob
    connection: int
    organisation: str

    @classmethod
    def connected(cls, stack: Stack) -> "Company":
        """Log in, enter the app and connect, as an administrator does."""
        admin = stack.session(ADMINISTRATOR)
        admin.log_in()
        job = MainJob(admin, stack.processes.check, print)
        job.enter_app(stack.plan.app)
        connection = job.new_connection()
        job.connect(connection)
        organisation = job.state(connection)["organisation_ref"]
        return cls(stack, admin, job, connection, organisation)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call the simulator's own API."""
        address = f"{self.stack.simulator_url}/_simulator{path}"
        answer = requests.request(method, address, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def change(self, action: str, **contact: Any) -> Any:
        """Change a contact in Xero, as a person there does."""
        return self.change_of("contacts", action, contact=contact)

    def change_of(self, collection: str, action: str, **body: Any) -> Any:
        """Change a record of that collection in Xero, as a person there does."""
        path = f"/organisations/{self.organisation}/{collection}"
        return self.control("POST", path, {"action": action, **body})

    def no_fault_waits(self) -> bool:
        """Whether every fault that was asked for has struck."""
        return not self.control("GET", "/faults")["faults"]

    def run(self, run: int) -> dict[str, Any]:
        return self.admin.read("xero.sync", run, ["state", "records_done", "code"])

    def poke(self, run: int) -> None:
        """What the open screen of the run does every few seconds."""
        self.admin.call("xero.sync", "poke", [run])

    def partners(self) -> int:
        """How many of Xero's contacts are in the CRM."""
        linked = [("link_state", "=", "linked")]
        return self.admin.call("xero.contact", "search_count", linked)

    def janitor(self) -> None:
        """The minute is over."""
        address = f"{self.stack.local['scheduler']}/JanitorFunction"
        requests.post(address, timeout=60).raise_for_status()

    def kill_worker(self) -> None:
        self.kill_poller("worker")

    def kill_poller(self, name: str) -> None:
        """SIGKILL what polls a queue, together with the function it runs."""
        self.signal_poller(name, signal.SIGKILL)

    def signal_poller(self, name: str, number: int) -> None:
        """Send a signal to what polls a queue, and to the function it runs."""
        file = self.stack.plan.state / "aws" / "processes.json"
        for process in json.loads(file.read_text())[name]:
            os.killpg(process, number)

    def let_the_next_sync_be_due(self) -> None:
        host = self.stack.host
        subprocess.run(
            [host.odoo_python, "-c", _LONG_AGO, self.stack.plan.database],
            env=host.connection.environment,
            check=True,
            capture_output=True,
        )

    def wake(self) -> None:
        """What the connector does when something waits."""
        ref = self.admin.read("xero.connection", self.connection, ["connector_ref"])
        body = {"connection": ref["connector_ref"]}
        address = f"{self.stack.odoo_url}/xero/nudge"
        requests.post(address, json=body, timeout=10).raise_for_status()

    def kill_odoo(self) -> None:
        self.stack.odoo.signal(signal.SIGKILL)
        self.stack.odoo.running.wait()

    def until(self, what: str, seen: Callable[[], Any], every: float = 0.2) -> Any:
        """Wait for something of the whole to be seen."""
        return until(seen, what, PATIENCE_SECONDS, every)

    def finish(self, run: int) -> dict[str, Any]:
        """Follow the run to its end; the janitor passes by, as it does every minute."""

        def ended() -> dict[str, Any] | None:
            self.poke(run)
            self.janitor()
            seen = self.run(run)
            return seen if seen["state"] in ("done", "failed", "cancelled") else None

        return self.until("the end of the run", ended, every=1)

    def differences(self) -> list[str]:
        """Where the CRM is not what Xero is; nothing when they agree."""
        contacts = simulated_contacts(self.stack.simulator_url, self.organisation)
        return compare(contacts, self.admin).differences
