"""The local stack treats functions, queues and schedules as Lambda does."""

import base64
import json
import os
import signal
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.infra.conftest import SMALL_TEMPLATE
from tests.local_stack import PROJECT, command, running, start
from tests.waiting import until


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status").read_text()
    return "State:\tZ" not in status


def gone(pids):
    return not any(alive(pid) for pid in pids)


def queue_url(stack, name="small.fifo"):
    return stack.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]


def send(stack, body, group=None, dedup=None):
    sent = stack.client("sqs").send_message(
        QueueUrl=queue_url(stack),
        MessageBody=body,
        MessageGroupId=group or str(uuid.uuid4()),
        MessageDeduplicationId=dedup or str(uuid.uuid4()),
    )
    return sent["MessageId"]


def deliveries(stack, message_id):
    """The records in which the handler was given the message, in order."""
    s3 = stack.client("s3")
    bucket = stack.ready["environment"]["RESULT_BUCKET"]
    records = []
    for each in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        body = s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
        record = json.loads(body)
        if record["messageId"] == message_id:
            records.append(record)
    return records


def log_of(stack, function):
    return (stack.state / "logs" / f"{function}.log").read_text()


# The HTTP front


def test_a_request_reaches_the_handler_as_an_event(small):
    answer = requests.post(
        f"{small.url}/v1/a?x=1&x=2", json={"n": 1}, cookies={"a": "1"}, timeout=30
    )
    event = answer.json()["event"]
    assert event["routeKey"] == "ANY /v1/{proxy+}"
    assert event["pathParameters"] == {"proxy": "a"}
    assert event["queryStringParameters"] == {"x": "1,2"}
    assert json.loads(event["body"]) == {"n": 1}
    assert event["cookies"] == ["a=1"]
    assert answer.headers["Apigw-Requestid"] == event["requestContext"]["requestId"]


def test_the_context_knows_the_functions_timeout(small):
    answer = requests.get(f"{small.url}/one", timeout=30).json()
    # Five seconds, and not the three that Lambda gives where nothing is said.
    assert 3000 < answer["remaining_ms"] <= 5000
    assert uuid.UUID(answer["request_id"])


def test_the_handler_sees_the_templates_environment_and_fake_credentials(small):
    environment = requests.get(f"{small.url}/one", timeout=30).json()["environment"]
    assert environment["PUBLIC_URL"] == small.url
    assert environment["AWS_ENDPOINT_URL"] == small.ready["moto"]
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "EchoFunction"
    assert environment["AWS_SECRET_ACCESS_KEY"] == "local"


def test_bytes_pass_unchanged_in_both_directions(small):
    data = bytes(range(256)) * 1000
    headers = {"Content-Type": "application/octet-stream"}
    answer = requests.post(
        f"{small.url}/v1/binary", data=data, headers=headers, timeout=30
    )
    assert (answer.status_code, answer.content) == (201, data)
    assert answer.headers["Content-Type"] == "application/gzip"
    assert answer.cookies.get_dict() == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("error", "RuntimeError"),
        ("hang", "Sandbox.Timedout"),
        ("die", "Runtime.ExitError"),
        ("large", "Function.ResponseSizeTooLarge"),
        ("forbidden", "AccessDenied"),
    ],
)
def test_a_failed_invocation_is_500_and_the_next_one_is_served(small, path, error):
    answer = requests.get(f"{small.url}/v1/{path}", timeout=30)
    assert answer.status_code == 500
    assert answer.json() == {"message": "Internal Server Error"}
    assert f'"status": "{error}"' in log_of(small, "EchoFunction")
    assert requests.get(f"{small.url}/one", timeout=30).status_code == 200


def test_a_call_that_the_role_does_not_allow_is_refused_by_name(small):
    requests.get(f"{small.url}/v1/forbidden", timeout=30)
    refused = "EchoFunction's role does not allow s3:GetObject on resource"
    assert refused in log_of(small, "EchoFunction")


def test_an_unknown_path_is_the_gateways_404(small):
    answer = requests.get(f"{small.url}/v2/x", timeout=30)
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})


def test_a_body_above_ten_megabytes_is_refused(small):
    data = base64.b64encode(b"x" * 8_000_000)
    answer = requests.post(f"{small.url}/v1/x", data=data, timeout=30)
    assert answer.status_code == 413


def test_requests_at_the_same_time_have_processes_of_their_own(small):
    with ThreadPoolExecutor(2) as pool:
        hanging = pool.submit(requests.get, f"{small.url}/v1/hang", timeout=30)
        answer = requests.get(f"{small.url}/one", timeout=30)
        assert answer.status_code == 200
        assert not hanging.done()
        assert hanging.result().status_code == 500


# The queue


def test_a_message_is_delivered_once_and_deleted(small):
    message = send(small, "hello", group="g", dedup="d")
    (record,) = until(lambda: deliveries(small, message), "delivery")
    assert record["body"] == "hello"
    assert record["attributes"]["MessageGroupId"] == "g"
    assert record["attributes"]["MessageDeduplicationId"] == "d"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"


def test_a_repeated_deduplication_id_is_not_delivered_after_deletion(small):
    first = send(small, "one", group="repeat", dedup="same")
    until(lambda: deliveries(small, first), "delivery")
    assert send(small, "two", group="repeat", dedup="same") == first
    last = send(small, "three", group="repeat")
    until(lambda: deliveries(small, last), "delivery of the group's next message")
    assert [each["body"] for each in deliveries(small, first)] == ["one"]


def test_a_failing_message_is_tried_again_then_goes_to_the_dead_letter_queue(small):
    message = send(small, "fail")
    dead = queue_url(small, "small-dead.fifo")

    def arrived():
        answer = small.client("sqs").receive_message(QueueUrl=dead)
        return answer.get("Messages")

    (found,) = until(arrived, "arrival in the dead-letter queue")
    assert (found["MessageId"], found["Body"]) == (message, "fail")
    counts = [
        each["attributes"]["ApproximateReceiveCount"]
        for each in deliveries(small, message)
    ]
    assert counts == ["1", "2"]


def test_a_groups_next_message_waits_for_its_first_others_do_not(small):
    first = send(small, "fail", group="order")
    second = send(small, "after", group="order")
    other = send(small, "beside")
    until(lambda: deliveries(small, other), "delivery of another group's message")
    until(lambda: deliveries(small, second), "delivery of the second message")
    assert len(deliveries(small, first)) == 2


def test_a_killed_worker_is_started_again_and_the_message_comes_back(small):
    (worker,) = small.processes()["queue"]
    message = send(small, "hang")
    (record,) = until(lambda: deliveries(small, message), "delivery")
    os.kill(worker, signal.SIGKILL)
    until(lambda: gone([record["pid"]]), "end of the killed worker's handler")
    until(lambda: small.processes()["queue"] != [worker], "restart")
    again = until(lambda: deliveries(small, message)[1:], "second delivery")
    assert again[0]["pid"] != record["pid"]


# Schedules and supervision


def test_a_schedule_runs_when_told(small):
    answer = requests.post(f"{small.ready['scheduler']}/ClockFunction", timeout=30)
    event = answer.json()
    assert answer.status_code == 200
    assert event["detail-type"] == "Scheduled Event"
    assert event["resources"][0].endswith("rule/local-ClockFunctionHourly")


def test_an_unknown_schedule_is_404(small):
    answer = requests.post(f"{small.ready['scheduler']}/Nobody", timeout=30)
    assert answer.status_code == 404


def family(pid):
    """The process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir() if children.exists() else []:
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda n: n.name
)
def test_nothing_outlives_the_stack(tmp_path, number):
    stack = start(tmp_path, f"--template={SMALL_TEMPLATE}")
    requests.get(f"{stack.url}/one", timeout=30)
    pids = family(stack.process.pid)
    assert len(pids) >= 6
    stack.process.send_signal(number)
    stack.process.wait(60)
    until(lambda: gone(pids), "end of every process")


def test_the_stack_ends_with_the_process_that_started_it(tmp_path):
    script = (
        "import subprocess, sys\n"
        "stack = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)\n"
        "stack.stdout.readline()\n"
        "print(stack.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    stack = command(tmp_path, f"--template={SMALL_TEMPLATE}")
    with subprocess.Popen(
        [sys.executable, "-c", script, *stack],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        pids = family(int(parent.stdout.readline()))
        assert len(pids) >= 5
        parent.kill()
    until(lambda: gone(pids), "end of every process")


def test_a_killed_front_is_started_again(small):
    (front,) = small.processes()["api"]
    os.kill(front, signal.SIGKILL)
    until(lambda: small.processes()["api"] != [front], "restart")

    def serves():
        try:
            return requests.get(f"{small.url}/one", timeout=30).ok
        except requests.ConnectionError:
            return False

    until(serves, "service")


def test_the_machines_own_aws_account_plays_no_part(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", "http://localhost:9")
    with running(tmp_path, f"--template={SMALL_TEMPLATE}") as stack:
        environment = requests.get(f"{stack.url}/one", timeout=30).json()["environment"]
    assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL_CLOUDFORMATION"} & set(environment)


def test_the_stack_ends_with_its_resources(tmp_path):
    stack = start(tmp_path, f"--template={SMALL_TEMPLATE}")
    pids = family(stack.process.pid)
    os.kill(stack.ready["processes"]["moto"][0], signal.SIGKILL)
    assert stack.process.wait(60) == 1
    until(lambda: gone(pids), "end of every process")


def test_a_taken_port_is_named_with_the_way_out(small, tmp_path):
    port = small.url.rsplit(":", 1)[1]
    options = command(tmp_path, f"--template={SMALL_TEMPLATE}", f"--port={port}")
    ended = subprocess.run(options, cwd=PROJECT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert f"Port {port} is taken; choose another one with --port." in ended.stderr
