"""Creates the template's resources in moto and reads from it what is to be run."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from infra.local import reader
from infra.local.aws import ACCOUNT, REGION, STACK, client
from infra.local.grants import grants
from infra.local.intrinsics import Intrinsics
from infra.local.stack import Stack, function_arn
from infra.local.template import deployable, parameter_values

# The file in the state folder that says what each function may do.
GRANTS = "grants.json"


class StackNotCreated(RuntimeError):
    """moto did not create the stack."""


def create(
    document: dict[str, Any],
    parameters: dict[str, str],
    moto_url: str,
    code: Path,
    state: Path,
) -> Stack:
    """Create the document's resources in moto and say what is to be run on them.

    Args:
        document: the transformed template.
        parameters: the values given for its parameters.
        moto_url: the address of the moto server.
        code: the folder from which the handlers are imported.
        state: the folder for logs and for what the processes share.
    """
    values = parameter_values(document, parameters)
    physical = _physical_ids(deployable(document), values, moto_url)
    resources = document["Resources"]
    intrinsics = names_of(resources, values, physical)
    functions = reader.functions(resources, intrinsics, moto_url)
    allowed = asdict(grants(resources, intrinsics))
    (state / GRANTS).write_text(json.dumps(allowed, indent=1))
    return Stack(
        code=str(code),
        state=str(state),
        moto_url=moto_url,
        functions=functions,
        routes=reader.routes(resources),
        mappings=reader.mappings(resources, intrinsics, functions),
        schedules=reader.schedules(resources, intrinsics),
    )


def _physical_ids(
    document: dict[str, Any], values: dict[str, str], moto_url: str
) -> dict[str, str]:
    cloudformation = client("cloudformation", moto_url)
    cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(document),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in values.items()
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    made = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    if made["StackStatus"] != "CREATE_COMPLETE":
        reason = made.get("StackStatusReason", "no reason given")
        raise StackNotCreated(f"{made['StackStatus']}: {reason}")
    summaries = cloudformation.list_stack_resources(StackName=STACK)
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in summaries["StackResourceSummaries"]
    }


def names_of(
    resources: dict[str, Any], values: dict[str, str], physical: dict[str, str]
) -> Intrinsics:
    """The intrinsic functions' view of a stack whose resources have these ids."""
    references = {
        **values,
        **physical,
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::StackName": STACK,
        "AWS::URLSuffix": "amazonaws.com",
    }
    attributes = {}
    for name, resource in resources.items():
        kind, own = resource["Type"], physical.get(name, name)
        if kind == "AWS::Lambda::Function":
            references[name] = name
        for attribute, value in _attributes(kind, own).items():
            attributes[name, attribute] = value
    return Intrinsics(references, attributes)


def _attributes(kind: str, physical: str) -> dict[str, str]:
    """What Fn::GetAtt gives for a resource of this kind with this id."""
    here = f"{REGION}:{ACCOUNT}"
    match kind:
        case "AWS::SQS::Queue":
            queue = physical.rsplit("/", 1)[-1]
            return {"QueueName": queue, "Arn": f"arn:aws:sqs:{here}:{queue}"}
        case "AWS::Lambda::Function":
            return {"Arn": function_arn(physical)}
        case "AWS::DynamoDB::Table":
            return {"Arn": f"arn:aws:dynamodb:{here}:table/{physical}"}
        case "AWS::KMS::Key":
            return {"Arn": f"arn:aws:kms:{here}:key/{physical}"}
        case "AWS::Logs::LogGroup":
            return {"Arn": f"arn:aws:logs:{here}:log-group:{physical}:*"}
        case "AWS::CloudWatch::Alarm":
            return {"Arn": f"arn:aws:cloudwatch:{here}:alarm:{physical}"}
        case "AWS::S3::Bucket":
            return {"Arn": f"arn:aws:s3:::{physical}"}
        case "AWS::IAM::Role":
            return {"Arn": f"arn:aws:iam::{ACCOUNT}:role/{physical}"}
    return {}
