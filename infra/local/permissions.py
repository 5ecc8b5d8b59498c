"""What each function's role allows, held against every call that it makes.

moto lets everybody do everything, so a permission that the template forgets would be
missed on AWS first. Here such a call is refused as AWS refuses it. That a call is let
through proves nothing: conditions, denials and key policies are not looked at.
"""

import fnmatch
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.aws import ACCOUNT, REGION
from infra.local.intrinsics import Intrinsics
from infra.local.reader import Resources, of_type

Statements = list[dict[str, list[str]]]
CALLER = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/")
IN_TRANSACTION = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
# What a service does with its resource's key on behalf of who asks it, by action.
# Sources: "SSE-KMS" of the S3, "Key management" of the SQS, "Encryption at rest" of the
# DynamoDB developer guides.
KEY_USES = {
    "dynamodb:*": ("kms:Decrypt",),
    "s3:GetObject": ("kms:Decrypt",),
    "s3:PutObject": ("kms:GenerateDataKey",),
    "sqs:ReceiveMessage": ("kms:Decrypt",),
    "sqs:SendMessage": KEY_ACTIONS,
}
OBJECT_ACTIONS = {
    "DELETE": "DeleteObject",
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
}


def key_actions(action: str) -> tuple[str, ...]:
    """What who does the action on something encrypted must be allowed with its key."""
    service = action.partition(":")[0]
    return KEY_USES.get(action) or KEY_USES.get(f"{service}:*", ())


@dataclass(frozen=True)
class Grants:
    """What the template allows.

    Attributes:
        functions: the statements of each function's role.
        keys: the ARN of the key by which each resource is encrypted, by its ARN.
    """

    functions: dict[str, Statements]
    keys: dict[str, str]

    def refused(self, function: str, done: Iterable["Access"]) -> "Access | None":
        """The first of what is done, keys used for it included, that it may not."""
        statements = self.functions.get(function, [])
        for each in done:
            for access in (each, *self._with_key(each)):
                if not is_allowed(statements, access):
                    return access
        return None

    def _with_key(self, access: "Access") -> Iterator["Access"]:
        for resource, key in self.keys.items():
            # Objects and indexes are named by their bucket or table.
            if f"{access.resource}/".startswith(f"{resource}/"):
                for action in key_actions(access.action):
                    yield Access(action, key)


def grants(resources: Resources, intrinsics: Intrinsics) -> Grants:
    """Read from the roles' own policies, and from what is encrypted."""
    return Grants(_functions(resources, intrinsics), dict(_keys(resources, intrinsics)))


def _keys(resources: Resources, intrinsics: Intrinsics) -> Iterator[tuple[str, str]]:
    for kind, key_of in KEYS.items():
        for name, properties in of_type(resources, kind):
            if key := key_of(properties):
                arn = intrinsics.resolve({"Fn::GetAtt": [name, "Arn"]})
                yield arn, intrinsics.resolve(key)


def _key_of_bucket(properties: dict[str, Any]) -> Any:
    encryption = properties.get("BucketEncryption", {})
    (rule,) = encryption.get("ServerSideEncryptionConfiguration", [{}])
    return rule.get("ServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")


KEYS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "AWS::DynamoDB::Table": lambda table: table.get("SSESpecification", {}).get(
        "KMSMasterKeyId"
    ),
    "AWS::S3::Bucket": _key_of_bucket,
    "AWS::SQS::Queue": lambda queue: queue.get("KmsMasterKeyId"),
}


def _functions(resources: Resources, intrinsics: Intrinsics) -> dict[str, Statements]:
    roles = {
        intrinsics.resolve({"Fn::GetAtt": [name, "Arn"]}): intrinsics.resolve(role)
        for name, role in of_type(resources, "AWS::IAM::Role")
    }
    return {
        name: list(_allowed(roles.get(intrinsics.resolve(function["Role"]), {})))
        for name, function in of_type(resources, "AWS::Lambda::Function")
    }


def _allowed(role: dict[str, Any]) -> Iterator[dict[str, list[str]]]:
    for policy in role.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                names = ("Action", "Resource")
                yield {each: _as_list(statement[each]) for each in names}


def _as_list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Access:
    """One thing that a call does: an IAM action on a resource's ARN."""

    action: str
    resource: str


def is_allowed(statements: Iterable[dict[str, list[str]]], access: Access) -> bool:
    """Whether a statement allows the access."""
    return any(
        access.action in statement["Action"]
        and any(
            fnmatch.fnmatchcase(access.resource, pattern)
            for pattern in statement["Resource"]
        )
        for statement in statements
    )


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
    return [Access(f"{service}:{operation}", owners[service](request))]


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
