"""What AWS is asked for, what that costs, and how far it goes: see docs/scale.md."""

from __future__ import annotations

import os
from collections.abc import Iterator

from benchmarks.aws_cost import bill
from benchmarks.aws_cost.meter import Used
from benchmarks.aws_cost.operations import every_operation
from benchmarks.figures import Figure, Result
from benchmarks.settings import Settings
from infra.local import aws

CONTACTS = 1000
ORGANISATIONS = (1, 100, 10_000)


def run(settings: Settings) -> Result:
    """Of an organisation with 1,000 contacts and 300 invoices."""
    aws.isolate()
    os.environ["AWS_DEFAULT_REGION"] = aws.REGION
    found = every_operation(CONTACTS)
    return Result("AWS, by operation and a month", tuple(figures(found)))


def figures(found: dict[str, Used]) -> Iterator[Figure]:
    for name, used in found.items():
        yield Figure(f"{name}: calls", sum(used.calls.values()), "calls")
        yield Figure(f"{name}: read units", used.read_units, "units")
        written = used.write_units + used.index_units
        yield Figure(f"{name}: write units", written, "units")
        yield Figure(f"{name}: log", used.log_bytes / 1e3, "kB")
        dollars = bill.of_operation(used).total()
        yield Figure(f"{name}: a million of them", dollars * 1e6, "USD")
    each, once = bill.of_organisation(found), bill.fixed(found)
    for part, dollars in each.most_common():
        yield Figure(f"a month of one organisation, {part}", dollars, "USD")
    for part, dollars in once.most_common():
        yield Figure(f"a month of the connector itself, {part}", dollars, "USD")
    for number in ORGANISATIONS:
        dollars = once.total() + number * each.total()
        yield Figure(f"{number:,} organisations, a month", dollars, "USD")
