"""Settings: checked at start, every mistake named at once."""

from __future__ import annotations

import pytest

from lambda_connector.settings import SettingsInvalid, read_settings

NEEDED = {
    "TABLE_NAME": "t",
    "SPOOL_BUCKET": "b",
    "SYNC_QUEUE_URL": "https://sqs.example/q",
    "TOKEN_KEY_ID": "k",
    "WEBHOOK_QUEUE_URL": "https://sqs.example/w",
}


def test_defaults_are_the_real_xero() -> None:
    settings = read_settings(NEEDED)
    assert settings.xero_login_url == "https://login.xero.com"
    assert settings.xero_identity_url == "https://identity.xero.com"
    assert settings.xero_api_url == "https://api.xero.com"
    assert settings.pkce and settings.nudge_odoo
    assert settings.wait_in_place_seconds == 60


def test_all_that_is_wrong_is_named_in_one_message() -> None:
    wrong = {
        "TABLE_NAME": "t",
        "TOKEN_KEY_ID": " ",
        "PKCE": "perhaps",
        "STUCK_AFTER_SECONDS": "-1",
        "XERO_API_URL": "api.xero.com",
    }
    with pytest.raises(SettingsInvalid) as caught:
        read_settings(wrong)
    for name in (
        "SPOOL_BUCKET",
        "SYNC_QUEUE_URL",
        "TOKEN_KEY_ID",
        "PKCE",
        "STUCK_AFTER_SECONDS",
        "XERO_API_URL",
    ):
        assert name in str(caught.value)


def test_values_are_typed_and_addresses_lose_their_final_slash() -> None:
    settings = read_settings(
        {
            **NEEDED,
            "PKCE": "False",
            "FEED_RETENTION_DAYS": "7",
            "PUBLIC_URL": "http://localhost:8070/",
        }
    )
    assert settings.pkce is False
    assert settings.feed_retention_days == 7
    assert settings.public_url == "http://localhost:8070"
