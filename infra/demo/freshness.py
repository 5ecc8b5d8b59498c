"""How soon the CRM shows what somebody changes in Xero: nobody presses anything."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from infra.demo.odoo_client import OdooClient
from infra.host.errors import HostError

PATIENCE_SECONDS = 180
LOOK_SECONDS = 0.1
LIVE = ("queued", "running", "waiting")


@dataclass
class Freshness:
    """Changes in the simulated Xero, and the time until Odoo has them.

    :param admin: a session that is logged in
    :param organisation: Xero's id of it
    :param check: called while waiting; raises when a piece of the stack is gone
    """

    admin: OdooClient
    simulator_url: str
    organisation: str
    check: Callable[[], None]

    def phone_number(self) -> float:
        """Give a customer another phone number; the seconds until its partner has it.

        :raises HostError: it does not come
        """
        contact = self._one_of(
            "xero.contact",
            [("link_state", "=", "linked"), ("is_leading", "=", True)]
            + [("is_customer", "=", True), ("phone", "!=", False)],
            ["xero_id", "partner_id"],
        )
        number = f"555 {random.randrange(10**6):06}"
        phones = [
            phone | {"PhoneNumber": number}
            if phone["PhoneType"] == "DEFAULT"
            else phone
            for phone in self._phones(contact["xero_id"])
        ]
        changed = {"ContactID": contact["xero_id"], "Phones": phones}
        self._change("contacts", {"action": "update", "contact": changed})
        partner = [("id", "=", contact["partner_id"][0]), ("phone", "like", number)]
        return self._seconds_until("res.partner", partner)

    def payment(self) -> float:
        """Pay 1.00 of an open invoice; the seconds until Odoo shows what is left.

        :raises HostError: it does not come
        """
        invoice = self._one_of(
            "xero.transaction",
            [("kind", "=", "invoice"), ("status", "=", "AUTHORISED")]
            + [("open_amount", ">", 2)],
            ["xero_id", "open_amount"],
        )
        paid = {"InvoiceID": invoice["xero_id"]}
        self._change("invoices", {"action": "pay", "invoice": paid, "amount": 1})
        left = [("open_amount", "<", invoice["open_amount"])]
        return self._seconds_until(
            "xero.transaction", [("xero_id", "=", invoice["xero_id"]), *left]
        )

    def burst(self, events: int, collection: str = "contacts") -> None:
        """Date so many records anew, as somebody does who changes them all at once."""
        body = {"events": events, "collection": collection}
        self._control("POST", f"{self._path}/burst", json=body)

    def count_calls(self) -> int:
        """How often the Accounting API was asked since the last time."""
        asked = self._control("GET", "requests?path=/api.xro/&listed=0")["count"]
        self._control("DELETE", "requests")
        return asked

    def wait_until_quiet(self) -> None:
        """Wait until nothing is read from Xero any more.

        :raises HostError: it does not end
        """
        live = [("state", "in", LIVE)]
        self._until(lambda: not self.admin.call("xero.sync", "search_count", live))

    @property
    def _path(self) -> str:
        return f"organisations/{self.organisation}"

    def _phones(self, contact: str) -> list[dict[str, Any]]:
        fields = "fields=ContactID,Phones"
        held = self._control("GET", f"{self._path}/contacts?{fields}")["Contacts"]
        return next(each["Phones"] for each in held if each["ContactID"] == contact)

    def _change(self, collection: str, change: dict[str, Any]) -> None:
        self._control("POST", f"{self._path}/{collection}", json=change)

    def _control(self, method: str, path: str, **sent: Any) -> Any:
        address = f"{self.simulator_url}/_simulator/{path}"
        answer = requests.request(method, address, timeout=60, **sent)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _one_of(self, model: str, domain: list, fields: list[str]) -> dict[str, Any]:
        found = self.admin.search_read(model, domain, fields, limit=1, order="id")
        if not found:
            raise HostError("Nothing to change", f"no {model}", "choose other data")
        return found[0]

    def _seconds_until(self, model: str, domain: list) -> float:
        began = time.monotonic()
        self._until(lambda: self.admin.call(model, "search_count", domain))
        return time.monotonic() - began

    def _until(self, seen: Callable[[], Any]) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not seen():
            if time.monotonic() > until:
                what = f"not within {PATIENCE_SECONDS} s"
                raise HostError("A change does not come", what, "read Odoo's log")
            self.check()
            time.sleep(LOOK_SECONDS)
