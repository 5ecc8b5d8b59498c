"""moto's own answers to the reads that are made most, without the way through its
parsers and serialisers, which takes longer than all the rest; and boto3 without what
no answer here depends on."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.botocore_stubber import MockRawResponse
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from infra.local import aws

_BEGINS = "pk = :pk AND begins_with(sk, :begin)"
_BETWEEN = "pk = :pk AND sk BETWEEN :begin AND :end"
_DUE = "due_pk = :kind AND due_at <= :now"
_KEYS = ("pk", "sk", "due_pk", "due_at")
"""What the index of what is due holds."""


def quick_answer(event: str, request: Any) -> AWSResponse | None:
    """None where moto itself has to answer."""
    answer = _QUICK.get(event)
    return answer(request) if answer else None


def boto3_without_frills() -> list[Any]:
    """Nobody looks at signatures, but at their region, or at who boto3 says it is."""

    signed = RequestSigner.sign

    def sign(signer: RequestSigner, name: str, request: Any, **more: Any) -> None:
        if signer.signing_name == "s3":
            # moto asks whose the object is.
            return signed(signer, name, request, **more)
        scope = f"anybody/20261102/{aws.REGION}/{signer.signing_name}/aws4_request"
        request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, "

    return [
        patch.object(UserAgentString, "to_string", lambda *_: "boto3"),
        patch.object(RequestSigner, "sign", sign),
    ]


def _got(request: Any) -> AWSResponse:
    asked = json.loads(request.body)
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][aws.REGION]
    found = tables.get_item(asked["TableName"], asked["Key"])
    return _answer(request, {"Item": _attributes(found)} if found else {})


def _queried(request: Any) -> AWSResponse | None:
    asked = json.loads(request.body)
    condition = asked["KeyConditionExpression"]
    if condition not in (_BEGINS, _BETWEEN, _DUE) or "ExclusiveStartKey" in asked:
        return None
    if "Select" in asked:
        return None
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][aws.REGION]
    table = tables.get_table(asked["TableName"])
    values = asked["ExpressionAttributeValues"]
    if condition == _DUE:
        found = sorted(_due(table.all_items(), values), key=lambda one: one[0])
    else:
        rows = table.items.get(DynamoType(values[":pk"]), {})
        found = sorted(_within(rows, values), key=lambda one: one[0])
    if not asked.get("ScanIndexForward", True):
        found.reverse()
    items = [_attributes(item) for _, item in found]
    if condition == _DUE:
        items = [{key: item[key] for key in _KEYS} for item in items]
    if len(items) > asked.get("Limit", len(items)):
        return None
    return _answer(request, {"Items": items, "Count": len(items)})


def _within(
    rows: dict[DynamoType, Item], values: dict[str, Any]
) -> Iterator[tuple[str, Item]]:
    begin = values[":begin"]["S"]
    end = values.get(":end", {}).get("S")
    for key, item in rows.items():
        sk = key.value
        if (begin <= sk <= end) if end is not None else sk.startswith(begin):
            yield sk, item


def _due(items: list[Item], values: dict[str, Any]) -> Iterator[tuple[Decimal, Item]]:
    kind, now = values[":kind"]["S"], Decimal(values[":now"]["N"])
    for item in items:
        if "due_pk" in item.attrs and item.attrs["due_pk"].value == kind:
            at = Decimal(item.attrs["due_at"].value)
            if at <= now:
                yield at, item


def _attributes(item: Item) -> dict[str, Any]:
    return item.to_json()["Attributes"]


def _answer(request: Any, answer: dict[str, Any]) -> AWSResponse:
    body = MockRawResponse(json.dumps(answer, default=_base64))
    return AWSResponse(request.url, 200, {}, body)


def _base64(held: bytes) -> str:
    return base64.b64encode(held).decode()


_QUICK: dict[str, Callable[[Any], AWSResponse | None]] = {
    "before-send.dynamodb.GetItem": _got,
    "before-send.dynamodb.Query": _queried,
}
