"""From a change in Xero to the row in the CRM, with the whole product running, and how
often Xero is asked when very much changes at once."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import requests

from benchmarks.figures import Figure, Result
from benchmarks.rounds import BenchmarkFailed
from benchmarks.settings import Settings
from infra.demo.freshness import Freshness
from infra.demo.main_job import MainJob
from infra.demo.odoo_client import OdooRefused
from infra.demo.stack import ADMINISTRATOR, Plan, Stack, running_stack
from infra.demo.webhooks import register_webhook
from infra.host.host import prepare
from infra.host.ports import DEFAULTS, free_ports

DATABASE = "xero_bench_webhooks"
BAR_SECONDS = 60.0
BURST, BAR_CALLS = 500, 3
# What a sync that should not have been would have needed to begin.
SETTLED_SECONDS = 15.0


def run(settings: Settings) -> Result:
    """:raises BenchmarkFailed: a change did not come, or came without being told"""
    with tempfile.TemporaryDirectory(prefix="xero-bench-") as folder:
        plan = Plan(
            ports=dict(zip(DEFAULTS, free_ports(len(DEFAULTS)), strict=True)),
            database=DATABASE,
            state=Path(folder),
            data=("--contacts", "300"),
        )
        with running_stack(prepare(), plan, lambda line: None) as stack:
            try:
                figures = tuple(_figures(stack, settings.rounds))
            except (OdooRefused, requests.RequestException) as error:
                raise BenchmarkFailed(str(error)) from error
            finally:
                stack.processes.stop(stack.odoo)
                stack.databases.drop(DATABASE)
    return Result("Webhooks, from a change in Xero to the CRM", figures)


def _figures(stack: Stack, rounds: int) -> Iterator[Figure]:
    fresh = _connected(stack)
    taken = [fresh.phone_number() for _ in range(rounds)]
    words = "to the customer's row, webhook and nudge"
    yield Figure(f"{words}, median", statistics.median(taken), "s", None, BAR_SECONDS)
    yield Figure(f"{words}, longest", max(taken), "s", None, BAR_SECONDS)
    for collections in (("contacts",), ("contacts", "invoices")):
        calls, seconds = _burst(fresh, collections)
        words = f"burst of {BURST} events, {' and '.join(collections)}"
        yield Figure(words, calls, "calls", at_most=BAR_CALLS)
        yield Figure(f"{words}, until seen", seconds, "s")


def _connected(stack: Stack) -> Freshness:
    """Connect, read everything, and let Xero tell of changes."""
    admin = stack.session(ADMINISTRATOR)
    admin.log_in()
    job = MainJob(admin, stack.processes.check, lambda line: None)
    job.enter_app(stack.plan.app)
    connection = job.new_connection()
    job.connect(connection)
    job.follow(job.sync_now(connection))
    register_webhook(admin, stack.simulator_url, stack.plan.app.client_id)
    organisation = job.state(connection)["organisation_ref"]
    return Freshness(admin, stack.simulator_url, organisation, stack.processes.check)


def _burst(fresh: Freshness, collections: tuple[str, ...]) -> tuple[int, float]:
    """The calls that a burst costs, the last event of which is a customer's change,
    and the seconds until that is seen."""
    fresh.wait_until_quiet()
    time.sleep(SETTLED_SECONDS)
    fresh.count_calls()
    # The last one is the customer's.
    for collection, events in shares(BURST - 1, collections).items():
        fresh.burst(events, collection)
    seconds = fresh.phone_number()
    time.sleep(SETTLED_SECONDS)
    fresh.wait_until_quiet()
    return fresh.count_calls(), seconds


def shares(events: int, collections: tuple[str, ...]) -> dict[str, int]:
    """Events dealt out as evenly as it goes."""
    each, more = divmod(events, len(collections))
    return {name: each + (n < more) for n, name in enumerate(collections)}
