# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the connector in memory answers to what is written to Xero."""

from requests import ConnectionError as NoConnection


class XeroWrites:
    """A mixin of `FakeConnector`: an organisation that can be written to.

    `organisation` holds Xero's records by their ids, `written` what was asked for:
    (key, body). The answers of the next `lost` writes that Xero carries out are lost
    behind it, those of the next `unsent` do not even get there.
    """

    def __init__(self):
        self.organisation = {}
        self.written = []
        self.lost = 0
        self.unsent = 0
        self.keys = {}
        self.clock = 1_764_000_000_000

    # What the tests put in and look at

    def put(self, contact):
        """Have a contact in Xero, as a person there would."""
        self.clock += 1000
        contact["UpdatedDateUTC"] = f"/Date({self.clock}+0000)/"
        self.organisation[contact["ContactID"]] = contact
        return contact

    def all_contacts(self):
        return [found for found in self.organisation.values() if "ContactID" in found]

    def all_invoices(self):
        return [found for found in self.organisation.values() if "InvoiceID" in found]

    # HTTP

    def _route_write(self, method, path, body, key):
        """The answer to a write or to a single contact, None where it is neither."""
        match (method, *path):
            case ("GET", "connections", _, "contacts", contact):
                return self._get_contact(contact)
            case ("POST", "connections", _, "contacts"):
                return self._once(key, body, self._create_contact)
            case ("PATCH", "connections", _, "contacts", contact):
                return self._once(
                    key, body, lambda sent, key: self._update(contact, sent)
                )
            case ("POST", "connections", _, "invoices"):
                return self._once(key, body, self._create_invoice)
        return None

    def _get_contact(self, contact):
        if contact not in self.organisation:
            return self.problem(404, "record_unknown")
        return self._answer(None, "contact", self.organisation[contact])

    def _once(self, key, body, write):
        self.written.append((key, body))
        sent = {name: value for name, value in body.items() if name != "automatic"}
        if self.keys.setdefault(key, sent) != sent:
            return self.problem(409, "idempotency_key_reused")
        if self.unsent:
            self.unsent -= 1
            raise NoConnection
        answer = write(body, key)
        if answer.status_code in (200, 201) and self.lost:
            self.lost -= 1
            return self.respond(202, {"outcome": "unknown", "retry_after": 30})
        return answer

    def _create_contact(self, body, key):
        sent = body["contact"]
        for found in self.all_contacts():
            is_named_so = found["Name"].lower() == sent["Name"].lower()
            if found.get("ContactNumber") == sent["ContactNumber"]:
                if found.get("key") == key or is_named_so:
                    return self._answer("found", "contact", found)
                return self.problem(409, "contact_number_taken")
            if is_named_so and found["ContactStatus"] == "ACTIVE":
                names = ("ContactID", "Name", "ContactNumber", "EmailAddress")
                told = {name: found.get(name) for name in (*names, "ContactStatus")}
                return self.problem(409, "contact_exists", contacts=[told])
        made = self.put(
            {
                "ContactID": self._new_id(),
                "ContactStatus": "ACTIVE",
                "IsCustomer": False,
                "IsSupplier": False,
                "ContactPersons": [],
                "Addresses": [],
                "Phones": [],
                **sent,
                "key": key,
            }
        )
        return self._answer("created", "contact", made)

    def _update(self, contact, body):
        found = self.organisation.get(contact)
        if not found:
            return self.problem(404, "record_unknown")
        if all(found.get(name) == value for name, value in body["contact"].items()):
            return self._answer("found", "contact", found)
        if found["ContactStatus"] == "ARCHIVED":
            return self.problem(409, "contact_archived")
        if found["UpdatedDateUTC"] != body["seen"]:
            answer = {"contact": _told(found), "read_at": self._read_at()}
            return self.problem(409, "contact_changed", **answer)
        return self._answer("updated", "contact", self.put(found | body["contact"]))

    def _create_invoice(self, body, key):
        sent = body["invoice"]
        for found in self.all_invoices():
            if found["Reference"] == sent["Reference"]:
                return self._answer("found", "invoice", found)
        made = {
            "InvoiceID": self._new_id(),
            "InvoiceNumber": "INV-0001",
            "Type": "ACCREC",
            "Status": "DRAFT",
            "LineItems": [],
            "Payments": [],
            "SubTotal": 0.0,
            "TotalTax": 0.0,
            "Total": 0.0,
            "AmountDue": 0.0,
            "DateString": "2026-11-20T00:00:00",
            **sent,
        }
        self.clock += 1000
        made["UpdatedDateUTC"] = f"/Date({self.clock}+0000)/"
        self.organisation[made["InvoiceID"]] = made
        return self._answer("created", "invoice", made)

    def _new_id(self):
        return f"00000000-0000-4000-9000-{len(self.organisation) + 1:012d}"

    def _read_at(self):
        """Each answer is of a later second than the one before."""
        self.clock += 1000
        minutes, seconds = divmod((self.clock - 1_764_000_000_000) // 1000, 60)
        return f"2026-11-21T10:{minutes:02d}:{seconds:02d}Z"

    def _answer(self, outcome, kind, found):
        answer = {kind: _told(found), "read_at": self._read_at()}
        if outcome:
            answer["outcome"] = outcome
        return self.respond(201 if outcome == "created" else 200, answer)


def _told(found):
    return {name: value for name, value in found.items() if name != "key"}
