"""Webhooks, set up over HTTP as an administrator does it with Odoo's pages and those of
Xero's developer portal side by side."""

from typing import Any

import requests

from infra.demo.odoo_client import OdooClient
from infra.host.errors import HostError

SETTINGS = "res.config.settings"
TRIES = 5


def register_webhook(admin: OdooClient, simulator_url: str, client_id: str) -> str:
    """Give Xero the address and Odoo the key, let Xero try it, and test it in Odoo.

    :param admin: a session of an administrator that is logged in
    :param client_id: the app at Xero, which Odoo has been told of
    :return: the address at which Xero tells of changes
    :raises HostError: with what Xero or Odoo says against it
    """
    dialog = admin.call(SETTINGS, "action_xero_enter_webhook_key", [])
    address = dialog["params"]["address"]
    at_xero = f"{simulator_url}/_simulator/apps/{client_id}/webhook"
    webhook = _asked("PUT", at_xero, {"address": address})
    answer = admin.call(SETTINGS, "xero_set_webhook_key", key=webhook["signing_key"])
    _require(not answer.get("problem"), "Odoo did not take the key", answer)
    tried = _tried(f"{at_xero}/intent")
    _require(tried["status"] == "OK", "Xero did not take the address", tried)
    tested = admin.call(SETTINGS, "xero_test_webhooks")
    _require(not tested["problem"], "The webhooks' test failed", tested)
    return address


def _tried(address: str) -> Any:
    """What Xero says of the address. A function that is just starting on a busy machine
    may take longer than Xero waits: a person tries again then."""
    for _ in range(TRIES):
        tried = _asked("POST", address)
        if tried["status"] == "OK":
            break
    return tried


def _asked(method: str, address: str, body: dict[str, Any] | None = None) -> Any:
    answer = requests.request(method, address, json=body, timeout=60)
    answer.raise_for_status()
    return answer.json()


def _require(done: bool, what: str, answer: dict[str, Any]) -> None:
    if not done:
        why = answer.get("problem") or answer.get("reason") or str(answer)
        raise HostError(what, why, "see the connector's log")
