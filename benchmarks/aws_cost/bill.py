"""What a month costs, from what single operations used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from benchmarks.aws_cost.meter import Used
from benchmarks.aws_cost.prices import (
    KEY_REUSE_SECONDS,
    PLATFORM_BYTES,
    POLL_SECONDS,
    POLLERS,
    PRICES,
    SECONDS_A_CALL,
    SECONDS_AN_INVOCATION,
    SECONDS_OF_XERO,
)

DAYS = 30
MEMORY_GB = 0.5
_GB = 1e9
A_DAY = {
    "poll": 24 * 60,
    "status": 24 * 6,
    "sync, nothing changed": 24 * 2,
    "webhooks": 10,
    "write": 5,
}
"""How often each happens to one organisation: Odoo looks each minute, asks for the
state each ten minutes and syncs each half hour, as is proposed beside webhooks."""
_ROUNDS = 24 * 60
_TEMPLATE = Path(__file__).parents[2] / "template.yaml"
# Four functions send to the queue of syncs, one receives; of the other, one and one.
_KEY_PRINCIPALS = (2 * 4 + 1) + (2 * 1 + 1)

Parts = Counter[str]


def of_operation(used: Used) -> Parts:
    """Dollars for one such operation, by service."""
    calls, parts = used.calls, Counter()
    api = used.invocations["api"] + used.invocations["webhook"]
    parts["API Gateway"] = api * PRICES["api request"]
    parts["Lambda"] = sum(used.invocations.values()) * PRICES["invocation"]
    parts["Lambda"] += seconds(used) * MEMORY_GB * PRICES["GB-second"]
    parts["DynamoDB"] = used.read_units * PRICES["read unit"]
    written = used.write_units + used.index_units
    parts["DynamoDB"] += written * PRICES["write unit"]
    of_queues = sum(n for name, n in calls.items() if name.startswith("sqs."))
    parts["SQS"] = of_queues * PRICES["FIFO queue request"]
    of_keys = sum(n for name, n in calls.items() if name.startswith("kms."))
    parts["KMS"] = of_keys * PRICES["key request"]
    parts["S3"] = calls["s3.PutObject"] * PRICES["put"]
    parts["S3"] += calls["s3.GetObject"] * PRICES["get"]
    parts["S3"] += used.stored_bytes / _GB * PRICES["GB stored"] / 2
    logged = used.log_bytes + PLATFORM_BYTES * sum(used.invocations.values())
    parts["logs"] = logged / _GB * PRICES["GB of logs"]
    parts["data sent"] = used.sent_bytes / _GB * PRICES["GB sent"]
    return parts


def seconds(used: Used) -> float:
    """How long the functions run for it, by what `prices` takes for granted."""
    pages = used.calls["s3.PutObject"]
    return (
        sum(used.invocations.values()) * SECONDS_AN_INVOCATION
        + sum(used.calls.values()) * SECONDS_A_CALL
        + pages * SECONDS_OF_XERO
    )


def of_organisation(found: Mapping[str, Used]) -> Parts:
    """Dollars a month for one organisation whose days are `A_DAY`."""
    parts: Parts = Counter()
    for name, often in A_DAY.items():
        for part, dollars in of_operation(found[name]).items():
            parts[part] += dollars * often * DAYS
    return parts


def fixed(found: Mapping[str, Used]) -> Parts:
    """Dollars a month that it costs to be there, with no connection at all."""
    resources = yaml_parse(_TEMPLATE.read_text())["Resources"].values()
    kinds = Counter(resource["Type"] for resource in resources)
    parts: Parts = Counter()
    parts["KMS"] = kinds["AWS::KMS::Key"] * PRICES["key"]
    month = DAYS * 86_400
    of_keys = month / KEY_REUSE_SECONDS * _KEY_PRINCIPALS
    parts["KMS"] += of_keys * PRICES["key request"]
    polls = POLLERS * month / POLL_SECONDS
    parts["SQS"] = polls * (PRICES["FIFO queue request"] + PRICES["queue request"])
    alarms = sum(_metrics_of(each) for each in resources)
    parts["alarms"] = alarms * PRICES["alarm"]
    parts["dashboard"] = kinds["AWS::CloudWatch::Dashboard"] * PRICES["dashboard"]
    metrics = set().union(*(used.metrics for used in found.values()))
    parts["metrics"] = len(metrics) * PRICES["metric"]
    for part, dollars in of_operation(found["janitor's round"]).items():
        parts[part] += dollars * _ROUNDS * DAYS
    return parts


def _metrics_of(resource: Mapping) -> int:
    """The metrics that an alarm is charged for; 0 for any other resource."""
    if resource["Type"] != "AWS::CloudWatch::Alarm":
        return 0
    metrics = resource["Properties"].get("Metrics", [{"MetricStat": True}])
    return sum("MetricStat" in metric for metric in metrics)
