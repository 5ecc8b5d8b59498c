"""Handlers that do what their event says: answer, fail, hang, die."""

import json
import os
import signal
import time
import uuid

import boto3


def echo(event, context):
    match event["rawPath"]:
        case "/v1/error":
            raise RuntimeError("asked for")
        case "/v1/hang":
            time.sleep(60)
        case "/v1/die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "/v1/large":
            return {"statusCode": 200, "body": "x" * 7_000_000}
        case "/v1/forbidden":
            boto3.client("s3").get_object(Bucket=os.environ["RESULT_BUCKET"], Key="x")
        case "/v1/binary":
            encoded = event["body"]
            return {
                "statusCode": 201,
                "headers": {"content-type": "application/gzip", "x-a": "1"},
                "cookies": ["a=1; HttpOnly", "b=2"],
                "body": encoded,
                "isBase64Encoded": event["isBase64Encoded"],
            }
    return {
        "event": event,
        "pid": os.getpid(),
        "environment": dict(os.environ),
        "remaining_ms": context.get_remaining_time_in_millis(),
        "request_id": context.aws_request_id,
    }


def consume(event, context):
    """Keep each record as an object; a body of ``fail`` fails its message."""
    failed = []
    for record in event["Records"]:
        if record["body"] == "hang":
            _keep(record)
            time.sleep(60)
        if record["body"] == "fail":
            failed.append({"itemIdentifier": record["messageId"]})
        _keep(record)
    return {"batchItemFailures": failed}


def _keep(record):
    boto3.client("s3").put_object(
        Bucket=os.environ["RESULT_BUCKET"],
        Key=f"{time.time_ns()}-{uuid.uuid4()}",
        Body=json.dumps(record | {"pid": os.getpid()}),
    )


def tick(event, context):
    return event
