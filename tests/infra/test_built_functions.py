"""The built artifacts answer AWS's own events, under AWS's own runtime.

Without Docker they run under the Runtime Interface Emulator that the SAM wheel
carries; with it, ``sam local invoke`` runs them too. Their AWS is the local stack's.
"""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from samtranslator.yaml_helper import yaml_parse

from infra.host.ports import free_port
from infra.local import aws
from infra.local.stack import Stack
from lambda_connector.logic.model.webhook import Post
from lambda_connector.storage.codec import to_item
from tests.waiting import until

# What the Lambda runtime itself brings, to be found beside the artifact; everything
# else must be in the artifact.
RUNTIME = (
    "awslambdaric",
    "boto3",
    "botocore",
    "dateutil",
    "jmespath",
    "s3transfer",
    "simplejson",
    "six",
    "snapshot_restore_py",
    "urllib3",
)


@pytest.fixture(scope="session")
def runtime(tmp_path_factory) -> Path:
    """A folder that holds the runtime's own packages and no other."""
    folder = tmp_path_factory.mktemp("runtime")
    packages = Path(requests.__file__).parents[1]
    extension = [each.name for each in packages.glob("runtime_client*.so")]
    for name in (*RUNTIME, *extension):
        found = next(
            p for p in (packages / name, packages / f"{name}.py") if p.exists()
        )
        (folder / found.name).symlink_to(found)
    return folder


@pytest.fixture(scope="module")
def stack(connector) -> Stack:
    return Stack.load(connector.state / "stack.json")


@contextmanager
def emulated(host, spec, artifact, runtime, log):
    """The address to which the function's events are posted."""
    port = free_port()
    settings = spec.environment | {
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(spec.timeout),
        "LAMBDA_TASK_ROOT": str(artifact),
        "PYTHONPATH": f"{artifact}{os.pathsep}{runtime}",
    }
    command = [
        *("setpriv", "--pdeathsig", "KILL", str(host.rie), "--log-level", "error"),
        *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{free_port()}"),
        *(sys.executable, "-S", "-m", "awslambdaric", spec.handler),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=artifact, env=settings, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"

    def listens():
        try:
            return requests.get(url, timeout=5) is not None
        except requests.ConnectionError:
            assert process.poll() is None, log.read_text()
            return False

    try:
        until(listens, "start of the emulator")
        yield f"{url}/2015-03-31/functions/function/invocations"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def invoke(host, stack, built, runtime, tmp_path):
    """Send an event to a built function; its answer."""

    def run(name, event):
        spec, log = stack.functions[name], tmp_path / f"{name}.log"
        with emulated(host, spec, built / name, runtime, log) as url:
            answer = requests.post(url, json=event, timeout=60).json()
        assert "errorType" not in (answer or {}), (answer, log.read_text())
        return answer

    return run


def http_event(sam, route, path, **query):
    """SAM's event, for a route of ours and without its example's encoded body."""
    made = sam.event("apigateway", "http-api-proxy", "--method", "GET")
    context = made["requestContext"]
    made["routeKey"] = context["routeKey"] = route
    made["rawPath"] = context["http"]["path"] = path
    made["rawQueryString"] = urlencode(query)
    made["queryStringParameters"] = query
    made["headers"]["authorization"] = "Bearer xo_instance_wrong"
    del made["body"], made["pathParameters"]
    return made | {"isBase64Encoded": False}


def app_event(sam):
    return http_event(sam, "ANY /v1/{proxy+}", "/v1/app")


def callback_event(sam):
    query = {"code": "c", "state": "instance.authorization.random"}
    return http_event(sam, "GET /oauth/callback", "/oauth/callback", **query)


def queue_event(sam):
    """SAM's event, with a message of ours in it: of a sync that is no more.

    ``--body`` does not escape the quotes of JSON.
    """
    made = sam.event("sqs", "receive-message")
    hint = {"instance": "i", "connection": "c", "sync": "s", "version": 1}
    hint["correlation"] = "trace-0001"
    made["Records"][0]["body"] = json.dumps(hint)
    return made


def post_event(sam):
    """What is posted to an address that is nobody's."""
    made = http_event(sam, "POST /webhooks/{hook}", "/webhooks/0123")
    made["pathParameters"] = {"hook": "0123"}
    made["headers"]["x-xero-signature"] = "not-a-signature"
    return made | {"body": '{"events": []}'}


def posts_event(sam):
    """A message of ours: what Xero told an app that is no more."""
    made = sam.event("sqs", "receive-message")
    post = Post("instance", datetime(2026, 11, 2, tzinfo=UTC), events=1)
    made["Records"][0]["body"] = json.dumps(to_item(post))
    return made


def schedule_event(sam):
    return sam.event("cloudwatch", "scheduled-event")


def assert_refused_with_a_wrong_key(answer):
    assert answer["statusCode"] == 401
    assert json.loads(answer["body"])["code"] == "instance_key_invalid"


def assert_friendly_page(answer):
    assert answer["statusCode"] == 400
    assert answer["headers"]["Content-Type"].startswith("text/html")


def assert_refused_without_a_word(answer):
    assert answer == {"statusCode": 401, "body": ""}


def assert_message_done(answer):
    assert answer == {"batchItemFailures": []}


def assert_round_went(answer):
    assert isinstance(answer, dict)


EVENTS = pytest.mark.parametrize(
    ("function", "event", "judge"),
    [
        ("ApiFunction", app_event, assert_refused_with_a_wrong_key),
        ("ApiFunction", callback_event, assert_friendly_page),
        ("WorkerFunction", queue_event, assert_message_done),
        ("WebhookFunction", post_event, assert_refused_without_a_word),
        ("WebhookBatchFunction", posts_event, assert_message_done),
        ("JanitorFunction", schedule_event, assert_round_went),
    ],
    ids=["app", "callback", "worker", "webhook", "webhook batch", "janitor"],
)


@EVENTS
def test_under_the_runtime_interface_emulator(sam, invoke, function, event, judge):
    judge(invoke(function, event(sam)))


def docker_answers() -> bool:
    docker = shutil.which("docker")
    if not docker:
        return False
    return subprocess.run([docker, "info"], capture_output=True).returncode == 0


@pytest.fixture
def template_with_values(stack, built, tmp_path) -> Path:
    """The built template with the local stack's environment in it.

    SAM hands a function the variables only that its template names, and resolves no
    resource to a name of moto's.
    """
    template = yaml_parse((built / "template.yaml").read_text())
    for name, spec in stack.functions.items():
        properties = template["Resources"][name]["Properties"]
        own = {k: v for k, v in spec.environment.items() if k not in aws.INHERITED}
        properties["Environment"] = {"Variables": own}
        properties["CodeUri"] = str(built / name)
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template, default=str))
    return path


@pytest.mark.skipif(
    not docker_answers(),
    reason="No Docker engine answers: sam local invoke needs one",
)
@EVENTS
def test_under_sam_local_invoke(
    sam, template_with_values, tmp_path, function, event, judge
):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event(sam)))
    output = sam.run(
        *("local", "invoke", function, "--template", str(template_with_values)),
        *("--event", str(path), "--docker-network", "host"),
    )
    judge(json.loads(output.strip().splitlines()[-1]))
