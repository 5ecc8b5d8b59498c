"""Reads functions, routes, mappings and schedules from a transformed template."""

import re
from collections.abc import Iterator
from typing import Any

from infra.local.aws import ACCOUNT, REGION, STACK, environment
from infra.local.intrinsics import Intrinsics
from infra.local.stack import FunctionSpec, QueueMapping, Route, Schedule

LAMBDA_OF_INTEGRATION = re.compile(r"\$\{(\w+)\.Arn\}/invocations$")
RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
SECONDS = {"minute": 60, "hour": 3600, "day": 86400}

Resources = dict[str, Any]


def of_type(resources: Resources, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and properties of each resource of the type."""
    for name, resource in resources.items():
        if resource["Type"] == kind:
            yield name, resource.get("Properties", {})


def functions(
    resources: Resources, intrinsics: Intrinsics, moto_url: str
) -> dict[str, FunctionSpec]:
    """The functions by name, with the environment in which Lambda would start them."""
    return {
        name: _function(name, intrinsics.resolve(properties), moto_url)
        for name, properties in of_type(resources, "AWS::Lambda::Function")
    }


def _function(name: str, properties: dict[str, Any], moto_url: str) -> FunctionSpec:
    own = properties.get("Environment", {}).get("Variables", {})
    logging = properties.get("LoggingConfig", {})
    lambda_own = {
        # A function signs by its own name, so that its calls can be told apart.
        "AWS_ACCESS_KEY_ID": name,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{properties['Runtime']}",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties.get("MemorySize", 128)),
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", "INFO"),
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
        environment=environment(moto_url) | lambda_own | texts,
    )


def routes(resources: Resources) -> list[Route]:
    """The routes of the template's HTTP APIs."""
    return [
        _route(method, path, operation)
        for _, properties in of_type(resources, "AWS::ApiGatewayV2::Api")
        for path, operations in properties["Body"]["paths"].items()
        for method, operation in operations.items()
    ]


def _route(method: str, path: str, operation: dict[str, Any]) -> Route:
    integration = operation["x-amazon-apigateway-integration"]
    if integration["payloadFormatVersion"] != "2.0":
        raise ValueError(f"{path}: only payload format 2.0 is served.")
    target = LAMBDA_OF_INTEGRATION.search(integration["uri"]["Fn::Sub"])
    if not target:
        raise ValueError(f"{path}: only functions of the template are served.")
    any_method = method == "x-amazon-apigateway-any-method"
    return Route("ANY" if any_method else method.upper(), path, target.group(1))


def mappings(
    resources: Resources, intrinsics: Intrinsics, known: dict[str, FunctionSpec]
) -> list[QueueMapping]:
    """The event source mappings of queues, checked as AWS checks them.

    Raises:
        ValueError: a combination that AWS refuses.
    """
    queues = {}
    for name, properties in of_type(resources, "AWS::SQS::Queue"):
        arn = intrinsics.resolve({"Fn::GetAtt": [name, "Arn"]})
        queues[arn] = (intrinsics.resolve({"Ref": name}), properties)
    return [
        _mapping(name, intrinsics.resolve(properties), intrinsics, queues, known)
        for name, properties in of_type(resources, "AWS::Lambda::EventSourceMapping")
    ]


def _mapping(
    name: str,
    properties: dict[str, Any],
    intrinsics: Intrinsics,
    queues: dict[str, tuple[str, dict[str, Any]]],
    known: dict[str, FunctionSpec],
) -> QueueMapping:
    queue_url, queue = queues[properties["EventSourceArn"]]
    function = known[properties["FunctionName"]]
    window = int(properties.get("MaximumBatchingWindowInSeconds", 0))
    visibility = int(intrinsics.resolve(queue.get("VisibilityTimeout", 30)))
    if window and queue_url.endswith(".fifo"):
        raise ValueError(f"{name}: a FIFO queue has no batching window.")
    if visibility < function.timeout:
        raise ValueError(
            f"{name}: the queue's visibility timeout of {visibility} s is less than "
            f"the {function.timeout} s that {function.name} may take."
        )
    response_types = properties.get("FunctionResponseTypes", [])
    # Lambda begins with five pollers where the template sets no limit.
    concurrency = properties.get("ScalingConfig", {}).get("MaximumConcurrency", 5)
    return QueueMapping(
        name=name,
        function=function.name,
        queue_url=queue_url,
        queue_arn=properties["EventSourceArn"],
        batch_size=int(properties.get("BatchSize", 10)),
        window=window,
        reports_item_failures="ReportBatchItemFailures" in response_types,
        concurrency=int(concurrency),
    )


def schedules(resources: Resources, intrinsics: Intrinsics) -> list[Schedule]:
    """The rules that start functions at a rate."""
    by_arn = {
        intrinsics.resolve({"Fn::GetAtt": [name, "Arn"]}): name
        for name, _ in of_type(resources, "AWS::Lambda::Function")
    }
    return [
        _schedule(name, intrinsics.resolve(properties), by_arn)
        for name, properties in of_type(resources, "AWS::Events::Rule")
    ]


def _schedule(
    name: str, properties: dict[str, Any], by_arn: dict[str, str]
) -> Schedule:
    rate = RATE.fullmatch(properties["ScheduleExpression"])
    if not rate:
        raise ValueError(f"{name}: only rate(...) schedules are run here.")
    return Schedule(
        name=name,
        arn=f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{STACK}-{name}",
        function=by_arn[properties["Targets"][0]["Arn"]],
        period=int(rate.group(1)) * SECONDS[rate.group(2)],
    )
