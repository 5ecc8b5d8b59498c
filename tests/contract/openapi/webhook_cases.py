"""What an app gets of the simulated Xero's webhooks: everything that can be told."""

from __future__ import annotations

from functools import cache

from infra.xero_simulator.webhooks.events import CATEGORIES
from infra.xero_simulator.webhooks.posting import Answer
from tests.contract.openapi.changes import change_everything
from tests.contract.openapi.simulators import (
    APP,
    DATASETS,
    access_token,
    simulator,
    wired,
)


@cache
def bodies() -> dict[str, list[bytes]]:
    """What an app gets: intents to receive, and what tells of every change."""
    came: list[bytes] = []

    def send(address: str, body: bytes, signature: str) -> Answer:
        came.append(body)
        right = signature == webhook.signature_of(body)
        return Answer(200 if right else 401, 0.01)

    tenant = DATASETS["generated"]()
    simulated = simulator(tenant, send=send)
    with wired(simulated):
        access_token()
    address = "https://c.example/webhooks/1"
    webhook = simulated.webhooks.subscribe(APP.client_id, address, CATEGORIES.values())
    simulated.webhooks.send_intent(webhook)
    intents = len(came)
    change_everything(tenant)
    simulated.webhooks.deliver_at_once(webhook)
    return {"intents": came[:intents], "events": came[intents:]}
