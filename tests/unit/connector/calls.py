"""One good call of every route, by the name of its function, and a world for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lambda_connector.handlers.application import Application

from .fake_xero import EVERY_SCOPE
from .world import CONSUMER, KAURI, TUI, World

RECORD = "0a1b2c3d-0000-4000-8000-00000000000a"
"""Xero's id of an invoice or contact."""
_CONNECTION = "/v1/connections/{connection}"


@dataclass(frozen=True)
class Call:
    """`{names}` in its texts are filled with what `fill` gives."""

    method: str
    path: str
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def filled(self, names: Mapping[str, Any]) -> Call:
        parts = (self.path, self.body, self.query, self.headers)
        return Call(self.method, *(_filled(part, names) for part in parts))


def _filled(value: Any, names: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return value.format(**names)
    if isinstance(value, dict):
        return {name: _filled(held, names) for name, held in value.items()}
    if isinstance(value, list):
        return [_filled(held, names) for held in value]
    return value


CALLS = {
    "get_app": Call("GET", "/v1/app"),
    "put_app": Call(
        "PUT", "/v1/app", {"client_id": "{client}", "client_secret": "secret"}
    ),
    "delete_app": Call("DELETE", "/v1/app"),
    "put_webhook_key": Call("PUT", "/v1/app/webhooks", {"key": "a-key-of-xeros"}),
    "delete_webhook_key": Call("DELETE", "/v1/app/webhooks"),
    "test_webhooks": Call("POST", "/v1/app/webhooks/test"),
    "begin_authorization": Call(
        "POST",
        "/v1/authorizations",
        {"reference": "", "features": ["contacts"], "connection": "{connection}"},
    ),
    "complete_authorization": Call(
        "POST", "/v1/authorizations/{authorization}/completion", {"organisation": None}
    ),
    "return_from_xero": Call(
        "GET", "/oauth/callback", query={"state": "{state}", "code": "good-code"}
    ),
    "list_connections": Call("GET", "/v1/connections"),
    "get_connection": Call("GET", _CONNECTION),
    "disconnect": Call("DELETE", _CONNECTION),
    "start_sync": Call(
        "POST", f"{_CONNECTION}/syncs", {"features": ["contacts"], "mode": "full"}
    ),
    "list_syncs": Call("GET", f"{_CONNECTION}/syncs"),
    "get_schedule": Call(
        "GET", f"{_CONNECTION}/schedule", query={"features": "contacts,sales"}
    ),
    "get_sync": Call("GET", "/v1/syncs/{sync}"),
    "cancel_sync": Call("POST", "/v1/syncs/{sync}/cancel"),
    "get_log": Call("GET", "/v1/syncs/{sync}/log", query={"after": 0}),
    "read_feed": Call(
        "GET",
        f"{_CONNECTION}/feed",
        query={"epoch": "{epoch}", "after": 0, "consumer": "{consumer}"},
    ),
    "get_part": Call(
        "GET",
        f"{_CONNECTION}/feed/parts/{{n}}",
        query={"epoch": "{epoch}", "consumer": "{consumer}"},
    ),
    "acknowledge": Call(
        "POST",
        f"{_CONNECTION}/feed/acknowledgement",
        {"epoch": "{epoch}", "n": 1, "stamp": "{stamp}", "consumer": "{consumer}"},
    ),
    "take_over": Call(
        "PUT", f"{_CONNECTION}/feed/consumer", {"consumer": "{consumer}"}
    ),
    "get_invoice_pdf": Call("GET", f"{_CONNECTION}/invoices/{{invoice}}/pdf"),
    "get_online_url": Call("GET", f"{_CONNECTION}/invoices/{{invoice}}/online-url"),
    "get_aged_receivables": Call(
        "GET",
        f"{_CONNECTION}/contacts/{{contact}}/aged-receivables",
        query={"date": "2026-11-02"},
    ),
    "get_contact": Call("GET", f"{_CONNECTION}/contacts/{{contact}}"),
    "create_contact": Call(
        "POST",
        f"{_CONNECTION}/contacts",
        {"contact": {"Name": "Rata Bakery", "ContactNumber": "ODOO-0a1b2c3d-7"}},
        headers={"Idempotency-Key": "{contact_key}"},
    ),
    "update_contact": Call(
        "PATCH",
        f"{_CONNECTION}/contacts/{{contact}}",
        {"contact": {"EmailAddress": "new@kauri.example"}, "seen": "{seen}"},
        headers={"Idempotency-Key": "{change_key}"},
    ),
    "create_invoice": Call(
        "POST",
        f"{_CONNECTION}/invoices",
        {
            "invoice": {
                "Contact": {"ContactID": RECORD},
                "Reference": "ODOO-0a1b2c3d-31-1",
                "LineItems": [{"ItemCode": "TEA", "Quantity": 2, "UnitAmount": 4.5}],
            }
        },
        headers={"Idempotency-Key": "{invoice_key}"},
    ),
}


def routes_of(application: Application) -> dict[str, tuple[str, str]]:
    """Method and path of every route, by the name of its function."""
    resolver = application.resolver
    return {
        route.func.__name__: (route.method, route.openapi_path)
        for route in resolver._static_routes + resolver._dynamic_routes
    }


def fill(world: World) -> dict[str, Any]:
    """Make a world where every call but deleting the app succeeds; its names."""
    world.xero.fill(3)
    world.xero.tenants_of_consent = [KAURI]
    world.xero.scopes = EVERY_SCOPE
    world.xero.books.contacts.clear()
    known = world.xero.books.add(
        world.clock.now(), ContactID=RECORD, Name="Kauri Cafe", ContactNumber="K-1"
    )
    connection = world.connect()
    world.run(connection)
    feed = world.services.feeds.take_over(world.instance, connection.id, CONSUMER)
    entry = world.entries(connection)[0]
    live = world.start(connection)
    world.xero.tenants_of_consent = [TUI]
    consent = world.begin()
    _, url = world.services.authorizations.begin(
        world.instance, "", ("contacts",), None, "https://c.example/cb"
    )
    return {
        "client": world.xero.client[0],
        "connection": connection.id,
        "sync": live.id,
        "authorization": consent,
        "epoch": feed.epoch,
        "stamp": entry.stamp,
        "n": entry.n,
        "consumer": CONSUMER,
        "invoice": RECORD,
        "contact": RECORD,
        "seen": known["UpdatedDateUTC"],
        "contact_key": "contact-0001",
        "change_key": "change-00001",
        "invoice_key": "invoice-0001",
        "state": world.state(url),
    }
