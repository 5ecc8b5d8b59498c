"""One DynamoDB table, spoken to in plain Python values.

Every partition key begins with the instance, so that no query can reach another's
rows. `expires_at` is the table's TTL attribute: only a broom, never a decision.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

TTL_ATTRIBUTE = "expires_at"
DUE_INDEX = "due"
_DUE_PAGE = 200
_CONFLICT_TRIES = 8
_FAILED = "ConditionalCheckFailed"
_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize

Item = dict[str, Any]


def instance_pk(instance: str) -> str:
    return f"I#{instance}"


def connection_pk(instance: str, connection: str) -> str:
    return f"I#{instance}#C#{connection}"


def epoch(moment: datetime) -> int:
    """Whole seconds, as DynamoDB's TTL and the `due` index count."""
    return int(moment.timestamp())


def expires(moment: datetime, after: timedelta = timedelta(0)) -> Item:
    return {TTL_ATTRIBUTE: epoch(moment + after)}


def due(kind: str, wake_at: datetime | None) -> Item:
    """The attributes that put a row before the janitor at that time, or never."""
    return {"due_pk": kind, "due_at": epoch(wake_at)} if wake_at else {}


@dataclass(frozen=True)
class Write:
    """One write with its condition. `values` fill the `:names` of both texts."""

    pk: str
    sk: str
    item: Item | None = None
    """Put this item; None where `update` or neither (a delete) is meant."""
    update: str | None = None
    condition: str | None = None
    values: Mapping[str, Any] | None = None


ABSENT = "attribute_not_exists(pk)"
VERSION_BEFORE = "version = :before"


def replacement(pk: str, sk: str, item: Item) -> Write:
    """Put a versioned item over the row of one version less."""
    values = {":before": item["version"] - 1}
    return Write(pk, sk, item, condition=VERSION_BEFORE, values=values)


@dataclass(frozen=True)
class Table:
    client: Any
    name: str

    def get(self, pk: str, sk: str) -> Item | None:
        answer = self.client.get_item(
            TableName=self.name, Key=_key(pk, sk), ConsistentRead=True
        )
        return _load(answer["Item"]) if "Item" in answer else None

    def query(
        self,
        pk: str,
        begin: str,
        end: str | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Iterator[Item]:
        """Rows whose sort key lies in [begin, end], or begins with `begin`."""
        condition = "pk = :pk AND begins_with(sk, :begin)"
        values = {":pk": pk, ":begin": begin}
        if end is not None:
            condition = "pk = :pk AND sk BETWEEN :begin AND :end"
            values[":end"] = end
        request: Item = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": _dump(values),
            "ConsistentRead": True,
            "ScanIndexForward": not newest_first,
        }
        if limit:
            request["Limit"] = limit
        given = 0
        while True:
            answer = self.client.query(**request)
            for item in answer["Items"]:
                yield _load(item)
                given += 1
                if given == limit:
                    return
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def due(self, kind: str, now: datetime) -> Iterator[tuple[str, str]]:
        """Instance and id of the rows that want the janitor, oldest first. The index
        holds keys alone, so that it is not written with all that changes in a row, and
        is eventually consistent: whoever acts on a row reads it."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            IndexName=DUE_INDEX,
            KeyConditionExpression="due_pk = :kind AND due_at <= :now",
            ExpressionAttributeValues=_dump({":kind": kind, ":now": epoch(now)}),
            PaginationConfig={"PageSize": _DUE_PAGE},
        )
        for page in pages:
            for item in map(_load, page["Items"]):
                yield _named(item["pk"], item["sk"])

    def count_due(self, kind: str, now: datetime) -> int:
        """How many rows of the kind are before the janitor."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            IndexName=DUE_INDEX,
            KeyConditionExpression="due_pk = :kind AND due_at <= :now",
            ExpressionAttributeValues=_dump({":kind": kind, ":now": epoch(now)}),
            Select="COUNT",
        )
        return sum(page["Count"] for page in pages)

    def scan(self, sk: str) -> Iterator[Item]:
        """Every row of that sort key. For the deployer's command line only."""
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.name,
            FilterExpression="sk = :sk",
            ExpressionAttributeValues=_dump({":sk": sk}),
        )
        for page in pages:
            yield from map(_load, page["Items"])

    def write(self, *writes: Write) -> int | None:
        """All of the writes or none. None: done; else the position of the first
        write whose condition did not hold.

        A write whose answer was lost is sent again by botocore, and then its own item
        is what its condition finds: the mark tells it from another writer's. (For ten
        minutes AWS knows a transaction by its ClientRequestToken, but no other write.)
        """
        mark = {"S": secrets.token_hex(8)}
        operations = [self._operation(write, mark) for write in writes]
        for attempt in range(_CONFLICT_TRIES):
            try:
                self._send(operations)
                return None
            except ClientError as error:
                reasons = _reasons(error)
                if _FAILED in reasons:
                    return None if mark in _marks(error) else reasons.index(_FAILED)
                if not _conflicts(error) or attempt == _CONFLICT_TRIES - 1:
                    raise
            # Another transaction touches a row at this moment; it is short.
            time.sleep(0.02 * 2**attempt)
        raise AssertionError("unreachable")

    def _send(self, operations: Sequence[Item]) -> None:
        if len(operations) > 1:
            self.client.transact_write_items(TransactItems=operations)
            return
        ((name, request),) = operations[0].items()
        method = {
            "Put": self.client.put_item,
            "Update": self.client.update_item,
            "Delete": self.client.delete_item,
        }
        method[name](**request)

    def _operation(self, write: Write, mark: Item) -> Item:
        request: Item = {"TableName": self.name}
        if write.condition:
            request["ConditionExpression"] = write.condition
        if write.values:
            request["ExpressionAttributeValues"] = _dump(write.values)
        if write.item is not None:
            item = _dump({**write.item, "pk": write.pk, "sk": write.sk})
            if write.condition:
                item["mark"] = mark
                request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
            return {"Put": {**request, "Item": item}}
        request["Key"] = _key(write.pk, write.sk)
        if write.update:
            return {"Update": {**request, "UpdateExpression": write.update}}
        return {"Delete": request}


def _named(pk: str, sk: str) -> tuple[str, str]:
    """The instance of a row, and what it is: the id in its sort key, else, where one
    belongs to each connection, the connection's."""
    _, instance, *connection = pk.split("#")
    return instance, sk.partition("#")[2] or connection[-1]


def _key(pk: str, sk: str) -> Item:
    return _dump({"pk": pk, "sk": sk})


def _dump(values: Mapping[str, Any]) -> Item:
    return {name: _serialize(value) for name, value in values.items()}


def _load(item: Item) -> Item:
    return {name: _deserialize(value) for name, value in item.items()}


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def _reasons(error: ClientError) -> list[str]:
    """Why each write was not done, whether it stood alone or in a transaction."""
    reasons = error.response.get("CancellationReasons")
    if reasons is None:
        return [_code(error).removesuffix("Exception")]
    return [reason.get("Code") or "None" for reason in reasons]


def _marks(error: ClientError) -> list[Item | None]:
    """The marks of the items that the failed conditions found."""
    found = error.response.get("CancellationReasons") or [error.response]
    return [(one.get("Item") or {}).get("mark") for one in found]


def _conflicts(error: ClientError) -> bool:
    in_progress = _code(error) == "TransactionInProgressException"
    return "TransactionConflict" in _reasons(error) or in_progress
