"""A burst has as many events as it says."""

import pytest

from benchmarks.webhooks import shares


@pytest.mark.parametrize(
    ("collections", "dealt"),
    [
        (("contacts",), {"contacts": 499}),
        (("contacts", "invoices"), {"contacts": 250, "invoices": 249}),
    ],
)
def test_events_are_dealt_out(collections: tuple[str, ...], dealt: dict) -> None:
    assert shares(499, collections) == dealt
