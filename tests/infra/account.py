"""An AWS account that `sam` deploys into: moto, and what CloudFormation does besides.

moto knows no macro, so the SAM transform is made here, by the library that AWS uses.
What moto's CloudFormation cannot create is left out of the stack.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
from moto.cloudformation.models import ChangeSet, CloudFormationBackend
from moto.server import ThreadedMotoServer
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from infra.host.ports import free_port
from infra.local import aws
from tests.local_stack import PROJECT

API = "https://0a1b2c3d4e.execute-api.eu-west-1.amazonaws.com"
_NOT_CREATED = (
    "AWS::ApiGatewayV2::",
    "AWS::CloudWatch::",
    "AWS::Lambda::Permission",
    # moto's own would take the messages and lose them.
    "AWS::Lambda::EventSourceMapping",
)


class Account:
    """Reached by whatever reads AWS's environment variables."""

    def __init__(self, url: str, sam: Path, config: Path) -> None:
        self.sam, self.config = sam, config
        self.url = url
        self.environment = aws.environment(url) | {
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_POLL_DELAY": "0.2",
        }

    def client(self, service: str) -> Any:
        return aws.client(service, self.url)

    def deploy_guided(self, built: Path) -> None:
        """Answers as the documentation has them: Enter for stack, region and each
        parameter, then for changes, roles and rollback; yes to the three addresses
        without authentication and to saving, Enter for where, yes to the changes."""
        declared = yaml_parse((built / "template.yaml").read_text())["Parameters"]
        answers = [""] * (2 + len(declared) + 3) + ["y"] * 4 + ["", "", "y"]
        said = "\n".join([*answers, ""])
        self._run("deploy", "--guided", *self._deployment(built), input=said)

    def deploy(self, built: Path, **parameters: object) -> None:
        given = [f"{name}={value}" for name, value in parameters.items()]
        more = "--no-confirm-changeset", "--parameter-overrides", *given
        self._run("deploy", *self._deployment(built), *more)

    def delete(self) -> None:
        self._run("delete", "--no-prompts", f"--config-file={self.config}")

    def _deployment(self, built: Path) -> list[str]:
        return [
            f"--template-file={built / 'template.yaml'}",
            f"--config-file={self.config}",
            "--no-progressbar",
        ]

    def _run(self, *arguments: str, **more: str) -> None:
        ended = subprocess.run(
            [self.sam, *arguments],
            cwd=PROJECT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            **more,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr

    def stack(self) -> dict[str, Any]:
        found = self.client("cloudformation").describe_stacks(StackName="xero-for-odoo")
        return found["Stacks"][0]

    def outputs(self) -> dict[str, str]:
        return {one["OutputKey"]: one["OutputValue"] for one in self.stack()["Outputs"]}

    def resources(self) -> dict[str, str]:
        """The physical ids."""
        listed = self.client("cloudformation").list_stack_resources(
            StackName="xero-for-odoo"
        )
        return {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for each in listed["StackResourceSummaries"]
        }


@contextmanager
def pretended_account(sam: Path, config: Path) -> Iterator[Account]:
    """`config` is the samconfig.toml, which a guided deployment writes to."""
    create, apply = CloudFormationBackend.create_change_set, ChangeSet.apply

    def transformed(self: Any, *, template: str, parameters: Any, **more: Any) -> Any:
        document = json.dumps(_created(template, parameters))
        return create(self, template=document, parameters=parameters, **more)

    def applied(change: Any) -> None:
        """moto leaves the stack with the outputs of the template before."""
        apply(change)
        change.stack.template_dict = change.template_dict
        change.stack.output_map = change.stack._create_output_map()

    port = free_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    with (
        patch.object(CloudFormationBackend, "create_change_set", transformed),
        patch.object(ChangeSet, "apply", applied),
    ):
        server.start()
        try:
            # By this name moto knows a bucket by the path, as `sam` writes it.
            yield Account(f"http://localhost:{port}", sam, config)
        finally:
            server.stop()


def _created(template: str, parameters: dict[str, str]) -> dict[str, Any]:
    """The plain CloudFormation of a packaged SAM template, as far as moto makes it."""
    if "AWS::Serverless" not in template:
        return yaml_parse(template)
    session = boto3.Session(region_name=aws.REGION)
    translator = Translator({}, Parser(), boto_session=session)
    document = translator.translate(yaml_parse(template), dict(parameters))
    text = json.dumps(document)
    gateway = json.dumps({"Fn::GetAtt": ["HttpApi", "ApiEndpoint"]})
    document = json.loads(
        text.replace(gateway, json.dumps(API)).replace("${HttpApi.ApiEndpoint}", API)
    )
    document["Resources"] = {
        name: resource
        for name, resource in document["Resources"].items()
        if not resource["Type"].startswith(_NOT_CREATED)
    }
    return document
