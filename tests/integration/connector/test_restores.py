"""Restores on the table: all its items as they were, put back over what came since."""

from __future__ import annotations

import boto3
import pytest

from infra.local import aws
from tests.unit.connector.restores import Backup, Restore, Restores
from tests.unit.connector.world import World


class TestRestores(Restores):
    @pytest.fixture
    def backup(self) -> Backup:
        return _backup


def _backup(world: World) -> Restore:
    table = boto3.resource("dynamodb", region_name=aws.REGION).Table(
        world.settings.table_name
    )

    def items() -> list[dict]:
        found = table.scan()
        assert "LastEvaluatedKey" not in found
        return found["Items"]

    saved = items()

    def restore() -> None:
        with table.batch_writer() as batch:
            for item in items():
                batch.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
        with table.batch_writer() as batch:
            for item in saved:
                batch.put_item(Item=item)

    return restore
