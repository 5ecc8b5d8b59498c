"""Where the connector is deployed, as its stack says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from ..settings import Settings
from ..storage.table import Table
from .refusals import Refused


@dataclass(frozen=True)
class Outputs:
    """The stack's outputs and parameters that the command line works with, each under
    its name in snake case. Empty: not given."""

    table_name: str = ""
    connector_url: str = ""
    redirect_uri: str = ""
    spool_bucket: str = ""
    sync_queue_url: str = ""
    webhook_queue_url: str = ""
    public_url: str = ""
    stack_name: str = "STACK"
    stack_status: str = ""
    feed_retention_days: str = str(Settings.feed_retention_days)
    log_retention_days: str = str(Settings.log_retention_days)
    stuck_after_seconds: str = str(Settings.stuck_after_seconds)


class Deployment:
    """One deployed connector, with the deployer's own AWS credentials."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs

    @cached_property
    def table(self) -> Table:
        return Table(boto3.client("dynamodb"), self.need("table_name"))

    @property
    def address(self) -> str:
        """Where Odoo and Xero reach the connector, without a slash at the end."""
        return self.outputs.public_url or self.need("connector_url")

    @property
    def redirect_address(self) -> str:
        return f"{self.address}/oauth/callback"

    def webhook_address(self, hook: str) -> str:
        return f"{self.address}/webhooks/{hook}"

    def log_group(self, function: str) -> str:
        name = function.replace("_", "-")
        return f"/aws/lambda/{self.outputs.stack_name}-{name}"

    def need(self, output: str) -> str:
        """The output's value. Raises Refused where it is not known."""
        value = getattr(self.outputs, output)
        if value:
            return value
        if self.outputs.stack_status:
            raise Refused(
                f"The stack {self.outputs.stack_name} does not tell its {output}."
                " Deploy the release that this command line is of."
            )
        raise Refused(
            f"Name the deployed stack: --stack NAME (or set {output.upper()})."
        )


def find_deployment(stack: str | None, environment: Mapping[str, str]) -> Deployment:
    """By the stack's outputs and parameters, or by the environment's variables of the
    same names.

    Raises Refused where CloudFormation does not tell of the stack.
    """
    if stack:
        told = {_snake(name): value for name, value in _described(stack).items()}
    else:
        told = {key.lower(): value for key, value in environment.items()}
    known = {field.name for field in fields(Outputs)}
    return Deployment(Outputs(**{key: told[key] for key in known & told.keys()}))


def deployment_of(options: Any) -> Deployment:
    return find_deployment(options.stack, os.environ)


def _described(name: str) -> dict[str, str]:
    try:
        found = boto3.client("cloudformation").describe_stacks(StackName=name)
    except (BotoCoreError, ClientError) as error:
        raise Refused(
            f"CloudFormation tells nothing of the stack {name}: {error}. Check the "
            "stack's name, AWS_REGION and your AWS credentials."
        ) from None
    stack = found["Stacks"][0]
    given, made = stack.get("Parameters", []), stack.get("Outputs", [])
    return {
        **{each["ParameterKey"]: each["ParameterValue"] for each in given},
        **{each["OutputKey"]: each["OutputValue"] for each in made},
        "StackName": stack["StackName"],
        "StackStatus": stack["StackStatus"],
    }


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
