"""The page of an app's webhooks, as Xero's developer portal has one."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from infra.xero_simulator import refusals
from infra.xero_simulator.oauth.registry import App
from infra.xero_simulator.pages import page
from infra.xero_simulator.routing import Exchange, Handler, Route
from infra.xero_simulator.webhooks.events import CATEGORIES
from infra.xero_simulator.webhooks.post import Post
from infra.xero_simulator.webhooks.subscription import (
    DISABLED,
    NOT_CONFIRMED,
    OK,
    Subscription,
)

PREFIX = "/developer"
_LISTED = 50
_DAY = 86_400
_LABELS = {
    "CONTACT": "Contacts",
    "INVOICE": "Invoices",
    "CREDITNOTE": "Credit notes",
    "PREPAYMENT": "Prepayments",
    "OVERPAYMENT": "Overpayments",
}
_STATUS = {
    OK: "OK",
    NOT_CONFIRMED: "Intent to receive required",
    DISABLED: "Disabled",
}


def show(exchange: Exchange, app: App) -> Response:
    return _page(exchange, app)


def save(exchange: Exchange, app: App) -> Response:
    """Register the webhook or change it."""
    form, webhooks = exchange.request.form, exchange.simulator.webhooks
    address, categories = form.get("address", "").strip(), form.getlist("category")
    try:
        webhooks.subscribe(app.client_id, address, categories)
    except ValueError as error:
        return _page(exchange, app, str(error), address)
    return _back(app)


def send_intent(exchange: Exchange, app: App) -> Response:
    webhooks = exchange.simulator.webhooks
    if found := webhooks.get(app.client_id):
        webhooks.send_intent(found)
    return _back(app)


def deliver(exchange: Exchange, app: App) -> Response:
    """Post what waits now."""
    webhooks = exchange.simulator.webhooks
    if found := webhooks.get(app.client_id):
        webhooks.deliver_at_once(found)
    return _back(app)


def replay(exchange: Exchange, app: App) -> Response:
    """Post the last day's events once more."""
    if found := exchange.simulator.webhooks.get(app.client_id):
        found.replay(_DAY)
    return _back(app)


def set_manner(exchange: Exchange, app: App) -> Response:
    """Duplicates, disorder, or nothing for now."""
    if found := exchange.simulator.webhooks.get(app.client_id):
        for name in ("duplicates", "disorder", "held"):
            setattr(found.manner, name, name in exchange.request.form)
    return _back(app)


def _page(
    exchange: Exchange, app: App, error: str | None = None, address: str = ""
) -> Response:
    found = exchange.simulator.webhooks.get(app.client_id)
    return page(
        "webhooks.html",
        400 if error else 200,
        app=app,
        found=found,
        error=error,
        address=address or (found.address if found else ""),
        chosen=found.categories if found else tuple(CATEGORIES.values()),
        categories=CATEGORIES.values(),
        labels=_LABELS,
        standing=_STATUS[found.status] if found else None,
        posts=_rows(found) if found else [],
        base=_base(app),
    )


def _rows(subscription: Subscription) -> list[dict]:
    return [_row(post) for post in subscription.posts()[:_LISTED]]


def _row(post: Post) -> dict:
    counts = Counter(event.content["eventCategory"] for event in post.events)
    numbers = [event.sequence for event in post.events]
    last = post.attempts[-1] if post.attempts else None
    return {
        "number": post.number,
        "events": ", ".join(f"{many} {category}" for category, many in counts.items()),
        "sequences": f"{min(numbers)}–{max(numbers)}",
        "tries": len(post.attempts),
        "at": _text(last.at) if last else "",
        "answer": last.answer if last else None,
        "due": "" if post.due_at is None else _text(post.due_at),
    }


def _text(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%-d %b %H:%M:%S}"


def _base(app: App) -> str:
    return f"{PREFIX}/apps/{app.client_id}/webhooks"


def _back(app: App) -> Response:
    return redirect(_base(app), 303)


def _of_app(handle: Callable[[Exchange, App], Response]) -> Handler:
    def found(exchange: Exchange, app: str) -> Response:
        known = exchange.simulator.registry.apps.get(app)
        return handle(exchange, known) if known else refusals.not_found()

    return found


_PATH = f"{PREFIX}/apps/{{app}}/webhooks"

ROUTES = [
    Route("GET", _PATH, _of_app(show)),
    Route("POST", _PATH, _of_app(save)),
    Route("POST", f"{_PATH}/intent", _of_app(send_intent)),
    Route("POST", f"{_PATH}/deliver", _of_app(deliver)),
    Route("POST", f"{_PATH}/replay", _of_app(replay)),
    Route("POST", f"{_PATH}/manner", _of_app(set_manner)),
]
