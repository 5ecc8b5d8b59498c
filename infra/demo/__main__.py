"""``make demo``: the product, running, with the main job done on it.

Environment: ``CONTACTS``, ``SEED``, ``DATASET`` choose the simulator's data;
``XERO_CLIENT_ID`` and ``XERO_CLIENT_SECRET`` put the real Xero in its place;
``ONCE=1`` compares, stops and tells by the exit code whether the CRM holds what Xero
holds; ``ODOO_PORT`` and the like choose the ports.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import requests

from infra.demo.comparison import compare, simulated_contacts
from infra.demo.freshness import Freshness
from infra.demo.main_job import MainJob
from infra.demo.odoo_client import OdooClient, OdooRefused
from infra.demo.sales_comparison import SimulatedBooks, compare_sales
from infra.demo.stack import (
    ADMINISTRATOR,
    SIMULATED_APP,
    Plan,
    Stack,
    XeroApp,
    running_stack,
)
from infra.demo.to_xero_comparison import compare_to_xero
from infra.demo.way_back import send_demo_customer
from infra.demo.webhooks import register_webhook
from infra.host.errors import HostError
from infra.host.host import Host, prepare
from infra.host.ports import chosen_ports

DATABASE = "xero_demo"
CONTACTS = "300"
SEED = "1"


class Stopped(Exception):
    """Somebody wants the demo to end."""


def main() -> int:
    """Run the demo.

    :return: 0; 1 when the CRM is not equal; 2 when the machine lacks something
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        return _demo(os.environ)
    except Stopped:
        say("stopped")
        return 0
    except (HostError, OdooRefused, requests.RequestException) as error:
        print(error, file=sys.stderr, flush=True)
        return 2


def _stop(number: int, _frame: object) -> None:
    # Stopping the pieces takes seconds, in which a second Ctrl-C must not break it off.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(number)


def say(line: str) -> None:
    """Tell the person what happens."""
    print(f"demo: {line}", flush=True)


def _demo(environment: Mapping[str, str]) -> int:
    host = prepare(lambda line: print(line, flush=True))
    plan = demo_plan(environment, host)
    once = environment.get("ONCE") == "1"
    with running_stack(host, plan, say) as stack:
        equal = first_import(stack)
        print("DEMO", json.dumps(stack.describe()), flush=True)
        if once:
            return 0 if equal else 1
        say(f"open {stack.odoo_url}, log in as admin / admin; Ctrl-C stops all")
        while True:
            stack.processes.check()
            time.sleep(1)


def demo_plan(environment: Mapping[str, str], host: Host) -> Plan:
    """What to start, after the environment's variables.

    :raises HostError: a variable holds what can't be used
    """
    app = real_app(environment)
    return Plan(
        ports=chosen_ports(environment),
        database=DATABASE,
        state=host.folder / "demo",
        app=app or SIMULATED_APP,
        real_xero=app is not None,
        data=simulator_data(environment),
    )


def real_app(environment: Mapping[str, str]) -> XeroApp | None:
    """The app at the real Xero, when one is given.

    :raises HostError: only one of its two halves is given
    """
    names = ("XERO_CLIENT_ID", "XERO_CLIENT_SECRET")
    values = [environment.get(name, "") for name in names]
    if not any(values):
        return None
    if not all(values):
        raise HostError(
            "The Xero app is incomplete",
            f"{names[values.index('')]} is not set",
            "set both, or none for the simulator",
        )
    return XeroApp(*values)


def simulator_data(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The simulator's arguments that choose its data.

    :raises HostError: a variable holds what can't be used
    """
    numbers = {"CONTACTS": CONTACTS, "SEED": SEED}
    for name in numbers:
        numbers[name] = environment.get(name) or numbers[name]
        if not numbers[name].isdecimal():
            raise HostError(f"{name} is no number", numbers[name], f"set {name}=300")
    seed = ("--seed", numbers["SEED"])
    if not environment.get("DATASET"):
        return (*seed, "--contacts", numbers["CONTACTS"])
    folder = Path(environment["DATASET"]).resolve()
    if not folder.is_dir():
        raise HostError("DATASET is no folder", str(folder), "set it to a folder")
    return (*seed, "--dataset", str(folder))


def first_import(stack: Stack) -> bool:
    """Connect, import, send a customer; whether the CRM holds what Xero holds."""
    began = time.monotonic()
    admin = stack.session(ADMINISTRATOR)
    admin.log_in()
    job = MainJob(admin, stack.processes.check, say)
    say("entering the Xero app")
    job.enter_app(stack.plan.app)
    connection = job.new_connection()
    if stack.plan.real_xero:
        _connect_in_browser(stack, job, connection)
    else:
        say("connecting to Xero")
        job.connect(connection)
    state = job.state(connection)
    say(f"connected to {state['name']}; syncing")
    run = job.follow(job.sync_now(connection))
    say(
        f"imported: {run['created_count']} new, {run['updated_count']} changed, "
        f"{run['skipped_count']} skipped, {run['failed_count']} not imported, "
        f"{time.monotonic() - began:.0f} s"
    )
    if stack.simulator_url is None:
        return run["failed_count"] == 0
    if run["created_count"]:
        show_freshness(stack, admin, state["organisation_ref"])
    send_demo_customer(admin, say)
    job.wait_for_figures(run["id"])
    books = SimulatedBooks(stack.simulator_url, state["organisation_ref"])
    contacts = simulated_contacts(stack.simulator_url, state["organisation_ref"])
    comparisons = (
        compare(contacts, admin),
        compare_sales(books, admin),
        compare_to_xero(books, admin),
    )
    print(*comparisons, sep="\n", flush=True)
    return all(comparison.is_equal for comparison in comparisons)


def show_freshness(stack: Stack, admin: OdooClient, organisation: str) -> None:
    """Let Xero tell of changes, and say how soon the CRM shows them.

    :raises HostError: it does not
    """
    say("registering webhooks at Xero, and their key in Odoo")
    stack.webhooks = register_webhook(
        admin, stack.simulator_url, stack.plan.app.client_id
    )
    fresh = Freshness(admin, stack.simulator_url, organisation, stack.processes.check)
    say(
        f"changed in Xero and seen in Odoo: a phone number after "
        f"{fresh.phone_number():.1f} s, a payment after {fresh.payment():.1f} s"
    )
    fresh.wait_until_quiet()


def _connect_in_browser(stack: Stack, job: MainJob, connection: int) -> None:
    say(f"register this redirect address with your app at Xero: {stack.redirect_uri}")
    address = f"{stack.odoo_url}/odoo/xero-connections/{connection}"
    say(f"then open {address}, log in as admin / admin, and press Connect")
    job.wait_until_connected(connection)


if __name__ == "__main__":
    sys.exit(main())
