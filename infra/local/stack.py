"""The stack as it runs: what the template says, with moto's real names in it."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.local.aws import ACCOUNT, REGION, STACK, client, environment
from infra.local.intrinsics import Intrinsics
from infra.local.template import deployable, parameter_values

LAMBDA_OF_INTEGRATION = re.compile(r"\$\{(\w+)\.Arn\}/invocations$")
RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


def function_arn(name: str) -> str:
    """The ARN under which the function knows itself."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


@dataclass(frozen=True)
class FunctionSpec:
    """One Lambda function. ``timeout`` in seconds, ``memory`` in MB."""

    name: str
    handler: str
    timeout: int
    memory: int
    environment: dict[str, str]

    @property
    def arn(self) -> str:
        return function_arn(self.name)


@dataclass(frozen=True)
class Route:
    """One route of the HTTP API: ``method`` is upper case, or ANY."""

    method: str
    path: str
    function: str


@dataclass(frozen=True)
class QueueMapping:
    """One event source mapping of a queue. ``window`` in seconds."""

    name: str
    function: str
    queue_url: str
    queue_arn: str
    batch_size: int
    window: int
    reports_item_failures: bool
    concurrency: int


@dataclass(frozen=True)
class Schedule:
    """One rule that starts a function every ``period`` seconds."""

    name: str
    arn: str
    function: str
    period: int


@dataclass(frozen=True)
class Stack:
    """Everything that the processes of the local stack need to know."""

    code: str
    state: str
    moto_url: str
    functions: dict[str, FunctionSpec]
    routes: list[Route]
    mappings: list[QueueMapping]
    schedules: list[Schedule]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def load(cls, path: Path) -> "Stack":
        raw = json.loads(path.read_text())
        return cls(
            code=raw["code"],
            state=raw["state"],
            moto_url=raw["moto_url"],
            functions={k: FunctionSpec(**v) for k, v in raw["functions"].items()},
            routes=[Route(**each) for each in raw["routes"]],
            mappings=[QueueMapping(**each) for each in raw["mappings"]],
            schedules=[Schedule(**each) for each in raw["schedules"]],
        )


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
        state: the folder for logs.
    """
    values = parameter_values(document, parameters)
    cloudformation = client("cloudformation", moto_url)
    cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(deployable(document)),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in values.items()
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    status = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    if status["StackStatus"] != "CREATE_COMPLETE":
        raise StackNotCreated(f"{status['StackStatus']}: {status}")
    summaries = cloudformation.list_stack_resources(StackName=STACK)
    physical = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in summaries["StackResourceSummaries"]
    }
    return read(document, values, physical, moto_url, code, state)


def read(
    document: dict[str, Any],
    values: dict[str, str],
    physical: dict[str, str],
    moto_url: str,
    code: Path,
    state: Path,
) -> Stack:
    """The functions, routes, mappings and schedules of a created document."""
    resources = document["Resources"]
    intrinsics = _intrinsics(resources, values, physical)
    resolved = {
        name: {**resource, "Properties": intrinsics.resolve(resource["Properties"])}
        for name, resource in resources.items()
        if resource["Type"].startswith(("AWS::Lambda::", "AWS::Events::Rule"))
        and resource["Type"] != "AWS::Lambda::Permission"
    }
    functions = {
        name: _function(name, properties, moto_url)
        for name, properties in _of_type(resolved, "AWS::Lambda::Function")
    }
    names = {each.arn: name for name, each in functions.items()}
    return Stack(
        code=str(code),
        state=str(state),
        moto_url=moto_url,
        functions=functions,
        routes=list(_routes(resources)),
        mappings=[
            _mapping(name, properties, resources, physical, functions)
            for name, properties in _of_type(
                resolved, "AWS::Lambda::EventSourceMapping"
            )
        ],
        schedules=[
            _schedule(name, properties, names)
            for name, properties in _of_type(resolved, "AWS::Events::Rule")
        ],
    )


def _of_type(resources: dict[str, Any], kind: str) -> Iterator[tuple[str, dict]]:
    for name, resource in resources.items():
        if resource["Type"] == kind:
            yield name, resource["Properties"]


def _intrinsics(
    resources: dict[str, Any], values: dict[str, str], physical: dict[str, str]
) -> Intrinsics:
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
        match resource["Type"]:
            case "AWS::Lambda::Function":
                references[name] = name
                attributes[name, "Arn"] = function_arn(name)
            case "AWS::SQS::Queue":
                queue = physical[name].rsplit("/", 1)[-1]
                attributes[name, "QueueName"] = queue
                attributes[name, "Arn"] = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"
            case "AWS::DynamoDB::Table":
                table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{physical[name]}"
                attributes[name, "Arn"] = table
            case "AWS::S3::Bucket":
                attributes[name, "Arn"] = f"arn:aws:s3:::{physical[name]}"
            case "AWS::KMS::Key":
                key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{physical[name]}"
                attributes[name, "Arn"] = key
            case "AWS::IAM::Role":
                role = f"arn:aws:iam::{ACCOUNT}:role/{physical[name]}"
                attributes[name, "Arn"] = role
    return Intrinsics(references, attributes)


def _function(name: str, properties: dict[str, Any], moto_url: str) -> FunctionSpec:
    own = properties.get("Environment", {}).get("Variables", {})
    logging = properties.get("LoggingConfig", {})
    lambda_own = {
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{properties['Runtime']}",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties.get("MemorySize", 128)),
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        "AWS_LAMBDA_LOG_GROUP_NAME": logging.get("LogGroup", f"/aws/lambda/{name}"),
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "TZ": ":UTC",
        # oauthlib speaks to https alone; the simulator is plain http.
        "OAUTHLIB_INSECURE_TRANSPORT": "1",
    }
    texts = {key: str(value) for key, value in own.items()}
    return FunctionSpec(
        name=name,
        handler=properties["Handler"],
        timeout=int(properties.get("Timeout", 3)),
        memory=int(properties.get("MemorySize", 128)),
        environment=environment(moto_url) | lambda_own | texts,
    )


def _routes(resources: dict[str, Any]) -> Iterator[Route]:
    for _, properties in _of_type(resources, "AWS::ApiGatewayV2::Api"):
        for path, operations in properties["Body"]["paths"].items():
            for method, operation in operations.items():
                integration = operation["x-amazon-apigateway-integration"]
                if integration["payloadFormatVersion"] != "2.0":
                    raise ValueError(f"{path}: only payload format 2.0 is served.")
                target = LAMBDA_OF_INTEGRATION.search(integration["uri"]["Fn::Sub"])
                any_method = method == "x-amazon-apigateway-any-method"
                yield Route(
                    method="ANY" if any_method else method.upper(),
                    path=path,
                    function=target.group(1),
                )


def _mapping(
    name: str,
    properties: dict[str, Any],
    resources: dict[str, Any],
    physical: dict[str, str],
    functions: dict[str, FunctionSpec],
) -> QueueMapping:
    arn = properties["EventSourceArn"]
    queue_name = arn.rsplit(":", 1)[-1]
    queue = next(
        logical
        for logical, _ in _of_type(resources, "AWS::SQS::Queue")
        if physical[logical].rsplit("/", 1)[-1] == queue_name
    )
    window = int(properties.get("MaximumBatchingWindowInSeconds", 0))
    if window and queue_name.endswith(".fifo"):
        raise ValueError(f"{name}: a FIFO queue has no batching window.")
    return QueueMapping(
        name=name,
        function=functions[properties["FunctionName"]].name,
        queue_url=physical[queue],
        queue_arn=arn,
        batch_size=int(properties.get("BatchSize", 10)),
        window=window,
        reports_item_failures="ReportBatchItemFailures"
        in properties.get("FunctionResponseTypes", []),
        # Lambda begins with five pollers where the template sets no limit.
        concurrency=int(
            properties.get("ScalingConfig", {}).get("MaximumConcurrency", 5)
        ),
    )


def _schedule(name: str, properties: dict[str, Any], names: dict[str, str]) -> Schedule:
    rate = RATE.fullmatch(properties["ScheduleExpression"])
    if not rate:
        raise ValueError(f"{name}: only rate(...) schedules are run here.")
    return Schedule(
        name=name,
        arn=f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{STACK}-{name}",
        function=names[properties["Targets"][0]["Arn"]],
        period=int(rate.group(1)) * SECONDS[rate.group(2)],
    )
