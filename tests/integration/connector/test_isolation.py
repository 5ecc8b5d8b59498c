"""On the table itself: no key of it that one instance can form is another's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3

from tests.unit.connector.isolation import OF_AN_ID, Neighbours
from tests.unit.connector.world import World


def on_aws(world: World) -> Iterator[Any]:
    """Every row of the table, every object of the bucket, every message."""
    table, bucket = world.settings.table_name, world.settings.spool_bucket
    rows = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    for page in rows:
        yield from (sorted(item.items()) for item in page["Items"])
    for one in boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]:
        yield one["Key"], one["ETag"], one["LastModified"]
    yield from world.queue


def test_ids_of_another_instance_reach_nothing_of_it(world: World) -> None:
    two = Neighbours.of(world, on_aws)
    before = two.rows()
    assert before
    for name in OF_AN_ID:
        answer = two.ask(name, two.names, two.other.key)
        assert (answer.status, answer.code) == (404, "not_found"), name
        assert two.tells_nothing(answer)
    assert two.rows() == before


def test_ids_of_odd_forms_reach_nothing(world: World) -> None:
    two = Neighbours.of(world, on_aws)
    before = two.rows()
    for name in OF_AN_ID:
        for names in two.odd_names(name):
            answer = two.ask(name, names, two.other.key)
            assert answer.status in (404, 422), (name, names, answer.body)
            assert two.tells_nothing(answer)
    two.check_stores()
    assert two.rows() == before
