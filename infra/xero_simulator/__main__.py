"""`python -m infra.xero_simulator`: the simulator as a process."""

import argparse
import gc
import json
import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from infra.xero_simulator import dataset, demo
from infra.xero_simulator.app import Application
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.limits import CALLS_A_DAY, Rules
from infra.xero_simulator.oauth.registry import App
from infra.xero_simulator.server import Server
from infra.xero_simulator.simulator import Settings, Simulator
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import DAY
from infra.xero_simulator.webhooks.courier import Courier

# The organisations beside the first one are there to be chosen from.
CONTACTS_OF_OTHERS = 25
INVOICES_OF_OTHERS = 50


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    options = _parser().parse_args(arguments)
    try:
        app = App(
            options.client_id,
            options.client_secret,
            tuple(options.redirect_uri),
            options.app_name,
        )
        server = Server(options.host, options.port)
        organisations = _organisations(options)
    except (ValueError, OSError, dataset.DatasetError) as error:
        sys.exit(f"xero_simulator: {error}")
    simulator = _simulator(options, app, organisations, server.port)
    _serve(server, simulator)


def _serve(server: Server, simulator: Simulator) -> None:
    def stop(*_: object) -> None:
        # shutdown() waits for the serving loop, which this handler interrupts.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(json.dumps({"simulator": simulator.address}), flush=True)
    with Courier(simulator.webhooks):
        server.serve(Application(simulator))
    server.server_close()


def _simulator(
    options: argparse.Namespace, app: App, organisations: list[Tenant], port: int
) -> Simulator:
    practice = demo.practice()
    return Simulator(
        address=f"http://localhost:{port}",
        tenants=[*organisations, practice],
        apps=[app],
        users=demo.people(organisations, [practice]),
        rules=Rules(day=CALLS_A_DAY[options.tier]),
        settings=Settings(bulk_connect=options.bulk_connect),
    )


def _organisations(options: argparse.Namespace) -> list[Tenant]:
    # The data stays as long as the process: the collector need not look at it.
    gc.disable()
    organisations = _make(options)
    gc.freeze()
    gc.enable()
    return organisations


def _make(options: argparse.Namespace) -> list[Tenant]:
    counts = (options.contacts, options.invoices, options.items, options.lines - 1)
    if min(counts) < 0:
        raise ValueError("numbers of records cannot be negative, nor lines none")
    # As recent as Xero's would be, and the same all day.
    latest = Clock().milliseconds() // DAY * DAY
    made = partial(
        generate,
        options.seed,
        lines=options.lines,
        items=options.items,
        latest=latest,
    )
    first = (
        dataset.load(options.dataset)
        if options.dataset
        else [made(0, options.contacts, options.invoices)]
    )
    return first + [
        made(number, CONTACTS_OF_OTHERS, INVOICES_OF_OTHERS)
        for number in range(len(first), options.organisations)
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.xero_simulator",
        description="A Xero that runs on this machine.",
    )
    add = parser.add_argument
    add("--port", type=int, required=True, help="0 takes any free port")
    add("--host", default="127.0.0.1")
    add("--client-id", required=True)
    add("--client-secret", required=True)
    add("--redirect-uri", action="append", required=True)
    data = parser.add_mutually_exclusive_group()
    data.add_argument("--dataset", type=Path, help="a folder of files in Xero's shapes")
    data.add_argument("--contacts", type=int, default=250, help="how many to invent")
    add("--invoices", type=int, default=500, help="how many to invent")
    add("--items", type=int, default=30, help="how many to invent")
    add("--lines", type=int, default=3, help="lines of each invented invoice")
    add("--app-name", default="Odoo CRM", help="as the consent page calls the app")
    add("--seed", type=int, default=1)
    add("--organisations", type=int, default=3, help="how many to choose from")
    add("--tier", choices=sorted(CALLS_A_DAY), default="starter")
    add(
        "--bulk-connect",
        action="store_true",
        help="one consent may connect several organisations",
    )
    return parser


if __name__ == "__main__":
    main()
