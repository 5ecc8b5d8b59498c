"""The metrics that alarms and the dashboard look at: somebody emits each."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .reading import intrinsics, properties_of
from .registry import Document, check, of, put

HANDLERS = Path(__file__).parents[3] / "lambda_connector" / "handlers"
NAMESPACE = "XeroConnector"
_FUNCTION, _QUEUE, _API, _LOG = (
    [{each}] for each in ("FunctionName", "QueueName", "ApiId", "LogGroupName")
)
_TABLE = [{"TableName"}, {"TableName", "GlobalSecondaryIndexName"}]
OF_AWS = {
    "AWS/ApiGateway": dict.fromkeys(("4xx", "5xx", "Count", "Latency"), _API),
    "AWS/DynamoDB": {
        "ConsumedReadCapacityUnits": _TABLE,
        "ConsumedWriteCapacityUnits": _TABLE,
        "ReadThrottleEvents": _TABLE,
        "SystemErrors": [{"TableName", "Operation"}],
        "WriteThrottleEvents": _TABLE,
    },
    "AWS/Lambda": dict.fromkeys(
        ("ConcurrentExecutions", "Duration", "Errors", "Invocations", "Throttles"),
        _FUNCTION,
    ),
    "AWS/Logs": {"IncomingBytes": _LOG},
    "AWS/S3": {"BucketSizeBytes": [{"BucketName", "StorageType"}]},
    "AWS/SQS": {
        "ApproximateAgeOfOldestMessage": _QUEUE,
        "ApproximateNumberOfMessagesVisible": _QUEUE,
    },
}
"""AWS's own metrics and the dimensions under which it keeps them, from the monitoring
chapters of each service's developer guide."""
_KINDS = {
    "ApiId": "AWS::ApiGatewayV2::Api",
    "BucketName": "AWS::S3::Bucket",
    "FunctionName": "AWS::Lambda::Function",
    "LogGroupName": "AWS::Logs::LogGroup",
    "QueueName": "AWS::SQS::Queue",
    "TableName": "AWS::DynamoDB::Table",
}


@dataclass(frozen=True)
class Metric:
    namespace: str
    name: str
    dimensions: dict[str, str]
    watcher: str = field(compare=False)


def of_alarms(document: Document) -> Iterator[Metric]:
    for name, alarm in properties_of(document, "AWS::CloudWatch::Alarm"):
        own = [alarm] if "MetricName" in alarm else []
        for each in own + [
            each["MetricStat"]["Metric"]
            for each in alarm.get("Metrics", [])
            if "MetricStat" in each
        ]:
            dimensions = {
                one["Name"]: one["Value"] for one in each.get("Dimensions", [])
            }
            yield Metric(each["Namespace"], each["MetricName"], dimensions, name)


def widgets(document: Document) -> list[dict]:
    bodies = [
        json.loads(dashboard["DashboardBody"])
        for _, dashboard in properties_of(document, "AWS::CloudWatch::Dashboard")
    ]
    return [widget for body in bodies for widget in body["widgets"]]


def of_dashboard(document: Document) -> Iterator[Metric]:
    for widget in widgets(document):
        for row in widget["properties"].get("metrics", []):
            texts = [each for each in row if isinstance(each, str)]
            dimensions = dict(zip(texts[2::2], texts[3::2], strict=True))
            title = widget["properties"]["title"]
            yield Metric(texts[0], texts[1], dimensions, f"the dashboard's {title}")


@dataclass(frozen=True)
class Emitted:
    """The names that a function's code emits: whole, or how they begin."""

    names: frozenset[str]
    beginnings: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.names or name.startswith(self.beginnings)


@cache
def emitted(service: str) -> Emitted:
    """By the function's handler and by what of the handlers it imports."""
    names: set[str] = set()
    beginnings: set[str] = set()
    for path in _reached(HANDLERS / f"{service}.py"):
        tree = ast.parse(path.read_text())
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and _function(call) in ("count", "duration"):
                match call.args[0]:
                    case ast.Constant(value):
                        names.add(value)
                    case ast.BinOp(left=ast.Constant(value)):
                        beginnings.add(value)
                    case ast.Subscript(value=ast.Name(id=table)):
                        names |= _values(tree, table)
    return Emitted(frozenset(names), tuple(beginnings))


def _function(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _values(tree: ast.Module, table: str) -> set[str]:
    """The texts in the dictionary that the module assigns to the name."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == table:
            return {each.value for each in statement.value.values}
    return set()


def _reached(path: Path, seen: frozenset[Path] = frozenset()) -> frozenset[Path]:
    """The module, and the modules of the handlers that it imports."""
    seen |= {path}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1]
            module = folder.joinpath(*(node.module or "").split(".")).with_suffix(".py")
            if module.is_relative_to(HANDLERS) and module not in seen:
                seen = _reached(module, seen) if module.exists() else seen
    return seen


def _known_values(document: Document) -> dict[str, set[str]]:
    """What each dimension may be: our resources, as CloudWatch names them."""
    names = intrinsics(document)
    known = {
        dimension: {name for name, _ in properties_of(document, kind)}
        for dimension, kind in _KINDS.items()
    }
    known["QueueName"] = {
        names.resolve({"Fn::GetAtt": [name, "QueueName"]})
        for name in known["QueueName"]
    }
    tables = dict(properties_of(document, "AWS::DynamoDB::Table")).values()
    known["GlobalSecondaryIndexName"] = {
        index["IndexName"]
        for table in tables
        for index in table["GlobalSecondaryIndexes"]
    }
    return known


METRIC = ("Properties", "MetricName")


@check(
    put(("ApiErrorsAlarm", *METRIC), "Error"),
    put(("SyncQueueAgeAlarm", "Properties", "Namespace"), "AWS/Sqs"),
    put(of("TableReadsThrottledAlarm", "Dimensions", 0, "Name"), "Table"),
    put(of("WorkerErrorsAlarm", "Dimensions", 0, "Value"), "local-worker"),
    put(of("DueIndexThrottledAlarm", "Dimensions", 1, "Value"), "late"),
    put(
        of("TableErrorsAlarm", "Metrics", 1, "MetricStat", "Metric", "MetricName"),
        "Errors",
    ),
)
def watched_metrics_of_aws_are_of_our_resources(document):
    known = _known_values(document)
    for metric in (*of_alarms(document), *of_dashboard(document)):
        if metric.namespace == NAMESPACE:
            continue
        kept_by = OF_AWS.get(metric.namespace, {}).get(metric.name, [])
        if set(metric.dimensions) not in kept_by:
            yield f"{metric.watcher}: AWS keeps no {metric}"
        for name, value in metric.dimensions.items():
            if value not in known.get(name, {value}):
                yield f"{metric.watcher}: {value} is no {name} of ours"


@check(
    put(
        (
            "SyncFailedAlarm",
            "Properties",
            "Metrics",
            1,
            "MetricStat",
            "Metric",
            "MetricName",
        ),
        "SyncsFailed",
    ),
    put(of("JanitorSilentAlarm", "Dimensions", 0, "Value"), "worker"),
    put(of("JanitorSilentAlarm", "Dimensions", 0, "Name"), "Service"),
    put(of("WebhookSlowAlarm", "Dimensions"), None),
    put(
        of("JanitorFunction", "Environment", "Variables", "POWERTOOLS_SERVICE_NAME"),
        "cleaner",
    ),
)
def watched_metrics_of_ours_are_emitted(document):
    """By the code of the function that powertools names in the only dimension."""
    services = {
        function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        for _, function in properties_of(document, "AWS::Lambda::Function")
    }
    for metric in (*of_alarms(document), *of_dashboard(document)):
        if metric.namespace != NAMESPACE:
            continue
        service = metric.dimensions.get("service")
        if set(metric.dimensions) != {"service"} or service not in services:
            yield f"{metric.watcher}: no function emits {metric}"
        elif metric.name not in emitted(service):
            yield f"{metric.watcher}: {service} does not emit {metric.name}"


@check(put(of("ApiFunction", "Handler"), "lambda_connector.handlers.janitor.handler"))
def a_function_names_its_metrics_as_its_handler_is_named(document):
    for name, function in properties_of(document, "AWS::Lambda::Function"):
        service = function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        if function["Handler"].split(".")[-2] != service:
            yield f"{name}: its metrics are told apart as {service}"


def _log_groups_of(widget: dict) -> list[str]:
    query = widget["properties"]["query"]
    return [part.split("'")[1] for part in query.split("|") if "SOURCE" in part]


def _put_widget(change) -> object:
    def seed(document):
        dashboard = document["Resources"]["Dashboard"]["Properties"]
        body = json.loads(dashboard["DashboardBody"]["Fn::Sub"])
        change(body)
        dashboard["DashboardBody"] = {"Fn::Sub": json.dumps(body)}

    return seed


@check(
    _put_widget(lambda body: body["widgets"][1]["properties"]["alarms"].pop()),
    _put_widget(lambda body: body["widgets"].pop(2)),
    put(("Dashboard",), None),
)
def the_dashboard_shows_every_alarm_and_what_it_looks_at(document):
    """Of two alarms on the same metric it may show one."""
    shown = [
        alarm
        for widget in widgets(document)
        for alarm in widget["properties"].get("alarms", [])
    ]
    alarms = dict(properties_of(document, "AWS::CloudWatch::Alarm"))
    for name in alarms:
        if not any(each.endswith(f":alarm:{name}") for each in shown):
            yield f"{name}: not on the dashboard"
    drawn = {(metric.namespace, metric.name) for metric in of_dashboard(document)}
    for metric in of_alarms(document):
        if (metric.namespace, metric.name) not in drawn:
            yield f"{metric.watcher}: {metric.name} is not on the dashboard"


@check(
    _put_widget(
        lambda body: body["widgets"][-1]["properties"].update(query="SOURCE 'x'")
    )
)
def the_dashboards_queries_ask_our_logs(document):
    groups = {name for name, _ in properties_of(document, "AWS::Logs::LogGroup")}
    for widget in widgets(document):
        if widget["type"] == "log" and not set(_log_groups_of(widget)) <= groups:
            yield f"{widget['properties']['title']}: asks a log that is not ours"
