"""Messages come twice, late or never and processes die between any two writes; the
feed still holds each page once, and one end for each sync."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .disorder import Disorder
from .world import World


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_feed_holds_each_page_once_whatever_dies_or_gets_lost(
    data: st.DataObject,
) -> None:
    disorder = Disorder(World.in_memory(), pages=4)
    disorder.run(data)
    disorder.heal()
    disorder.check()
