"""`sam deploy` and `sam delete`, as the documentation has them.

What moto cannot show is asserted on the transformed template: which changes of a
parameter make CloudFormation replace a resource (and so lose what is in it).
"""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local import template
from lambda_connector.cli.command_line import main
from tests.infra.account import Account, pretended_account
from tests.local_stack import PROJECT

# Properties that CloudFormation changes by replacing the resource. Source: AWS
# CloudFormation template reference, "Update requires: Replacement".
REPLACING = {
    "AWS::DynamoDB::Table": ("TableName", "KeySchema", "AttributeDefinitions"),
    "AWS::S3::Bucket": ("BucketName", "ObjectLockEnabled"),
    "AWS::SQS::Queue": ("QueueName", "FifoQueue"),
    "AWS::KMS::Key": ("KeySpec", "KeyUsage", "MultiRegion", "Origin"),
    "AWS::Logs::LogGroup": ("LogGroupName",),
}
MESSAGE = '{"none": "of ours"}'
CONTEXT = {"purpose": "test"}


@pytest.fixture(scope="module")
def account(host, tmp_path_factory) -> Iterator[Account]:
    config = tmp_path_factory.mktemp("sam") / "samconfig.toml"
    shutil.copy(PROJECT / "samconfig.toml", config)
    with pretended_account(host.sam, config) as account:
        yield account


class Data:
    """One of each thing that a deployment keeps."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.outputs = account.outputs()
        self.sqs = account.client("sqs")
        self.queues = [self.outputs[f"{name}QueueUrl"] for name in ("Sync", "Webhook")]
        for url in self.queues:
            fifo = {"MessageGroupId": "g", "MessageDeduplicationId": "d"}
            more = fifo if url.endswith(".fifo") else {}
            self.sqs.send_message(QueueUrl=url, MessageBody=MESSAGE, **more)
        self._s3("put_object", Body=b"a part")
        self.sealed = account.client("kms").encrypt(
            KeyId=self.outputs["TokenKeyArn"],
            Plaintext=b"a token",
            EncryptionContext=CONTEXT,
        )["CiphertextBlob"]
        self.rows = self._rows()
        assert self.rows

    def _s3(self, call: str, **more: Any) -> dict[str, Any]:
        where = {"Bucket": self.outputs["SpoolBucket"], "Key": "k"}
        return getattr(self.account.client("s3"), call)(**where, **more)

    def _rows(self) -> list[dict[str, Any]]:
        table = self.account.client("dynamodb")
        rows = table.scan(TableName=self.outputs["TableName"])["Items"]
        return sorted(rows, key=lambda row: (row["pk"]["S"], row["sk"]["S"]))

    def check_kept(self) -> None:
        """What stays even without the stack."""
        assert self._rows() == self.rows
        assert self._s3("get_object")["Body"].read() == b"a part"
        opened = self.account.client("kms").decrypt(
            KeyId=self.outputs["TokenKeyArn"],
            CiphertextBlob=self.sealed,
            EncryptionContext=CONTEXT,
        )
        assert opened["Plaintext"] == b"a token"

    def check_all(self) -> None:
        self.check_kept()
        for url in self.queues:
            asked = ["ApproximateNumberOfMessages"]
            about = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)
            assert about["Attributes"]["ApproximateNumberOfMessages"] == "1"


def test_updates_lose_nothing_and_removal_keeps_what_is_retained(
    account, built, monkeypatch, capsys
) -> None:
    account.deploy_guided(built)
    assert account.stack()["StackStatus"] == "CREATE_COMPLETE"
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    new = ("instances", "create", "--name", "Shop", "--return-origin", "https://o.test")
    assert main(["--stack", "xero-for-odoo", *new]) == 0
    assert json.loads(capsys.readouterr().out)["key"].startswith("xo_")
    for line in ("connections list", "feeds list", "dead-letters list"):
        assert main(["--stack", "xero-for-odoo", *line.split()]) == 0
    data = Data(account)
    data.check_all()

    account.deploy(built, LogLevel="DEBUG", FeedRetentionDays=30, ApiTimeoutSeconds=20)
    assert account.stack()["StackStatus"] == "UPDATE_COMPLETE"
    data.check_all()
    account.deploy(built, SyncVisibilitySeconds=900, WorkerConcurrency=9)
    data.check_all()

    account.delete()
    data.check_kept()
    assert "QueueUrls" not in data.sqs.list_queues()
    stacks = account.client("cloudformation").list_stacks()["StackSummaries"]
    ended = {
        one["StackStatus"] for one in stacks if one["StackName"] == "xero-for-odoo"
    }
    assert ended == {"DELETE_COMPLETE"}


def replaced_by(document: dict[str, Any]) -> list[str]:
    """Resources that hold something, and which parameter would replace them."""
    parameters = set(document["Parameters"])
    return [
        f"{name}.{wanted}: {', '.join(sorted(parameters & set(_names(held))))}"
        for name, resource in document["Resources"].items()
        for wanted in REPLACING.get(resource["Type"], ())
        if (held := resource.get("Properties", {}).get(wanted))
        and parameters & set(_names(held))
    ]


def _names(value: Any) -> Iterator[str]:
    """The names that an expression refers to."""
    if isinstance(value, dict):
        for key, argument in value.items():
            if key == "Ref":
                yield argument
            elif key == "Fn::Sub":
                text = argument if isinstance(argument, str) else argument[0]
                yield from (part.partition("}")[0] for part in text.split("${")[1:])
            else:
                yield from _names(argument)
    elif isinstance(value, list):
        for each in value:
            yield from _names(each)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return template.transform(PROJECT / "template.yaml", {})


def test_no_parameter_replaces_what_holds_something(document) -> None:
    assert replaced_by(document) == []
    document["Resources"]["SyncQueue"]["Properties"]["QueueName"] = {
        "Fn::Sub": "${AWS::StackName}-${LogLevel}.fifo"
    }
    assert replaced_by(document) == ["SyncQueue.QueueName: LogLevel"]


def test_stages_are_stacks_of_their_own() -> None:
    stages = tomllib.loads((PROJECT / "samconfig.toml").read_text())
    del stages["version"]
    names = [stage["global"]["parameters"]["stack_name"] for stage in stages.values()]
    assert len(set(names)) == len(names) == 2
    for stage in stages.values():
        overrides = stage["deploy"]["parameters"].get("parameter_overrides", "")
        given = dict(each.split("=") for each in overrides.split())
        template.transform(PROJECT / "template.yaml", given)
