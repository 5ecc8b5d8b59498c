"""Every call of a function held against what its role allows.

moto lets everybody do everything, so a permission that the template forgets would be
missed on AWS first. Here such a call is refused as AWS refuses it. That a call is let
through proves nothing: denials and key policies are not looked at.
"""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.aws import ACCOUNT, REGION
from infra.local.grants import Access, Grants

CALLER = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/")
IN_TRANSACTION = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
OBJECT_ACTIONS = {
    "DELETE": "DeleteObject",
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
}


def accesses(
    service: str, method: str, path: str, target: str, body: bytes
) -> list[Access]:
    """What a request to AWS does.

    Args:
        service: as its signature names it.
        target: the header ``X-Amz-Target``, empty for S3.
    """
    if service == "s3":
        return [_of_object(method, path)]
    operation = target.rpartition(".")[2]
    request = json.loads(body or b"{}")
    if operation == "TransactWriteItems":
        return [
            Access(f"dynamodb:{IN_TRANSACTION[kind]}", _table(item))
            for each in request["TransactItems"]
            for kind, item in each.items()
        ]
    owners: dict[str, Callable[[dict[str, Any]], str]] = {
        "dynamodb": _table,
        "kms": _key,
        "sqs": _queue,
    }
    resource = owners[service](request)
    return [Access(f"{service}:{operation}", resource, _known(service, request))]


def _known(service: str, request: dict[str, Any]) -> dict[str, list[str]]:
    """What conditions may ask of the request."""
    if service == "kms":
        context = request.get("EncryptionContext", {})
        return {f"kms:EncryptionContext:{each}": [context[each]] for each in context}
    if "pk" in request.get("Key", {}):
        return {"dynamodb:LeadingKeys": list(request["Key"]["pk"].values())}
    return {}


def _of_object(method: str, path: str) -> Access:
    bucket, _, key = path.lstrip("/").partition("/")
    if not key:
        return Access("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    return Access(f"s3:{OBJECT_ACTIONS[method]}", f"arn:aws:s3:::{bucket}/{key}")


def _table(request: dict[str, Any]) -> str:
    index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
    table = request["TableName"]
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}{index}"


def _queue(request: dict[str, Any]) -> str:
    name = request["QueueUrl"].rsplit("/", 1)[-1]
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def _key(request: dict[str, Any]) -> str:
    return request["KeyId"]


class Gate:
    """WSGI middleware in front of moto that refuses what no role allows.

    Only functions are held to their grants; they sign with their names as key ids.
    The file is read at the first call of one, by when the stack has been created.
    """

    def __init__(self, application: Callable, grants_file: Path) -> None:
        self._application = application
        self._file = grants_file
        self._grants: Grants | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable):
        signed = CALLER.search(environ.get("HTTP_AUTHORIZATION", ""))
        if signed and signed.group(1) != "local":
            refused = self._refused(environ, *signed.groups())
            if refused:
                return _refusal(start_response, *signed.groups(), refused)
        return self._application(environ, start_response)

    def _refused(
        self, environ: dict[str, Any], caller: str, service: str
    ) -> Access | None:
        if self._grants is None:
            self._grants = Grants(**json.loads(self._file.read_text()))
        body = b""
        if target := environ.get("HTTP_X_AMZ_TARGET", ""):
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
        done = accesses(
            service, environ["REQUEST_METHOD"], environ["PATH_INFO"], target, body
        )
        return self._grants.refused(caller, done)


def _refusal(start_response: Callable, caller: str, service: str, access: Access):
    text = (
        f"{caller}'s role does not allow {access.action} on resource: {access.resource}"
    )
    if service == "s3":
        body = f"<Error><Code>AccessDenied</Code><Message>{text}</Message></Error>"
        start_response("403 Forbidden", [("Content-Type", "application/xml")])
    else:
        body = json.dumps({"__type": "AccessDeniedException", "message": text})
        start_response("400 Bad Request", [("Content-Type", "application/json")])
    return [body.encode()]
