"""Every call of the connector to AWS and Xero, in every step of a connection's life,
with every fault that can befall it; docs/faults.md tells what comes of them."""

from __future__ import annotations

import ast
import base64
import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from infra.local import aws, template
from lambda_connector.logic.resources import RESOURCES
from tests.unit.connector.world import World

from .faults import report
from .faults.edge import Call
from .faults.enumeration import Seen, counts, go_through
from .faults.kinds import KINDS
from .faults.short_cuts import quick_answer

PROJECT = Path(__file__).parents[3]
CONNECTOR = PROJECT / "lambda_connector"
SERVICES = ("dynamodb", "s3", "sqs", "kms")
NOT_LIVED = {
    "dynamodb.Scan": "the deployer's command line",
    "dynamodb.Paginator": "the deployer's command line",
}
NOT_CALLED = {"/identity/connect/authorize": "the browser goes there"}
NOT_OURS = {
    "sqs:ReceiveMessage": "Lambda's event source mapping",
    "sqs:DeleteMessage": "Lambda's event source mapping",
    "sqs:GetQueueAttributes": "Lambda's event source mapping",
    "s3:ListBucket": "so that S3 says an object is gone",
    "kms:GenerateDataKey": "S3, SQS and DynamoDB, for what they keep for us",
}
LEAST_CASES = 1700


def aws_operations() -> set[str]:
    """What the storage asks of AWS, read from its source."""
    named = {}
    for service in SERVICES:
        client = boto3.client(service, region_name=aws.REGION)
        for method, operation in client.meta.method_to_api_mapping.items():
            named.setdefault(method, f"{service}.{operation}")
    named["get_paginator"] = "dynamodb.Paginator"
    return {
        named[node.attr]
        for path in (CONNECTOR / "storage").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in named
        and ast.unparse(node.value).endswith("client")
    }


def xero_operations() -> set[str]:
    lists = {f"xero.{resource.path}" for resource in RESOURCES.values()}
    documents = {"xero.pdf", "xero.OnlineInvoice", "xero.AgedReceivablesByContact"}
    written = {"xero.Contacts:PUT", "xero.Contacts/{id}:POST", "xero.Invoices:PUT"}
    documents |= {"xero.Contacts/{id}", *written}
    grants = ("client_credentials", "authorization_code", "refresh_token")
    tokens = {f"xero.token:{grant}" for grant in grants}
    return (
        lists | documents | tokens | {"xero.connections:GET", "xero.connections:DELETE"}
    )


OPERATIONS = sorted((aws_operations() - NOT_LIVED.keys()) | xero_operations())
CASES = [
    (operation, kind.name)
    for operation in OPERATIONS
    for kind in KINDS
    if kind.befalls(Call(0, "", "", operation, ""))
]


@pytest.fixture(scope="module")
def seen(request: pytest.FixtureRequest) -> Seen:
    seen = go_through()
    counted = ", ".join(f"{number} {name}" for name, number in counts(seen).items())
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    terminal.write_line(f" faults: {counted}")
    return seen


@pytest.mark.parametrize(
    ("operation", "kind"), CASES, ids=[f"{of}-{kind}" for of, kind in CASES]
)
def test_all_is_well_after(seen: Seen, operation: str, kind: str) -> None:
    results = seen.of(operation, kind)
    assert results, f"{operation} was never struck: the life does not reach it"
    broken = [one for one in results if one.broken]
    assert not broken, "\n\n".join(f"{one.title}\n{one.broken}" for one in broken)


def test_no_fault_went_untold(seen: Seen) -> None:
    """Each case belongs to one of the tests above; and there are as many as ever."""
    strange = {(one.call.operation, one.kind) for one in seen.results} - set(CASES)
    assert not strange
    killed = [one for one in seen.results if one.kind == "killed_after"]
    assert len(killed) == len(seen.calls)
    assert len(seen.results) >= LEAST_CASES


def test_each_operation_of_the_functions_is_part_of_the_life(seen: Seen) -> None:
    """What the source names, what the roles allow and what was called are the same."""
    called = {call.operation for call in seen.calls}
    assert called == set(OPERATIONS)
    actions = {
        operation.replace(".", ":")
        for operation in called
        if not operation.startswith("xero.")
    }
    assert allowed_actions() - NOT_OURS.keys() <= actions


def allowed_actions() -> set[str]:
    document = template.deployable(template.transform(PROJECT / "template.yaml", {}))
    roles = (
        one["Properties"]
        for one in document["Resources"].values()
        if one["Type"] == "AWS::IAM::Role"
    )
    actions: set[str] = set()
    for role in roles:
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                named = statement["Action"]
                actions |= {named} if isinstance(named, str) else set(named)
    return {one for one in actions if one.split(":")[0] in SERVICES}


def test_each_address_of_xero_in_the_source_is_part_of_the_life(seen: Seen) -> None:
    literals = {
        node.value.rstrip("/")
        for path in (CONNECTOR / "xero").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("/")
    }
    assert literals
    for address in literals - NOT_CALLED.keys():
        assert any(path.startswith(address) for path in seen.paths), address


def test_the_shorter_way_to_the_table_gives_what_moto_gives(world: World) -> None:
    """Each of the reads that are answered past moto's parsers."""
    held = world.connect()
    world.run(held)
    live = world.start(held)
    world.clock.advance(days=40)
    quick: list[tuple[Any, AWSResponse]] = []

    def both(event_name: str, request: Any, **_: Any) -> None:
        answer = quick_answer(event_name, request)
        if answer:
            quick.append((json.loads(request.body), answer))

    client = world.ports.writes.table.client
    client.meta.events.register_first("before-send.dynamodb", both)
    ports, where = world.ports, (held.instance, held.id)
    ports.connections.list(held.instance)
    ports.feeds.entries(*where, 0, 100)
    ports.syncs.recent(*where, 50)
    ports.syncs.log(live, 0)
    list(ports.syncs.due(world.clock.now()))
    list(ports.token_sets.due(world.clock.now()))
    ports.token_sets.get(held.instance, held.token_set)
    client.meta.events.unregister("before-send.dynamodb", both)
    assert len(quick) == 7
    for asked, answer in quick:
        method = client.query if "KeyConditionExpression" in asked else client.get_item
        theirs = method(**asked)
        assert _rows(json.loads(answer.content)) == _rows(theirs)


def _rows(answer: dict[str, Any]) -> Any:
    """Its rows, with bytes as they travel."""
    found = answer.get("Items", [answer.get("Item")])
    text = json.dumps(found, default=lambda held: base64.b64encode(held).decode())
    return json.loads(text)


def test_what_comes_of_each_fault_is_written_down(seen: Seen, tmp_path: Path) -> None:
    told = tmp_path / "faults.md"
    told.write_text(report.text(seen))
    assert report.PAGE.read_text() == told.read_text(), (
        f"docs/faults.md tells otherwise than {told}; write it anew: {report.COMMAND}"
    )
