# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small Xero that can be changed at both ends: by people there, and by what the
addon sends. It stands in for the connector's client."""

from contextlib import nullcontext
from copy import deepcopy
from datetime import timedelta

from odoo.addons.crm_xero_module.exceptions import ConnectorError

from .common import READ_AT


class Killed(Exception):
    """Odoo was killed here."""


class SmallXero:
    """Contacts by their ids, with Xero's rules for members and arrays.

    `fate` says what becomes of the next write: done, lost (carried out, its answer
    lost), unsent, killed_before, killed_after or busy. `writes` counts the changes that
    were carried out.
    """

    def __init__(self, *contacts):
        self.contacts = {}
        self.seconds = 0
        self.writes = 0
        self.fate = "done"
        self.asked = {}
        for contact in contacts:
            self.put(contact)

    def now(self):
        """Every look at it is a second later."""
        self.seconds += 1
        return READ_AT + timedelta(seconds=self.seconds)

    def put(self, contact):
        at = self.now()
        stamp = f"/Date({int(at.timestamp()) * 1000}+0000)/"
        self.contacts[contact["ContactID"]] = {**contact, "UpdatedDateUTC": stamp}

    def page(self):
        """A page of all contacts, and when it was read."""
        return deepcopy(list(self.contacts.values())), self.now()

    def edit(self, xero_id, change):
        """Let a person in Xero change a contact."""
        contact = deepcopy(self.contacts[xero_id])
        change(contact)
        if contact != self.contacts[xero_id]:
            self.put(contact)

    # The connector's client

    def tracing(self, _correlation):
        return nullcontext()

    def update_contact(
        self, *, connection, key, contact_id, contact, seen, automatic=False
    ):
        fate, self.fate = self.fate, "done"
        request = (contact_id, contact, seen)
        if self.asked.setdefault(key, request) != request:
            raise ConnectorError("idempotency_key_reused", 409)
        if fate == "busy":
            raise ConnectorError("throttled", 429, None, {"retry_after": 5})
        if fate == "unsent":
            raise ConnectorError("connector_unreachable")
        if fate == "killed_before":
            raise Killed
        answer = self._update(contact_id, contact, seen)
        if fate == "lost":
            return {"outcome": "unknown", "retry_after": 5}
        if fate == "killed_after":
            raise Killed
        return answer

    def _update(self, xero_id, sent, seen):
        held = self.contacts[xero_id]
        merged = _merged(held, sent)
        if merged == held:
            return self._answer("found", xero_id)
        if held["UpdatedDateUTC"] != seen:
            answer = self._answer(None, xero_id)
            raise ConnectorError("contact_changed", 409, None, answer)
        self.writes += 1
        self.put(merged)
        return self._answer("updated", xero_id)

    def _answer(self, outcome, xero_id):
        return {
            "outcome": outcome,
            "contact": deepcopy(self.contacts[xero_id]),
            "read_at": f"{self.now():%Y-%m-%dT%H:%M:%SZ}",
        }


def _merged(held, sent):
    """Scalars and the array of persons are replaced, an empty one of these is ignored;
    phones and addresses are merged by type, member by member."""
    merged = deepcopy(held)
    for name, value in deepcopy(sent).items():
        if name == "Phones":
            _merge_rows(merged[name], value, "PhoneType")
        elif name == "Addresses":
            _merge_rows(merged[name], value, "AddressType")
        elif name != "ContactPersons" or value:
            # Xero keeps texts in a form of its own.
            merged[name] = value.upper() if name == "TaxNumber" else value
    return merged


def _merge_rows(held, sent, kind):
    for row in sent:
        known = next((old for old in held if old[kind] == row[kind]), None)
        if known is None:
            known = {kind: row[kind]}
            held.append(known)
        known.update(row)
