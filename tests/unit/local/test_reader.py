import copy

import pytest

from infra.local import reader
from infra.local.deployment import names_of
from infra.local.stack import Route

RESOURCES = {
    "Worker": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Handler": "a.handler",
            "Runtime": "python3.11",
            "Timeout": {"Ref": "Seconds"},
            "Environment": {"Variables": {"QUEUE": {"Ref": "Queue"}, "N": 5}},
        },
    },
    "Queue": {
        "Type": "AWS::SQS::Queue",
        "Properties": {"VisibilityTimeout": 60},
    },
    "Mapping": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "BatchSize": 1,
            "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
            "FunctionName": {"Ref": "Worker"},
        },
    },
    "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "ScheduleExpression": "rate(2 hours)",
            "Targets": [{"Arn": {"Fn::GetAtt": ["Worker", "Arn"]}, "Id": "x"}],
        },
    },
    "Api": {
        "Type": "AWS::ApiGatewayV2::Api",
        "Properties": {
            "Body": {
                "paths": {
                    "/v1/{proxy+}": {
                        "x-amazon-apigateway-any-method": {
                            "x-amazon-apigateway-integration": {
                                "payloadFormatVersion": "2.0",
                                "uri": {"Fn::Sub": "arn:x/${Worker.Arn}/invocations"},
                            }
                        }
                    }
                }
            }
        },
    },
}
QUEUE_URL = "https://sqs/1/queue.fifo"


@pytest.fixture
def resources():
    return copy.deepcopy(RESOURCES)


def read_functions(resources):
    intrinsics = names_of(resources, {"Seconds": "10"}, {"Queue": QUEUE_URL})
    return intrinsics, reader.functions(resources, intrinsics, "http://moto")


def read_mapping(resources):
    intrinsics, functions = read_functions(resources)
    (mapping,) = reader.mappings(resources, intrinsics, functions)
    return mapping


def test_a_functions_environment_is_the_templates_with_real_names(resources):
    worker = read_functions(resources)[1]["Worker"]
    assert (worker.timeout, worker.handler) == (10, "a.handler")
    assert worker.environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "128"
    assert worker.environment["QUEUE"] == QUEUE_URL
    assert worker.environment["N"] == "5"
    assert worker.environment["AWS_ENDPOINT_URL"] == "http://moto"
    assert worker.environment["AWS_LAMBDA_FUNCTION_NAME"] == "Worker"


def test_nothing_of_the_machines_credentials_reaches_a_function(resources, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("XERO_CLIENT_SECRET", "real")
    environment = read_functions(resources)[1]["Worker"].environment
    assert environment["AWS_ACCESS_KEY_ID"] == "Worker"
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert not {"AWS_SESSION_TOKEN", "AWS_PROFILE", "XERO_CLIENT_SECRET"} & set(
        environment
    )


def test_a_mapping_takes_lambdas_defaults(resources):
    mapping = read_mapping(resources)
    assert mapping.queue_url == QUEUE_URL
    assert mapping.queue_arn.endswith(":queue.fifo")
    assert (mapping.batch_size, mapping.window, mapping.concurrency) == (1, 0, 5)
    assert mapping.reports_item_failures is False


def test_a_mapping_reads_response_types_and_concurrency(resources):
    resources["Mapping"]["Properties"] |= {
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": {"Ref": "Seconds"}},
    }
    mapping = read_mapping(resources)
    assert (mapping.reports_item_failures, mapping.concurrency) == (True, 10)


def test_a_visibility_shorter_than_the_function_is_refused_as_aws_does(resources):
    resources["Queue"]["Properties"]["VisibilityTimeout"] = 9
    with pytest.raises(ValueError, match="visibility timeout of 9 s"):
        read_mapping(resources)


def test_a_window_on_a_fifo_queue_is_refused_as_aws_does(resources):
    resources["Mapping"]["Properties"]["MaximumBatchingWindowInSeconds"] = 5
    with pytest.raises(ValueError, match="no batching window"):
        read_mapping(resources)


def test_routes_come_from_the_apis_document(resources):
    assert reader.routes(resources) == [Route("ANY", "/v1/{proxy+}", "Worker")]


def test_an_old_payload_format_is_refused(resources):
    paths = resources["Api"]["Properties"]["Body"]["paths"]
    operation = paths["/v1/{proxy+}"]["x-amazon-apigateway-any-method"]
    operation["x-amazon-apigateway-integration"]["payloadFormatVersion"] = "1.0"
    with pytest.raises(ValueError, match="payload format"):
        reader.routes(resources)


@pytest.mark.parametrize(
    ("expression", "period"),
    [("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(2 hours)", 7200)],
)
def test_schedules_run_at_their_rate(resources, expression, period):
    resources["Rule"]["Properties"]["ScheduleExpression"] = expression
    intrinsics, _ = read_functions(resources)
    (schedule,) = reader.schedules(resources, intrinsics)
    assert (schedule.function, schedule.period) == ("Worker", period)


def test_a_cron_schedule_is_refused(resources):
    resources["Rule"]["Properties"]["ScheduleExpression"] = "cron(0 * * * ? *)"
    intrinsics, _ = read_functions(resources)
    with pytest.raises(ValueError, match="rate"):
        reader.schedules(resources, intrinsics)
