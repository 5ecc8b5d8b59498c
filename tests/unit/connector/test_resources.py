"""The table of resources and the scopes they need."""

from __future__ import annotations

from datetime import timedelta

from lambda_connector.logic.budget import reserved
from lambda_connector.logic.resources import (
    FEATURES,
    READ_FEATURES,
    RESOURCES,
    features_granted,
    missing_scopes,
    resources_of,
    scopes_for,
)

DAY = timedelta(days=1)
POLLED = timedelta(minutes=15)
STARTER = 1000
"""Calls a day (developer.xero.com, API limits)."""


def test_scopes_are_granular_and_the_least_for_the_features() -> None:
    assert scopes_for(["contacts"]) == (
        "offline_access",
        "accounting.contacts.read",
        "accounting.settings.read",
    )
    assert scopes_for(["items"])[1:] == ("accounting.settings.read",)
    assert scopes_for(["sales"])[1:] == (
        "accounting.invoices.read",
        "accounting.payments.read",
        "accounting.settings.read",
    )
    assert scopes_for(["report"])[1:] == ("accounting.reports.aged.read",)


def test_sync_is_asked_for_features_that_read_something() -> None:
    assert READ_FEATURES == ("contacts", "items", "sales")
    assert resources_of(["report"]) == ()
    assert set(resources_of(FEATURES)) == set(RESOURCES)


def test_day_of_polling_leaves_the_reserve_of_the_smallest_tier() -> None:
    """Nothing changed: one call for each resource that is read; and as long as fewer
    than a thousand records of a resource change in a quarter of an hour, no more."""
    calls = sum(DAY // (one.every or POLLED) for one in RESOURCES.values())
    each_time, hourly, daily = 3 * 96, 3 * 24, 2
    assert calls == each_time + hourly + daily == 362
    assert calls <= STARTER - reserved(STARTER) == 950


def test_features_are_those_whose_scopes_are_all_granted() -> None:
    assert features_granted([]) == ()
    assert features_granted(["accounting.settings.read"]) == ("items",)
    both = ["accounting.settings", "accounting.contacts.read"]
    assert features_granted(both) == ("contacts", "items")
    assert features_granted(["accounting.reports.aged.read"]) == ("report",)
    invoices = ["accounting.settings.read", "accounting.invoices.read"]
    assert "sales" not in features_granted(invoices)
    assert "sales" in features_granted([*invoices, "accounting.payments.read"])


def test_right_to_write_includes_reading_but_not_the_reverse() -> None:
    assert missing_scopes(["a.read"], ["a"]) == ()
    assert missing_scopes(["a"], ["a.read"]) == ("a",)
    assert missing_scopes(["a.read", "b.read"], ["b.read"]) == ("a.read",)


def test_incremental_resources_are_paged_in_an_immutable_order() -> None:
    for resource in RESOURCES.values():
        if resource.incremental:
            assert resource.order == resource.record_id
