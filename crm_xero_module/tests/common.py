# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connector to test against, and Xero's contacts as the tests write them."""

import gzip
import hashlib
import io
import json
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests
from urllib3 import HTTPResponse

from odoo.sql_db import Cursor
from odoo.tests import TransactionCase, tagged

from odoo.addons.base.models import ir_cron
from odoo.addons.crm_xero_module.services.connector.client import (
    KEY_PARAMETER,
    URL_PARAMETER,
)
from odoo.addons.crm_xero_module.services.imports.run import ImportRun
from odoo.addons.crm_xero_module.services.mirror.contacts import land_contacts
from odoo.addons.crm_xero_module.services.mirror.merges import follow_merges

from .xero_freshness import XeroFreshness
from .xero_writes import XeroWrites

ADDRESS = "https://connector.example.com"
KEY = "xo_test_secret-of-the-tests"
PDF = b"%PDF-1.4\n%%EOF\n"
PASS_SECONDS = 600
READ_AT = datetime(2026, 11, 20, 10, 0, 0)


def xero_id(number):
    """A ContactID like Xero's."""
    return f"00000000-0000-4000-8000-{number:012d}"


def contact(number, name=None, **values):
    """A contact as Xero sends it in a page."""
    return {
        "ContactID": xero_id(number),
        "ContactStatus": "ACTIVE",
        "Name": f"Company {number}" if name is None else name,
        "FirstName": "",
        "LastName": "",
        "EmailAddress": "",
        "BankAccountDetails": "",
        "Addresses": [
            {"AddressType": "STREET", "City": "", "Region": "", "Country": ""},
            {"AddressType": "POBOX", "City": "", "Region": "", "Country": ""},
        ],
        "Phones": [
            {
                "PhoneType": kind,
                "PhoneNumber": "",
                "PhoneAreaCode": "",
                "PhoneCountryCode": "",
            }
            for kind in ("DDI", "DEFAULT", "FAX", "MOBILE")
        ],
        "UpdatedDateUTC": "/Date(1763632800000+0000)/",
        "ContactGroups": [],
        "IsSupplier": False,
        "IsCustomer": True,
        "ContactPersons": [],
        "HasAttachments": False,
        **values,
    }


def address(kind="POBOX", line1="1 Main Road", **values):
    """One of a contact's `Addresses`."""
    return {"AddressType": kind, "AddressLine1": line1, **values}


def phone(kind="DEFAULT", number="555 1234", area="", country=""):
    """One of a contact's `Phones`."""
    return {
        "PhoneType": kind,
        "PhoneNumber": number,
        "PhoneAreaCode": area,
        "PhoneCountryCode": country,
    }


def person(first, last, email=""):
    """One of a contact's `ContactPersons`."""
    return {
        "FirstName": first,
        "LastName": last,
        "EmailAddress": email,
        "IncludeInEmails": False,
    }


class FakeConnector(XeroFreshness, XeroWrites):
    """Answers like the connector: what waits in `feed`, and what was called.

    `answers` holds (method, path) → (status, body) that go before anything else;
    a body that is an exception is raised. `acknowledged` is what may be forgotten.
    """

    def __init__(self):
        super().__init__()
        self.calls = []
        self.answers = {}
        self.feed = []
        self.bodies = {}
        self.acknowledged = 0
        self.connection_id = "connection-1"
        self.epoch = "epoch-1"
        self.consumer = None
        self.syncs = {}
        self.status = "connected"
        self.tenant = {"id": "tenant-1", "name": "Demo Company (NZ)"}
        self.status_code = None
        self.features = ["contacts", "items", "sales", "report"]

    # What the tests put in

    def add_part(self, records, *, resource="contacts", key="Contacts", **values):
        """Put a part into the feed; `records` may be bytes, which are sent as is."""
        n = len(self.feed) + 1
        body = records
        if not isinstance(records, bytes):
            body = gzip.compress(
                json.dumps({"Id": "x", key: records}).encode(), mtime=0
            )
        self.bodies[n] = body
        self.feed.append(
            {
                "n": n,
                "kind": "part",
                "resource": resource,
                "key": key,
                "stamp": f"stamp-{n}",
                "sync": "sync-1",
                "page": 1,
                "part": 1,
                "records": len(records),
                "item_count": None,
                "mode": "full",
                "read_at": "2026-11-20T10:00:00Z",
                "sha256": hashlib.sha256(body).hexdigest(),
                "bytes": len(body),
                **values,
            }
        )
        return n

    def add_end(self, state="done", code=None, detail=None, sync="sync-1"):
        """Put the end of a sync into the feed."""
        n = len(self.feed) + 1
        self.feed.append(
            {
                "n": n,
                "kind": "sync_finished",
                "stamp": f"stamp-{n}",
                "sync": sync,
                "state": state,
                "code": code,
                "detail": detail,
            }
        )
        if sync in self.syncs:
            self.syncs[sync] |= {"state": state, "code": code, "detail": detail}
        return n

    def sync(self, sync="sync-1", **values):
        """A sync as the connector describes it."""
        return self.syncs.setdefault(
            sync,
            {
                "id": sync,
                "connection": "connection-1",
                "mode": "full",
                "trigger": "request",
                "state": "running",
                "code": None,
                "detail": None,
                "resources": [],
                "due_at": None,
                "created_at": "2026-11-20T09:59:00Z",
                "started_at": "2026-11-20T09:59:01Z",
                "finished_at": None,
                "calls": 0,
                **values,
            },
        )

    def called(self, method, path):
        """How often a call was made."""
        return self.calls.count((method, path))

    def connection(self):
        return {
            "id": self.connection_id,
            "organisation": self.tenant,
            "state": self.status,
            "state_code": self.status_code,
            "features": self.features,
            "connected_at": "2026-11-20T09:00:00Z",
            "token_refreshed_at": None,
            "budget": {
                "day_remaining": 812,
                "minute_remaining": 59,
                "day_limit": 1000,
                "reserved": 50,
                "as_of": None,
            },
            "feed": {
                "epoch": self.epoch,
                "head": len(self.feed),
                "stamp": self.stamp(len(self.feed)),
                "acknowledged": self.acknowledged,
                "consumer": self.consumer,
                "waits_since": None,
            },
            "webhook_at": None,
        }

    # HTTP

    def handle(self, request):
        url = urlsplit(request.url)
        self.calls.append((request.method, url.path))
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return self.problem(401, "instance_key_invalid")
        body = json.loads(request.body) if request.body else {}
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        planned = self.answers.get((request.method, url.path))
        if planned:
            status, answer = planned
            if isinstance(answer, Exception):
                raise answer
            return self.respond(status, answer)
        path = url.path.split("/")[2:]
        key = request.headers.get("Idempotency-Key")
        written = self._route_write(request.method, path, body, key)
        if written is not None:
            return written
        fresh = self._route_freshness(request.method, path, query, body)
        if fresh is not None:
            return fresh
        return self._route(request.method, path, query, body)

    def _route(self, method, path, query, body):
        match (method, *path):
            case ("GET", "app"):
                return self.respond(200, self.app())
            case (_, "syncs", sync, *rest):
                return self._sync(sync, rest)
            case ("POST", "connections", _, "syncs"):
                return self.respond(202, self.sync(f"sync-{len(self.syncs) + 1}"))
            case (_, "connections", _, "feed", *rest):
                return self._feed(method, rest, query, body)
            case ("GET", "connections", _):
                return self.respond(200, self.connection())
            case ("GET", "connections", _, kind, record, what):
                return self._document(kind, record, what, query)
            case ("DELETE", "connections", _):
                return self.respond(204, b"")
        return self.problem(404, "route_unknown")

    def app(self):
        return {
            "instance": {"id": "i", "name": "Test", "return_origin": "x"},
            "client_id": "client-1",
            "secret_set_at": "2026-11-03T08:00:00.442Z",
            "verified": True,
            "redirect_uri": f"{ADDRESS}/oauth/callback",
            "tier": "core",
            "webhooks": self.webhooks,
        }

    def _sync(self, sync, rest):
        if sync not in self.syncs:
            return self.problem(404, "not_found")
        if rest == ["cancel"]:
            self.syncs[sync]["state"] = "cancelled"
        return self.respond(200, self.syncs[sync])

    def _feed(self, method, rest, query, body):
        match (method, *rest):
            case ("POST", "acknowledgement"):
                if body["stamp"] != self.stamp(body["n"]):
                    return self.restart()
                self.acknowledged = body["n"]
                return self.respond(200, {"acknowledged": body["n"]})
            case ("PUT", "consumer"):
                self.consumer = body["consumer"]
                return self.respond(200, self.connection())
            case ("GET", "parts", n):
                return self.respond(200, self.bodies[int(n)], "application/gzip")
        return self._entries(query)

    def _document(self, kind, record, what, query):
        match (kind, what):
            case ("invoices", "pdf"):
                return self.respond(200, PDF, "application/pdf")
            case ("invoices", "online-url"):
                return self.respond(200, {"url": f"https://in.xero.com/{record}"})
            case ("contacts", "aged-receivables"):
                report = {"ReportID": "AgedReceivablesByContact", "Rows": []}
                titles = ["Aged Receivables", f"To {query['date']}"]
                return self.respond(
                    200, {"Reports": [{**report, "ReportTitles": titles}]}
                )
        return self.problem(404, "route_unknown")

    def _entries(self, query):
        after = int(query["after"])
        here = (query["epoch"], query.get("stamp", ""))
        if here != (self.epoch, self.stamp(after)):
            return self.restart()
        if self.consumer not in (None, query["consumer"]):
            return self.problem(409, "feed_taken", consumer=self.consumer)
        return self.respond(
            200,
            {
                "epoch": self.epoch,
                "head": len(self.feed),
                "acknowledged": self.acknowledged,
                "entries": [entry for entry in self.feed if entry["n"] > after][:100],
            },
        )

    def stamp(self, n):
        """What tells entry `n` from the same number in another feed."""
        return next((entry["stamp"] for entry in self.feed if entry["n"] == n), "")

    def restart(self):
        head = len(self.feed)
        return self.problem(
            410, "feed_restart", epoch=self.epoch, head=head, stamp=self.stamp(head)
        )

    def problem(self, status, code, **extra):
        body = {"type": "about:blank", "status": status, "code": code, **extra}
        return self.respond(status, body, "application/problem+json")

    def respond(self, status, body, kind="application/json"):
        response = requests.Response()
        response.status_code = status
        response.headers["Content-Type"] = kind
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        response.raw = HTTPResponse(io.BytesIO(content), preload_content=False)
        return response


@tagged("post_install", "-at_install")
class XeroCase(TransactionCase):
    """A connected organisation, its two usual imports, and a fake connector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connector = FakeConnector()
        set_param = cls.env["ir.config_parameter"].set_param
        set_param(URL_PARAMETER, ADDRESS)
        set_param(KEY_PARAMETER, KEY)
        cls.admin = cls.env.ref("base.user_admin")
        cls.env = cls.env(user=cls.admin)
        cls.connection = cls.env["xero.connection"].create({})
        cls.connection._set_connected(cls.connector.connection())
        cls.companies, cls.contacts, cls.vendors, cls.products = (
            cls.connection.profile_ids
        )
        cls.sync_run = cls.connection.sudo()._run_of("sync-1")
        cls.cron = cls.env.ref("crm_xero_module.ir_cron_xero").sudo()
        cls.partners = cls.env["res.partner"].with_context(active_test=False)

    def setUp(self):
        super().setUp()
        type(self).connector = FakeConnector()
        self.connector.sync()

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if r.url.startswith(ADDRESS):
            cls.timeouts = kw["timeout"]
            return cls.connector.handle(r)
        return super()._request_handler(s, r, **kw)

    def land(self, *contacts, read_at=READ_AT):
        """Bring contacts into the mirror."""
        connection = self.connection.sudo()
        landed = land_contacts(connection, list(contacts), read_at)
        if landed.changed:
            follow_merges(connection, self.sync_run)
        return landed

    def import_all(self, *profiles):
        """Run imports, those that follow a sync by default, over what is new; the
        lines."""
        before = self.sync_run.line_ids
        for profile in profiles or self.connection._auto_profiles():
            while ImportRun(profile, self.sync_run).run_next_batch():
                pass
        self.env.invalidate_all()
        return self.sync_run.line_ids - before

    def bring(self, *contacts, read_at=READ_AT):
        """From Xero's records to partners; the lines of what did not come."""
        self.land(*contacts, read_at=read_at)
        return self.import_all()

    def mirror(self, number):
        return self.env["xero.contact"].search([("xero_id", "=", xero_id(number))])

    def partner(self, number):
        """The partner that a Xero contact is."""
        return self.mirror(number).partner_id

    def persons(self, number):
        """The mirror's persons of a contact, those that are gone too."""
        persons = self.mirror(number).with_context(active_test=False).person_ids
        return persons.sorted("id")

    def run_cron(self):
        """One pass, as the cron would do it; none ends early on a busy machine."""
        with (
            patch.object(ir_cron, "MIN_TIME_PER_JOB", PASS_SECONDS),
            self.enter_registry_test_mode(),
        ):
            self.cron.method_direct_trigger()

    def count_partner_writes(self):
        """See `count_writes`."""
        return self.count_writes("res_partner")

    @contextmanager
    def count_writes(self, *tables):
        """Counts SQL that writes to these tables; yields the list of statements."""
        written = []
        execute = Cursor.execute
        verbs = [f'{v} "{name}"' for v in ("UPDATE", "INSERT INTO") for name in tables]

        def spy(cursor, query, *args, **kwargs):
            text = getattr(query, "code", query)
            if any(verb in text for verb in verbs):
                written.append(text)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", spy):
            yield written
