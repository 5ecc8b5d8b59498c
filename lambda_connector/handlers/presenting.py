"""The logic's values as the JSON of the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..logic.budget import reserved
from ..logic.clock import iso
from ..logic.model.app import App
from ..logic.model.authorization import Authorization
from ..logic.model.connection import Budget, Connection
from ..logic.model.feed import PART, Feed, FeedEntry
from ..logic.model.instance import Instance
from ..logic.model.sync import WAITING, LogEntry, Step, Sync
from ..logic.model.token_set import TokenSet
from ..logic.model.webhook import Heard
from ..logic.resources import features_granted
from ..logic.schedules import Plan
from .build import build

Json = dict[str, Any]


def moment(value: datetime | None) -> str | None:
    return iso(value) if value else None


def app_json(
    instance: Instance,
    app: App | None,
    redirect_uri: str,
    webhooks: Json,
) -> Json:
    return {
        "instance": {
            "id": instance.id,
            "name": instance.name,
            "return_origin": instance.return_origin,
        },
        "client_id": app.client_id if app else None,
        "secret_set_at": moment(app.secret_set_at) if app else None,
        "verified": app.verified if app else None,
        "redirect_uri": redirect_uri,
        "tier": app.tier if app else "starter",
        "webhooks": webhooks,
        "build": build(),
    }


def webhooks_json(app: App | None, heard: Heard, address: str) -> Json:
    """Xero's word on another key says nothing about this one."""
    set_at, confirmed = app.webhook_key_set_at if app else None, heard.confirmed_at
    is_confirmed = set_at and confirmed and confirmed >= set_at
    return {
        "address": address,
        "key_set_at": moment(set_at),
        "confirmed_at": moment(confirmed if is_confirmed else None),
        "received_at": moment(heard.received_at),
    }


def authorization_json(authorization: Authorization, url: str) -> Json:
    return {
        "id": authorization.id,
        "authorize_url": url,
        "expires_at": iso(authorization.valid_until),
    }


def connection_json(
    connection: Connection,
    feed: Feed,
    waits_since: datetime | None,
    budget: Budget,
    day_limit: int,
    tokens: TokenSet | None,
    webhook_at: datetime | None,
) -> Json:
    return {
        "id": connection.id,
        "organisation": {
            "id": connection.organisation,
            "name": connection.organisation_name,
        },
        "state": connection.state,
        "state_code": connection.state_code,
        "connected_at": iso(connection.connected_at),
        "token_refreshed_at": moment(tokens.refreshed_at if tokens else None),
        "webhook_at": moment(webhook_at),
        "features": list(features_granted(tokens.scopes if tokens else ())),
        "budget": {
            "day_remaining": budget.day_remaining,
            "minute_remaining": budget.minute_remaining,
            "day_limit": day_limit,
            "reserved": reserved(day_limit),
            "as_of": moment(budget.as_of),
        },
        "feed": {
            "epoch": feed.epoch,
            "head": feed.head,
            "stamp": feed.head_stamp,
            "acknowledged": feed.acknowledged,
            "consumer": feed.consumer,
            "waits_since": moment(waits_since),
        },
    }


def sync_json(sync: Sync) -> Json:
    return {
        "id": sync.id,
        "connection": sync.connection,
        "trigger": sync.trigger,
        "mode": sync.mode,
        "state": sync.state,
        "code": sync.code,
        "detail": sync.detail,
        "correlation": sync.correlation,
        "resources": [_step_json(step) for step in sync.steps],
        "due_at": moment(sync.wake_at) if sync.state == WAITING else None,
        "created_at": iso(sync.created_at),
        "started_at": moment(sync.started_at),
        "finished_at": moment(sync.finished_at),
        "calls": sync.calls,
    }


def _step_json(step: Step) -> Json:
    return {
        "name": step.resource,
        "state": step.state,
        "mode": step.mode,
        "pages": step.pages,
        "records": step.came,
        "item_count": step.item_count,
    }


def schedule_json(plan: Plan) -> Json:
    return {
        "day_limit": plan.share.day_limit,
        "reserved": plan.share.reserved,
        "proposed": plan.proposed,
        "choices": [
            {"minutes": one.minutes, "calls": one.calls, "fits": one.fits}
            for one in plan.choices
        ],
        "daily": [{"name": name, "calls": calls} for name, calls in plan.daily],
    }


def log_json(entry: LogEntry) -> Json:
    return {
        "n": entry.n,
        "at": iso(entry.at),
        "level": entry.level,
        "code": entry.code,
        "message": entry.message,
        "resource": entry.resource,
        "page": entry.page,
        "data": dict(entry.data),
    }


def feed_json(feed: Feed, entries: list[FeedEntry]) -> Json:
    return {
        "epoch": feed.epoch,
        "head": feed.head,
        "stamp": feed.head_stamp,
        "acknowledged": feed.acknowledged,
        "entries": [_entry_json(entry) for entry in entries],
    }


def _entry_json(entry: FeedEntry) -> Json:
    common = {
        "n": entry.n,
        "stamp": entry.stamp,
        "kind": entry.kind,
        "sync": entry.sync,
        "correlation": entry.correlation,
    }
    if entry.kind != PART:
        ending = {"state": entry.state, "code": entry.code, "detail": entry.detail}
        return common | ending
    return common | {
        "resource": entry.resource,
        "step": entry.step,
        "key": entry.key,
        "page": entry.page,
        "part": entry.part,
        "records": entry.records,
        "item_count": entry.item_count,
        "mode": entry.mode,
        "read_at": moment(entry.read_at),
        "sha256": entry.sha256,
        "bytes": entry.bytes,
    }
