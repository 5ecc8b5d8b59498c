"""The environment of the functions, read and checked once at cold start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


class SettingsInvalid(ValueError):
    """The environment cannot be used; the message names every wrong variable."""


@dataclass(frozen=True)
class Settings:
    """One field for each environment variable, named alike in lower case."""

    table_name: str
    spool_bucket: str
    sync_queue_url: str
    token_key_id: str
    webhook_queue_url: str
    public_url: str = ""
    """Where Odoo and Xero reach the HTTP API; empty: the gateway's own domain."""
    xero_login_url: str = "https://login.xero.com"
    xero_identity_url: str = "https://identity.xero.com"
    xero_api_url: str = "https://api.xero.com"
    pkce: bool = True
    nudge_odoo: bool = True
    """Whether Odoo is told that something waits for it."""
    xero_timeout_seconds: int = 20
    """Connecting and reading of one call together."""
    wait_in_place_seconds: int = 60
    stuck_after_seconds: int = 300
    feed_retention_days: int = 14
    log_retention_days: int = 30


_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_ADDRESSES = ("public_url", "xero_login_url", "xero_identity_url", "xero_api_url")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings, or raise SettingsInvalid naming all that is wrong."""
    values: dict[str, object] = {}
    wrong: list[str] = []
    for name, kind in Settings.__annotations__.items():
        text = environment.get(name.upper(), "").strip()
        if not text:
            if not hasattr(Settings, name):
                wrong.append(f"{name.upper()} is missing")
            continue
        try:
            values[name] = _read(name, kind, text)
        except (KeyError, ValueError) as error:
            wrong.append(f"{name.upper()}: {error}")
    if wrong:
        raise SettingsInvalid("; ".join(wrong))
    return Settings(**values)  # type: ignore[arg-type]


def _read(name: str, kind: str, text: str) -> str | int | bool:
    if kind == "bool":
        if text.lower() not in _TRUTH:
            raise ValueError("must be true or false")
        return _TRUTH[text.lower()]
    if kind == "int":
        number = int(text)
        if number <= 0:
            raise ValueError("must be a whole number above 0")
        return number
    if name in _ADDRESSES:
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("must be an http(s) address")
        return text.rstrip("/")
    return text
