"""The first steps after a deployment, and its status: each part seen to work, and each
fault told by its name, with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.host.ports import free_port
from infra.local import aws
from lambda_connector.cli import http, inside, status
from lambda_connector.cli.command_line import main
from lambda_connector.handlers.build import build
from lambda_connector.settings import Settings
from lambda_connector.storage.vault import KmsVault
from tests.unit.connector.http_events import Context, answer_of, http_event

from .aws import pretended_aws
from .deployed import WorkerContext, environment, fresh

ADDRESS = "https://c.example"
ORIGIN = "https://crm.example.com"
FIRST = ("first-steps", "--name", "Shop", "--return-origin", ORIGIN)
ALL = [
    "address",
    "wrong key refused",
    "key accepted",
    "webhook address",
    "sync queue",
    "webhook queue",
    "schedule",
    "token key",
    "spool",
    "versions",
]
NO_XERO = "http://localhost:9"
_LOGGED = {"level", "_aws"}
"""What marks a line that a function wrote, here into the same stream."""


class Functions:
    """The deployed functions. They work while the command line waits; what is in
    `broken` does not, `answers` are given in place of the API's by path."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.time = datetime.now(UTC)
        self.broken: set[str] = set()
        self.answers: dict[str, Callable[[], http.Reply]] = {}
        names = ("api", "webhook", "worker", "webhook_batch", "janitor")
        self.handlers = {name: fresh(name).handler for name in names}
        self.sqs = boto3.client("sqs", region_name=aws.REGION)

    # In the place of the system's clock

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self._take("worker", self.settings.sync_queue_url)
        self._take("webhook_batch", self.settings.webhook_queue_url)
        if "janitor" not in self.broken:
            self.handlers["janitor"]({}, WorkerContext())

    def _take(self, function: str, url: str) -> None:
        if function in self.broken:
            return
        for message in self.sqs.receive_message(QueueUrl=url).get("Messages", []):
            record = {"messageId": message["MessageId"], "body": message["Body"]}
            answer = self.handlers[function]({"Records": [record]}, WorkerContext())
            assert answer == {"batchItemFailures": []}
            handle = message["ReceiptHandle"]
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

    # In the place of the internet

    def ask(self, method: str, url: str, headers: dict[str, str]) -> http.Reply:
        assert url.startswith(ADDRESS)
        path = url.removeprefix(ADDRESS)
        for begin, answer in self.answers.items():
            if path.startswith(begin):
                return answer()
        sent = {name.lower(): value for name, value in headers.items()}
        event = http_event(method, path, {}, sent, "")
        function = "webhook" if path.startswith("/webhooks/") else "api"
        event["pathParameters"] = {"hook": path.rpartition("/")[2]}
        answer = answer_of(self.handlers[function](event, Context()))
        return http.Reply(answer.status, answer.body)


@pytest.fixture(scope="module")
def deployed() -> Iterator[Functions]:
    with pretended_aws() as settings, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", aws.REGION)
        for name, value in environment(settings, NO_XERO).items():
            patch.setenv(name, value)
        yield Functions(settings)


@pytest.fixture
def functions(deployed, monkeypatch) -> Functions:
    monkeypatch.delenv("INSTANCE_KEY", raising=False)
    monkeypatch.setattr(status, "SystemClock", lambda: deployed)
    monkeypatch.setattr(http, "ask", deployed.ask)
    deployed.broken.clear()
    deployed.answers.clear()
    return deployed


@pytest.fixture
def run(functions, capsys):
    """Runs a command: its exit code, its lines, and what it said at the end."""

    def run(*arguments: str) -> tuple[int, list[dict[str, Any]], str]:
        code = main(arguments)
        said = capsys.readouterr()
        lines = [json.loads(line) for line in said.out.splitlines()]
        return code, [line for line in lines if not _LOGGED & line.keys()], said.err

    return run


@pytest.fixture
def status_of(run):
    """The checks of `status` by name, and its exit code."""

    def status_of() -> tuple[int, dict[str, dict[str, str]]]:
        code, lines, _ = run("status", "--wait-seconds", "5")
        return code, {line["check"]: line for line in lines}

    return status_of


# The first steps


def test_first_steps_make_a_key_and_say_where_everything_goes(run, functions) -> None:
    code, (made, odoo, xero, *checks), said = run(*FIRST)
    assert (code, said) == (0, "")
    assert made["made"] is True
    assert odoo["connector_address"] == ADDRESS
    assert odoo["instance_key"].startswith(f"xo_{made['instance']}_")
    assert xero["redirect_address"] == f"{ADDRESS}/oauth/callback"
    assert [line["check"] for line in checks] == ALL
    assert {line["result"] for line in checks} == {"ok"}
    reply = functions.ask(
        "GET",
        f"{ADDRESS}/v1/app",
        {"authorization": f"Bearer {odoo['instance_key']}"},
    )
    app = reply.json
    assert app["redirect_uri"] == xero["redirect_address"]
    assert app["webhooks"]["address"] == xero["webhook_address"]
    assert app["instance"]["return_origin"] == ORIGIN


def test_second_time_nothing_is_made_and_the_key_is_not_shown(run, monkeypatch) -> None:
    again = ("first-steps", "--name", "Again", "--return-origin", ORIGIN)
    _, (made, odoo, xero, *_), _ = run(*again)
    key = odoo["instance_key"]
    code, (second, odoo, xero_again, *checks), _ = run(*again)
    assert code == 0
    assert (second["instance"], second["made"]) == (made["instance"], False)
    assert f"instances rotate {made['instance']}" in second["note"]
    assert xero_again == xero
    assert key not in json.dumps([second, odoo, *checks])
    results = {line["check"]: line["result"] for line in checks}
    assert results.pop("key accepted") == "not checked"
    assert set(results.values()) == {"ok"}
    monkeypatch.setenv("INSTANCE_KEY", key)
    _, (_, odoo, _, *checks), _ = run(*again)
    assert {line["result"] for line in checks} == {"ok"}
    assert key not in json.dumps([odoo, *checks])


def test_another_database_of_the_same_odoo_has_a_key_of_its_own(run) -> None:
    _, (one, *_), _ = run(*FIRST)
    other = ("first-steps", "--name", "Test database", "--return-origin", ORIGIN)
    _, (two, *_), _ = run(*other)
    assert one["instance"] != two["instance"]


def test_wrong_origin_makes_nothing(run) -> None:
    _, before, _ = run("instances", "list")
    code, lines, said = run("first-steps", "--name", "X", "--return-origin", "crm/x")
    assert (code, lines) == (1, [])
    assert said.startswith("--return-origin must begin with http")
    assert run("instances", "list")[1] == before


# Status


def rows(functions: Functions) -> list[dict[str, Any]]:
    table = boto3.client("dynamodb", region_name=aws.REGION)
    return table.scan(TableName=functions.settings.table_name)["Items"]


def test_status_says_the_same_and_leaves_nothing(status_of, functions) -> None:
    before = rows(functions)
    code, checks = status_of()
    assert code == 0 and list(checks) == ALL
    assert checks.pop("key accepted")["result"] == "not checked"
    assert {check["result"] for check in checks.values()} == {"ok"}
    assert rows(functions) == before


def failed(checks: dict[str, dict[str, str]]) -> set[str]:
    return {name for name, each in checks.items() if each["result"] == "failed"}


def refuse() -> http.Reply:
    raise http.Unreachable("Name or service not known")


def problem(code: str) -> Callable[[], http.Reply]:
    return lambda: http.Reply(401, json.dumps({"code": code}).encode())


@pytest.mark.parametrize(
    ("path", "answer", "names", "found", "do"),
    [
        ("/", refuse, {"wrong key refused", "webhook address"}, "Name or", "DNS"),
        (
            "/v1/",
            lambda: http.Reply(500, b'{"message": "Internal Server Error"}'),
            {"wrong key refused"},
            "status 500",
            "/aws/lambda/STACK-api",
        ),
        (
            "/v1/",
            lambda: http.Reply(404, b"<html>"),
            {"wrong key refused"},
            "status 404",
            "API mapping",
        ),
        (
            "/v1/",
            lambda: http.Reply(429, b"[]"),
            {"wrong key refused"},
            "throttles",
            "limit",
        ),
        (
            "/v1/",
            lambda: http.Reply(200, b"{}"),
            {"wrong key refused"},
            "A made-up key was accepted",
            "off the internet",
        ),
        (
            "/webhooks/",
            lambda: http.Reply(401, b'{"message": "Unauthorized"}'),
            {"webhook address"},
            "Something else",
            "API mapping",
        ),
        (
            "/webhooks/",
            lambda: http.Reply(503, b""),
            {"webhook address"},
            "status 503",
            "/aws/lambda/STACK-webhook",
        ),
    ],
)
def test_fault_of_the_address_is_told(
    status_of, functions, path, answer, names, found, do
) -> None:
    functions.answers[path] = answer
    code, checks = status_of()
    assert (code, failed(checks)) == (1, names)
    told = checks[sorted(names)[-1]]
    assert found in told["found"] and do in told["do"]


@pytest.mark.parametrize(
    ("answer", "found", "do"),
    [
        (problem("instance_key_invalid"), "is refused", "instances rotate"),
        (
            lambda: http.Reply(
                200,
                b'{"build": "0", "redirect_uri": "https://old.example/oauth/callback"}',
            ),
            "https://old.example/oauth/callback",
            "PublicUrl",
        ),
    ],
)
def test_fault_of_the_key_is_told(
    status_of, functions, monkeypatch, answer, found, do
) -> None:
    monkeypatch.setenv("INSTANCE_KEY", "xo_0123456789ab_" + "k" * 43)
    functions.answers["/v1/"] = answer
    _, checks = status_of()
    assert checks["key accepted"]["result"] == "failed"
    assert found in checks["key accepted"]["found"]
    assert do in checks["key accepted"]["do"]


def test_address_without_tls_is_told(status_of, monkeypatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://c.example")
    monkeypatch.setattr(http, "ask", lambda *_: refuse())
    code, checks = status_of()
    assert code == 1
    assert "readable" in checks["address"]["found"]


@pytest.mark.parametrize(
    ("function", "check", "log"),
    [
        ("worker", "sync queue", "STACK-worker"),
        ("webhook_batch", "webhook queue", "STACK-webhook-batch"),
        ("janitor", "schedule", "STACK-janitor"),
    ],
)
def test_function_that_does_not_run_is_told(
    status_of, functions, function, check, log
) -> None:
    functions.broken.add(function)
    code, checks = status_of()
    assert (code, failed(checks)) == (1, {check})
    assert "within 5 s" in checks[check]["found"] and log in checks[check]["do"]


def test_disabled_token_key_is_told(status_of, monkeypatch) -> None:
    """moto lets a disabled key encrypt: what KMS answers is put in its place."""

    def disabled(*_: Any) -> bytes:
        said = {"Error": {"Code": "DisabledException", "Message": "is disabled"}}
        raise ClientError(said, "Encrypt")

    monkeypatch.setattr(KmsVault, "seal", disabled)
    code, checks = status_of()
    assert (code, failed(checks)) == (1, {"token key"})
    found = checks["token key"]["found"]
    assert "WorkerFunction: " in found and "JanitorFunction: " in found
    assert "DisabledException" in found and "enabled" in checks["token key"]["do"]


def test_missing_spool_is_told(status_of, functions) -> None:
    s3 = boto3.client("s3", region_name=aws.REGION)
    bucket = functions.settings.spool_bucket
    for each in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=each["Key"])
    s3.delete_bucket(Bucket=bucket)
    try:
        code, checks = status_of()
    finally:
        where = {"LocationConstraint": aws.REGION}
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    assert (code, failed(checks)) == (1, {"spool"})
    assert "NoSuchBucket" in checks["spool"]["found"]


def test_missing_queue_is_told(status_of, monkeypatch) -> None:
    gone = "https://sqs.eu-west-1.amazonaws.com/123456789012/gone.fifo"
    monkeypatch.setenv("SYNC_QUEUE_URL", gone)
    code, checks = status_of()
    assert (code, failed(checks)) == (1, {"sync queue"})
    assert "does not exist" in checks["sync queue"]["found"]
    assert "AWS rights" in checks["sync queue"]["do"]


def test_other_code_than_the_checkouts_is_told(status_of, monkeypatch) -> None:
    monkeypatch.setattr(inside, "build", lambda: "0123456789ab")
    code, checks = status_of()
    assert (code, failed(checks)) == (1, {"versions"})
    found = checks["versions"]["found"]
    assert "This checkout is 0123456789ab" in found
    assert f"WorkerFunction runs {build()}" in found


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ("UPDATE_COMPLETE", "ok"),
        ("UPDATE_IN_PROGRESS", "failed"),
        ("UPDATE_ROLLBACK_COMPLETE", "failed"),
        ("DELETE_FAILED", "failed"),
    ],
)
def test_stack_of_a_failed_update_is_told(status_of, monkeypatch, said, result) -> None:
    monkeypatch.setenv("STACK_STATUS", said)
    _, checks = status_of()
    assert checks["stack"]["result"] == result and said in checks["stack"]["found"]


def test_what_does_not_answer_is_unreachable() -> None:
    with pytest.raises(http.Unreachable, match="Connection refused"):
        http.ask("GET", f"http://127.0.0.1:{free_port()}/v1/app", {})


def test_redirect_is_not_followed_with_the_key() -> None:
    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "https://c.example")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        Thread(target=server.handle_request, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/v1/app"
        assert http.ask("GET", url, {"Authorization": "Bearer x"}).status == 302


# The probe beside real work


def test_message_that_only_looks_like_a_probe_is_none(functions) -> None:
    handler = functions.handlers["worker"]
    before = rows(functions)
    for body in ('{"probe": "../x"}', '{"probe": 1}', "[]", "{}", "x"):
        record = {"messageId": "m", "body": body}
        answer = handler({"Records": [record]}, WorkerContext())
        assert answer == {"batchItemFailures": []}
    assert rows(functions) == before


def test_probe_that_cannot_be_answered_is_not_tried_again(
    functions, monkeypatch
) -> None:
    """Its asker is told so anyway, and the batch it is in must not suffer."""
    probes = fresh("webhook_batch")
    monkeypatch.setattr(probes, "_see", lambda probe: 1 / 0)
    records = [{"messageId": "m", "body": json.dumps({"probe": "0" * 32})}]
    answer = probes.handler({"Records": records}, WorkerContext())
    assert answer == {"batchItemFailures": []}
