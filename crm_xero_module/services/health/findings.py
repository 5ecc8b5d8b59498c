# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether connections work, and what a person has to do: from their columns alone, so
that no screen asks anybody, and twenty connections cost what one does.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo import fields
from odoo.tools import format_date, format_datetime
from odoo.tools.misc import formatLang

from ..connector import app_facts
from ..connector.features import feature_names
from ..reasons import STOPPING_CODES, describe, kind_of
from ..schedule import interval_of
from ..xero.values import moment

OK, WARNING, PROBLEM = LEVELS = ("ok", "warning", "problem")
# What a person does about a finding, where one click begins it.
RECONNECT, SUCCESSOR, TAKE_OVER, SETTINGS = (
    "reconnect",
    "successor",
    "take_over",
    "settings",
)
_WAYS = {
    **dict.fromkeys(STOPPING_CODES, RECONNECT),
    "not_found": RECONNECT,
    "consent_lacks": RECONNECT,
    "permission_ends": RECONNECT,
    # Its organisation is gone: no login brings it back.
    "demo_company_reset": SUCCESSOR,
    "feed_taken": TAKE_OVER,
    "address_invalid": SETTINGS,
    "address_missing": SETTINGS,
    "address_not_https": SETTINGS,
    "app_not_set": SETTINGS,
    "connector_answer_unreadable": SETTINGS,
    "connector_forbidden": SETTINGS,
    "instance_key_invalid": SETTINGS,
    "instance_key_missing": SETTINGS,
    "route_unknown": SETTINGS,
    "xero_client_invalid": SETTINGS,
}
# These do not pass by themselves; whatever else the connector has may.
_AT_ONCE = frozenset(
    {
        "address_invalid",
        "address_missing",
        "address_not_https",
        "app_not_set",
        "feed_taken",
        "instance_key_invalid",
        "instance_key_missing",
    }
)
PATIENCE = timedelta(hours=1)
DAY = timedelta(days=1)
FEED_LAG = timedelta(minutes=15)
# Xero forgets a permission that was not renewed for 60 days (Xero's FAQ on OAuth 2);
# the connector renews it daily.
PERMISSION = timedelta(days=60)
PERMISSION_OLD = timedelta(days=45)
PERMISSION_ENDS = timedelta(days=10)
MISSED_SYNCS = 3
# The part of the day's calls that is few.
FEW_CALLS = 0.1
WEBHOOK_SILENCE = timedelta(days=14)
# What the findings are made of.
COLUMNS = (
    "name",
    "state",
    "state_code",
    "state_since",
    "connected_at",
    "last_sync_at",
    "failed_at",
    "failed_code",
    "schedule",
    "interval_minutes",
    "plan",
    "feed_position",
    "feed_head",
    "feed_waits_since",
    "feed_failures",
    "reread_needed",
    "token_refreshed_at",
    "checked_at",
    "calls_remaining",
    "calls_limit",
    "calls_reserved",
    "granted_features",
    "with_items",
    "with_sales",
    "with_report",
    "with_writing",
    "with_invoicing",
    "webhook_at",
    "successor_id",
)


class Finding(NamedTuple):
    """`code` is stable; `since` a moment in naive UTC, or None; `data` what its words
    name, in plain values."""

    code: str
    level: str
    since: object = None
    data: dict = {}


class Health(NamedTuple):
    """`level` is that of the worst finding; the worst come first."""

    level: str
    findings: list


def health_of(connections, now=None):
    """The `Health` of each connection, by its id.

    :param now: naive UTC, the present by default
    """
    now = now or fields.Datetime.now()
    webhooks = app_facts.recall(connections.env).get("webhooks") or {}
    return {
        connection.id: _health(_findings(connection, now, webhooks))
        for connection in connections
    }


def way_back(code):
    """What mends it in one click: RECONNECT, SUCCESSOR, TAKE_OVER, SETTINGS or None."""
    return _WAYS.get(code)


def words(env, finding):
    """What happened and what to do, as the reader of `env` reads it."""
    data = dict(finding.data)
    if "ends" in data:
        data["ends"] = format_date(env, data["ends"])
    for name in {"left", "limit"} & data.keys():
        data[name] = formatLang(env, data[name], digits=0)
    if "failure" in data:
        data["why"] = kind_of(env, data["failure"])
    if "features" in data:
        data["features"] = feature_names(env, data["features"])
    return describe(env, finding.code, **data)


def since_text(env, finding):
    """Since when, in the reader's time zone; False where that is not known."""
    since, tz = finding.since, env.context.get("tz", False)
    return bool(since) and format_datetime(env, since, tz=tz, dt_format="short")


# Findings


def _health(findings):
    ranked = sorted(findings, key=lambda one: -LEVELS.index(one.level))
    return Health(ranked[0].level if ranked else OK, ranked)


def _findings(connection, now, webhooks):
    if connection.state == "disconnected":
        return _of_disconnected(connection)
    if connection.state not in ("connected", "reconnect"):
        return []
    standing = _stopped(connection) or _unreached(connection, now)
    # What keeps everything from working explains what follows from it.
    silent = not standing and (_late(connection, now), _failed(connection))
    found = (
        standing,
        *(silent or ()),
        _permission(connection, now),
        _behind(connection, now),
        _damaged(connection),
        _calls(connection, now),
        _consent(connection),
        _webhooks(connection, webhooks, now),
    )
    return [finding for finding in found if finding]


def _of_disconnected(connection):
    successor = connection.successor_id
    if not successor:
        return []
    return [Finding("replaced", OK, data={"successor": successor.sudo().name})]


def _stopped(connection):
    if connection.state != "reconnect":
        return None
    code = connection.state_code or "reconnect_needed"
    return Finding(code, PROBLEM, connection.state_since)


def _unreached(connection, now):
    """The connector does not answer, or not to us."""
    code, since = connection.state_code, connection.state_since
    if not code:
        return None
    lasts = since and now - since >= PATIENCE
    return Finding(code, PROBLEM if code in _AT_ONCE or lasts else WARNING, since)


def _late(connection, now):
    """No sync has come to its end for long."""
    interval = interval_of(connection)
    # The first one is a person's to begin.
    since = connection.last_sync_at
    if not interval or not since:
        return None
    if now - since <= max(MISSED_SYNCS * interval, PATIENCE):
        return None
    lasts = now - since > max(2 * MISSED_SYNCS * interval, DAY)
    return Finding("sync_late", PROBLEM if lasts else WARNING, since)


def _failed(connection):
    if not connection.failed_at:
        return None
    code = connection.failed_code or "internal_error"
    return Finding("run_failed", WARNING, connection.failed_at, {"failure": code})


def _permission(connection, now):
    renewed = connection.token_refreshed_at
    if connection.state != "connected" or not renewed or now - renewed < PERMISSION_OLD:
        return None
    ends = renewed + PERMISSION
    level = PROBLEM if ends - now <= PERMISSION_ENDS else WARNING
    days = max((ends - now).days, 0)
    return Finding("permission_ends", level, renewed, {"ends": ends, "days": days})


def _behind(connection, now):
    """What waited at the connector when it was last asked, and still does."""
    since = connection.feed_waits_since
    taken = connection.feed_position >= connection.feed_head
    if not since or taken or now - since <= FEED_LAG:
        return None
    return Finding("feed_behind", PROBLEM if now - since > DAY else WARNING, since)


def _damaged(connection):
    if connection.reread_needed:
        return Finding("reading_again", WARNING)
    if connection.feed_failures:
        data = {"times": connection.feed_failures}
        return Finding("part_failing", WARNING, data=data)
    return None


def _calls(connection, now):
    """Few of the day's calls are left, as the connector said within a day."""
    left, limit = connection.calls_remaining, connection.calls_limit
    if not limit or not connection.checked_at or now - connection.checked_at > DAY:
        return None
    data = {"left": left, "limit": limit, "kept": connection.calls_reserved}
    if left <= connection.calls_reserved:
        return Finding("calls_used", WARNING, data=data)
    if left - connection.calls_reserved < FEW_CALLS * limit:
        return Finding("calls_few", WARNING, data=data)
    return None


def _consent(connection):
    missing = connection._missing_features()
    if connection.state != "connected" or not missing:
        return None
    return Finding("consent_lacks", WARNING, data={"features": missing})


def _webhooks(connection, webhooks, now):
    set_at, confirmed_at = (
        moment(webhooks.get(name)) for name in ("key_set_at", "confirmed_at")
    )
    if not set_at or connection.state != "connected":
        return None
    heard_at = connection.webhook_at
    if not confirmed_at and not (heard_at and heard_at > set_at):
        lasts = now - set_at > PATIENCE
        return Finding("webhooks_unconfirmed", WARNING, set_at) if lasts else None
    since = heard_at or max(confirmed_at, connection.connected_at or confirmed_at)
    if now - since <= WEBHOOK_SILENCE:
        return None
    # Nothing may have changed in Xero: told, but no reason to worry.
    return Finding("webhooks_silent", OK, since)
