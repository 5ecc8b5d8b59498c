"""The control API's part on webhooks: what a person does in Xero's developer portal,
and what only a simulator can do."""

from dataclasses import asdict
from typing import Any

from werkzeug.wrappers import Response

from infra.xero_simulator.control_calls import (
    assign,
    control_route,
    is_sent,
    known_tenant,
    sent,
)
from infra.xero_simulator.mutations.change import put_changed
from infra.xero_simulator.plain_json import json_response
from infra.xero_simulator.routing import Exchange
from infra.xero_simulator.webhooks.events import CATEGORIES
from infra.xero_simulator.webhooks.intent import Trial
from infra.xero_simulator.webhooks.post import Post
from infra.xero_simulator.webhooks.posting import Answer
from infra.xero_simulator.webhooks.subscription import Subscription

_MOST_EVENTS = 100_000


def show(exchange: Exchange, app: str) -> Response:
    """The webhook of an app, with its key."""
    return json_response(_shown(_subscription(exchange, app)))


def register(exchange: Exchange, app: str) -> Response:
    """`{"address": "https://…", "categories": ["CONTACT", …]?}`; all by default."""
    asked = sent(exchange)
    simulator, client_id = exchange.simulator, _known_app(exchange, app)
    categories = asked.get("categories", list(CATEGORIES.values()))
    made = simulator.webhooks.subscribe(client_id, asked["address"], categories)
    return json_response(_shown(made))


def forget(exchange: Exchange, app: str) -> Response:
    exchange.simulator.webhooks.unsubscribe(_known_app(exchange, app))
    return Response(status=204)


def intend(exchange: Exchange, app: str) -> Response:
    """Send an intent to receive, and say what came of it."""
    subscription = _subscription(exchange, app)
    trials = exchange.simulator.webhooks.send_intent(subscription)
    posts = [_trial(trial) for trial in trials]
    return json_response({**_shown(subscription), "posts": posts})


def set_manner(exchange: Exchange, app: str) -> Response:
    """Any of `collect_seconds`, `events_a_post`, `duplicates`, `disorder`, `held`."""
    manner, values = _subscription(exchange, app).manner, sent(exchange)
    if values.get("events_a_post", 1) < 1:
        raise ValueError("events_a_post has to be 1 or more")
    assign(manner, values)
    return json_response(asdict(manner))


def deliveries(exchange: Exchange, app: str) -> Response:
    """The latest posts, `?listed=100`: events, body, signature, tries."""
    subscription = _subscription(exchange, app)
    listed = int(exchange.request.args.get("listed", 100))
    posts = subscription.posts()
    shown = [_post(subscription, post) for post in posts[:listed]]
    return json_response({"count": len(posts), "deliveries": shown})


def deliver(exchange: Exchange, app: str) -> Response:
    """Post what waits now, whether or not it would still be collected or is held."""
    subscription = _subscription(exchange, app)
    count = exchange.simulator.webhooks.deliver_at_once(subscription)
    return json_response({"posts": count, "waiting": subscription.waiting()})


def replay(exchange: Exchange, app: str) -> Response:
    """`{"seconds": 86400}`: the events of so long, once more."""
    return json_response(
        {"events": _subscription(exchange, app).replay(_seconds(exchange))}
    )


def burst(exchange: Exchange, tenant: str) -> Response:
    """`{"events": 500, "collection": "contacts"}`: so many records are saved again
    unchanged, which dates them; where there are fewer, some of them several times."""
    found, asked = known_tenant(exchange, tenant), sent(exchange)
    name, many = asked.get("collection", "contacts"), asked["events"]
    if name not in CATEGORIES or type(many) is not int or not 0 < many <= _MOST_EVENTS:
        raise ValueError(
            f"events has to be 1 to {_MOST_EVENTS}, collection of {list(CATEGORIES)}"
        )
    held, clock = found.collections[name], exchange.simulator.clock
    with found.changing:
        records = held.records()
        if not records:
            raise ValueError(f"there are no {name}")
        for number in range(many):
            put_changed(held, records[number % len(records)], clock)
    return json_response({"changed": many})


def _seconds(exchange: Exchange) -> float:
    seconds = sent(exchange)["seconds"] if is_sent(exchange) else 86_400
    if type(seconds) not in (int, float) or seconds <= 0:
        raise ValueError("seconds has to be a number above 0")
    return seconds


def _known_app(exchange: Exchange, client_id: str) -> str:
    if client_id not in exchange.simulator.registry.apps:
        raise ValueError(f"no app {client_id}")
    return client_id


def _subscription(exchange: Exchange, client_id: str) -> Subscription:
    found = exchange.simulator.webhooks.get(_known_app(exchange, client_id))
    if found is None:
        raise ValueError(f"the app {client_id} has no webhook")
    return found


def _shown(subscription: Subscription) -> dict[str, Any]:
    return {
        "address": subscription.address,
        "categories": subscription.categories,
        "signing_key": subscription.key,
        "status": subscription.status,
        "reason": subscription.reason,
        "manner": asdict(subscription.manner),
        "waiting": subscription.waiting(),
    }


def _post(subscription: Subscription, post: Post) -> dict[str, Any]:
    return {
        "number": post.number,
        "events": [event.content for event in post.events],
        "body": post.body.decode(),
        "signature": subscription.signature_of(post.body),
        "received": post.received,
        "due_at": post.due_at,
        "attempts": [{"at": each.at, **_answer(each.answer)} for each in post.attempts],
    }


def _trial(trial: Trial) -> dict[str, Any]:
    shown = {"rightly_signed": trial.rightly_signed, "expected": trial.expected}
    return shown | _answer(trial.answer) | {"problem": trial.problem}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "seconds": answer.seconds,
        "problem": answer.problem,
    }


_APP = "/apps/{app}/webhook"

ROUTES = [
    control_route("GET", _APP, show),
    control_route("PUT", _APP, register),
    control_route("DELETE", _APP, forget),
    control_route("POST", f"{_APP}/intent", intend),
    control_route("PUT", f"{_APP}/manner", set_manner),
    control_route("GET", f"{_APP}/deliveries", deliveries),
    control_route("POST", f"{_APP}/deliver", deliver),
    control_route("POST", f"{_APP}/replay", replay),
    # Before the collections of organisations, whose path is alike.
    control_route("POST", "/organisations/{tenant}/burst", burst),
]
