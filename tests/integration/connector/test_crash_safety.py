"""The disorder of the unit tests, on DynamoDB's and S3's own conditional writes."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.connector.disorder import Disorder

from .aws import world_on_aws


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(data=st.data())
def test_feed_holds_each_page_once_whatever_dies_or_gets_lost(
    data: st.DataObject,
) -> None:
    with world_on_aws() as world:
        disorder = Disorder(world, pages=3)
        disorder.run(data)
        disorder.heal()
        disorder.check()
