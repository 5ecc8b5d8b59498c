"""The table of resources and the scopes they need."""

from __future__ import annotations

from lambda_connector.logic.resources import (
    RESOURCES,
    features_granted,
    missing_scopes,
    scopes_for,
)


def test_scopes_are_granular_and_the_least_for_the_features() -> None:
    assert scopes_for(["contacts"]) == (
        "offline_access",
        "accounting.contacts.read",
        "accounting.settings.read",
    )


def test_features_are_those_whose_scopes_are_all_granted() -> None:
    assert features_granted(["accounting.settings.read"]) == ()
    both = ["accounting.settings", "accounting.contacts.read"]
    assert features_granted(both) == ("contacts",)


def test_right_to_write_includes_reading_but_not_the_reverse() -> None:
    assert missing_scopes(["a.read"], ["a"]) == ()
    assert missing_scopes(["a"], ["a.read"]) == ("a",)
    assert missing_scopes(["a.read", "b.read"], ["b.read"]) == ("a.read",)


def test_incremental_resources_are_paged_in_an_immutable_order() -> None:
    for resource in RESOURCES.values():
        if resource.incremental:
            assert resource.order == resource.record_id
