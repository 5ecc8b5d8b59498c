"""A connector's whole life, and a world that does what the real one does around it:
Odoo asks again what was not answered, SQS delivers again what was not deleted, the
janitor goes round, a person presses Connect again."""

from __future__ import annotations

import gzip
import hashlib
import json
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.xero_simulator.mutations import carry_out
from lambda_connector.logic.resources import FEATURES, RESOURCES
from lambda_connector.logic.webhook_posts import signature_of
from tests.unit.connector.http_events import Answer, Context, answer_of, http_event
from tests.unit.connector.memory import MovableClock
from tests.unit.connector.telling import body_of, event

from .edge import Edge, Killed
from .stage import Stage

TIMEOUTS = {
    **{"api": 28, "worker": 120, "janitor": 50},
    **{"webhook": 4, "webhook_batch": 30},
}
"""Seconds, as the template has them."""
PATIENCE = 30
"""Seconds that Odoo waits for an answer."""
XEROS_PATIENCE = 5
_WINDOW = 5
"""Seconds in which posts are gathered."""
WEBHOOK_KEY = "the-key-that-xero-signs-webhooks-with"
SHORT = ("contacts",)
"""Where a sync is needed, but not for its own sake."""
_TRIES = 8
_MINUTES = (1, 1, 3, 5, 10, 15, 30)
"""Between the tries of Odoo, or of a person."""
_ROUNDS = 150
_REFUSED = 400
_ALL_DONE = {"batchItemFailures": []}


class LifeBroken(AssertionError):
    """The life cannot go on."""


class _Time(Context):
    """What Lambda tells a function of the time it has left."""

    def __init__(self, clock: MovableClock, until: datetime) -> None:
        self._clock, self._until = clock, until

    def get_remaining_time_in_millis(self) -> int:
        left = self._until - self._clock.now()
        return max(int(left.total_seconds() * 1000), 0)


@dataclass
class Books:
    """What Odoo holds: its position, and all that it fetched."""

    epoch: str = ""
    n: int = 0
    stamp: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)
    records: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    consumer: str = field(default_factory=lambda: str(uuid.uuid4()))
    written: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What Xero answered to a write, by our number or reference of it."""

    def position(self) -> dict[str, Any]:
        held = {"epoch": self.epoch, "after": self.n, "consumer": self.consumer}
        return held | ({"stamp": self.stamp} if self.n else {})


@dataclass
class Life:
    stage: Stage
    edge: Edge
    clock: MovableClock
    notes: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """Texts of whatever came out of a function that failed."""
    books: Books = field(default_factory=Books)
    connection: dict[str, Any] = field(default_factory=dict)
    disconnected: bool = False
    denied: bool = False
    """Xero said that there is nothing of ours."""
    syncs: list[str] = field(default_factory=list)
    _step: str | None = None
    _deadlines: list[datetime] = field(default_factory=list)

    def acts(self) -> list[Callable[[], None]]:
        return [
            self.set_app,
            self.connect,
            self.look,
            self.first_sync,
            self.read,
            self.fetch_documents,
            self.write_contacts,
            self.write_invoices,
            self.sync_with_old_token,
            self.hear_of_a_change,
            self.rescue,
            self.cancel,
            self.outlive_the_feed,
            self.disconnect,
        ]

    def coda(self) -> None:
        """Whatever happened: the connector still does what it is for."""
        self._step = None
        if self.disconnected:
            return
        if not self.connection:
            self.connect(listened=False)
        self._change("Coda")
        self.sync(resources=SHORT)
        self._fetch()

    # Acts

    def set_app(self) -> None:
        with self._at("set the app"):
            saved = self._ask("PUT", "/v1/app", self.stage.app)
            assert saved.status == 200, saved.body

    def connect(self, listened: bool = True) -> None:
        renewed = self.connection.get("id")
        for _ in range(_TRIES):
            if self._connected(renewed, listened):
                return
            self.notes.append("the person connects again")
        raise LifeBroken("connecting never worked")

    def look(self) -> None:
        with self._at("look at the connection"):
            held = self._ask("GET", "/v1/connections").json["connections"]
            assert [one["id"] for one in held] == [self.connection["id"]]
            self._ask("GET", "/v1/app")
            self._connection_now()

    def first_sync(self) -> None:
        self.sync("start a sync", "work", mode="full")
        with self._at("follow the sync"):
            sync = self.syncs[-1]
            assert self._ask("GET", f"/v1/syncs/{sync}").json["state"] == "done"
            path = f"/v1/connections/{self.connection['id']}/syncs"
            assert self._ask("GET", path).json["syncs"]
            assert self._ask("GET", f"/v1/syncs/{sync}/log").json["entries"]

    def read(self) -> None:
        with self._at("read the feed"):
            self._fetch()
        with self._at("take the feed over"):
            self.books.consumer = str(uuid.uuid4())
            path = f"/v1/connections/{self.connection['id']}/feed/consumer"
            body = {"consumer": self.books.consumer}
            assert self._ask("PUT", path, body).status == 200

    def fetch_documents(self) -> None:
        """What a person looks at: an invoice, and what its contact owes."""
        invoice = self.stage.sent_invoice()
        at = f"/v1/connections/{self.connection['id']}"
        invoice_at = f"{at}/invoices/{invoice['InvoiceID']}"
        contact_at = f"{at}/contacts/{invoice['Contact']['ContactID']}"
        day = self.clock.now().date().isoformat()
        with self._at("fetch an invoice's PDF"):
            assert self._look_at(f"{invoice_at}/pdf").body.startswith(b"%PDF-")
        with self._at("fetch an invoice's address"):
            if not self._look_at(f"{invoice_at}/online-url").json["url"]:
                self.notes.append("the person is shown no address")
        with self._at("fetch the aged report"):
            report = self._look_at(f"{contact_at}/aged-receivables", date=day)
            assert report.json["Reports"]

    def write_contacts(self) -> None:
        """One is made, one whose answer is lost, one may not be; one is changed."""
        contacts = f"/v1/connections/{self.connection['id']}/contacts"
        first, second = contact("1", "Rata Bakery"), contact("2", "Rimu Cafe")
        with self._at("make a contact"):
            self._write("POST", contacts, first)
        self._lose_answer(contacts, second)
        with self._at("make a contact"):
            self._write("POST", contacts, second)
            taken = contact("3", first["contact"]["Name"])
            self._write("POST", contacts, taken, ends=("contact_exists",))
        made = self.books.written["ODOO-1"]
        path = f"{contacts}/{made['ContactID']}"
        self.clock.advance(minutes=1)
        email = {"EmailAddress": "new@rata.example"}
        body = {"contact": email, "seen": made["UpdatedDateUTC"]}
        with self._at("change a contact"):
            changed = self._write("PATCH", path, body)
            assert changed["EmailAddress"] == email["EmailAddress"]
            assert self._look_at(path).json["contact"]["Name"] == "Rata Bakery"

    def write_invoices(self) -> None:
        """One is drafted, and one that does not come through the first time."""
        invoices = f"/v1/connections/{self.connection['id']}/invoices"
        customer = self.books.written["ODOO-1"]["ContactID"]
        with self._at("draft an invoice"):
            self._write("POST", invoices, invoice("11", customer))
        lost = invoice("12", customer)
        self._lose_answer(invoices, lost, "before")
        with self._at("draft an invoice"):
            self._write("POST", invoices, lost)

    def sync_with_old_token(self) -> None:
        self.clock.advance(minutes=31)
        self._change("Changed")
        self._start()
        asked = self.edge.asked
        with self._at("work with an expired token"):
            self._deliver()
        self._settle()
        if not self._check_end(asked):
            self.sync()
        self._fetch()

    def hear_of_a_change(self) -> None:
        """Xero tells of it, and it is read without Odoo's asking."""
        with self._at("set the webhooks' key"):
            body = {"key": WEBHOOK_KEY}
            saved = self._ask("PUT", "/v1/app/webhooks", body).json
        address = saved["webhooks"]["address"]
        self._change("Told")
        with self._at("take a webhook"):
            self._tell(address.rpartition("/")[2])
        self.clock.advance(seconds=_WINDOW)
        with self._at("mark what changed"):
            self._deliver_posts()
        with self._at("work"):
            self._settle()
        held = self._connection_now()
        if held["state"] != "connected":
            self._reconnect(held)
            self._settle()
        self._fetch()

    def rescue(self) -> None:
        """A lost message, an abandoned consent, a token to keep alive."""
        self._begin(None)
        self.clock.advance(hours=25)
        self._start(resources=SHORT)
        self.stage.lose_messages()
        self.clock.advance(minutes=6)
        with self._at("the janitor's round"):
            self.round()
        self._settle()
        self._check_end()
        self._fetch()

    def cancel(self) -> None:
        sync = self._start(resources=SHORT)
        with self._at("cancel the sync"):
            ended = self._ask("POST", f"/v1/syncs/{sync}/cancel").json
        assert ended["state"] in ("cancelled", "done"), ended
        self._settle()
        self._fetch()

    def outlive_the_feed(self) -> None:
        """Nobody fetches for longer than the feed is kept."""
        self.sync(resources=SHORT)
        self.clock.advance(days=13, hours=23)
        self.round()
        self.notes.clear()
        self.clock.advance(hours=2)
        with self._at("the feed expires"):
            self.round()
        self._fetch()

    def disconnect(self) -> None:
        self._start(resources=SHORT)
        with self._at("disconnect"):
            path = f"/v1/connections/{self.connection['id']}"
            assert self._ask("DELETE", path).status == 204
            assert self._ask("GET", path).json["state"] == "disconnected"
        if self.stage.connections_at_xero() and self.denied:
            self.notes.append("Xero keeps what it denied; its user removes it there")
        with self._at("forget the app"):
            assert self._ask("DELETE", "/v1/app").status == 204
        self.disconnected = True
        self._settle()
        self.clock.advance(days=2)
        self.round()

    def _look_at(self, path: str, **query: Any) -> Answer:
        """A document; where it is refused, the person comes again as long as told."""
        for minutes in _MINUTES:
            came = self._ask("GET", path, **query)
            if came.status == 200:
                return came
            self.notes.append(f"the person is told {came.code}, and tries again")
            wait = float(came.headers.get("Retry-After") or minutes * 60)
            self.clock.advance(seconds=wait)
            held = self._connection_now()
            if held["state"] != "connected":
                self._reconnect(held)
        raise LifeBroken(f"{path} was never shown")

    # Writing

    def _write(
        self,
        method: str,
        path: str,
        body: dict[str, Any],
        ends: tuple[str, ...] = ("created", "updated", "found"),
    ) -> dict[str, Any]:
        """As Odoo's outbox: the same key, until it is known what came of it."""
        key = f"the-key-of-{_name(body)}-{method}"
        for minutes in _MINUTES:
            came = self._ask(method, path, body, key)
            said = came.json.get("outcome") or came.code
            if said in ends:
                return self._keep_written(came)
            self.notes.append(f"Odoo is told {said}, and asks again")
            if said == "contact_changed":
                body["seen"] = came.json["contact"]["UpdatedDateUTC"]
            wait = float(came.json.get("retry_after", 0))
            self.clock.advance(seconds=max(wait, minutes * 60))
            held = self._connection_now()
            if held["state"] != "connected":
                self._reconnect(held)
        raise LifeBroken(f"{method} {path} never came to its end")

    def _keep_written(self, came: Answer) -> dict[str, Any]:
        record = came.json.get("contact") or came.json.get("invoice")
        if came.status < _REFUSED:
            self.books.written[_name(record)] = record
        return record or {}

    def _lose_answer(self, path: str, body: dict[str, Any], when: str = "after"):
        self.edge.losing = when
        came = self._ask("POST", path, body, f"the-key-of-{_name(body)}-POST")
        assert (came.status, came.json["outcome"]) == (202, "unknown"), came.body

    # Webhooks

    def _tell(self, hook: str) -> None:
        """As Xero does: until it is answered 200, in its time."""
        tenant = self.stage.tenant.tenant_id
        body = body_of(event("CONTACT", organisation=tenant))
        post = {
            "pathParameters": {"hook": hook},
            "headers": {"x-xero-signature": signature_of(WEBHOOK_KEY, body)},
            "body": body.decode(),
            "isBase64Encoded": False,
        }
        for minutes in _MINUTES:
            began = self.clock.now()
            came = self._run("webhook", post)
            waited = (self.clock.now() - began).total_seconds()
            if came and came["statusCode"] == 200 and waited <= XEROS_PATIENCE:
                return
            self.notes.append("Xero tells again")
            self.clock.advance(minutes=minutes)
        raise LifeBroken("a webhook was never taken")

    def _deliver_posts(self) -> bool:
        """One batch, as the event source mapping of the second queue does."""
        url = self.stage.settings.webhook_queue_url
        message = self.stage.receive(url)
        if not message:
            return False
        record = {"messageId": message["MessageId"], "body": message["Body"]}
        if self._run("webhook_batch", {"Records": [record]}) == _ALL_DONE:
            self.stage.delete(url, message)
        else:
            self.notes.append("SQS delivers what Xero told again")
        return True

    # Connecting

    def _connected(self, renewed: str | None, listened: bool) -> bool:
        """One walk through Xero's page; False where it has to be begun again."""
        at = self._at if listened else self._unheard
        with at("ask for an authorization"):
            begun = self._begin(renewed)
        back = self.stage.consent(begun["authorize_url"])
        with at("return from Xero"):
            landed = self._browse("/oauth/callback", back)
        if landed.status != 302:
            return False
        with at("complete the authorization"):
            handle = landed.headers["Location"].partition("authorization=")[2]
            path = f"/v1/authorizations/{handle}/completion"
            done = self._ask("POST", path, {"organisation": None})
        if done.status != 200:
            self.notes.append(f"Odoo is told {done.code}")
            return False
        assert done.json["status"] == "connected", done.body
        self.connection = done.json["connection"]
        self.books.epoch = self.books.epoch or self.connection["feed"]["epoch"]
        return True

    def _begin(self, renewed: str | None) -> dict[str, Any]:
        wish = {
            "reference": "1",
            "features": list(FEATURES),
            "connection": renewed,
        }
        return self._ask("POST", "/v1/authorizations", wish).json

    def _browse(self, path: str, query: dict[str, str]) -> Answer:
        """A person reloads a page that did not come."""
        return self._until_answered("GET", path, None, query, "the browser asks again")

    # Syncing

    def sync(
        self,
        starting: str | None = None,
        working: str | None = None,
        mode: str = "incremental",
        resources: Sequence[str] = tuple(RESOURCES),
    ) -> None:
        """A sync to its end; where it ends for want of a person, with that person."""
        for _ in range(3):
            self._start(mode, starting, resources)
            asked = self.edge.asked
            with self._at(working) if working else self._unheard():
                self._settle()
            if self._check_end(asked):
                return
        raise LifeBroken("no sync came to its end")

    def _start(
        self,
        mode: str = "incremental",
        step: str | None = None,
        resources: Sequence[str] = tuple(RESOURCES),
    ) -> str:
        wish = {"resources": list(resources), "mode": mode}
        path = f"/v1/connections/{self.connection['id']}/syncs"
        with self._at(step) if step else self._unheard():
            begun = self._ask("POST", path, wish)
        if begun.status >= _REFUSED:
            assert begun.code == "reconnect_needed", begun.body
            self._reconnect(self._connection_now())
            return self._start(mode, None, resources)
        self.syncs.append(begun.json["id"])
        return begun.json["id"]

    def _check_end(self, asked: int | None = None) -> bool:
        """Whether the last sync is done. Another end has its reason."""
        sync = self._ask("GET", f"/v1/syncs/{self.syncs[-1]}").json
        if asked is not None:
            pages = sum(one["pages"] for one in sync["resources"])
            if self.edge.asked - asked > pages and sync["state"] == "done":
                self.notes.append("Xero is asked for the page again")
        if sync["state"] == "done":
            return True
        assert sync["state"] == "failed", sync
        self.notes.append(f"the sync fails: {sync['code']}")
        held = self._connection_now()
        if held["state"] != "connected":
            self._reconnect(held)
        else:
            self.notes.append("the next sync brings it")
        return False

    def _reconnect(self, held: dict[str, Any]) -> None:
        assert held["state"] == "reconnect", held
        self.notes.append(f"the connection asks for it: {held['state_code']}")
        self.notes.append("the person connects again")
        self.connect(listened=False)

    def _connection_now(self) -> dict[str, Any]:
        path = f"/v1/connections/{self.connection['id']}"
        return self._ask("GET", path).json

    def _change(self, name: str) -> None:
        change = {"action": "add", "contact": {"Name": f"{name} Ltd"}}
        clock = self.stage.simulator.clock
        carry_out(self.stage.tenant, clock, "contacts", change)

    def _settle(self) -> None:
        """Until the connector rests: messages, and the janitor each minute. Minutes
        in which nothing is due are left out."""
        for _ in range(_ROUNDS):
            while self._deliver() or self._deliver_posts():
                pass
            if self.stage.is_at_rest():
                return
            self.clock.time = max(
                self.clock.now() + timedelta(minutes=1), self.stage.next_event()
            )
            with self._unheard():
                self.round()
        raise LifeBroken("the sync never ended")

    def _deliver(self) -> bool:
        """As an event source mapping does: deleted when the worker is done with it."""
        url = self.stage.settings.sync_queue_url
        message = self.stage.receive(url)
        if not message:
            return False
        record = {"messageId": message["MessageId"], "body": message["Body"]}
        if self._run("worker", {"Records": [record]}) == _ALL_DONE:
            self.stage.delete(url, message)
        else:
            self.notes.append("SQS delivers the message again")
        return True

    def round(self) -> None:
        """The janitor's, which has its next one in a minute."""
        done = self._run("janitor", {})
        for name in sorted(done or {}):
            if name in _JANITOR and (self._step is None or name.endswith("_error")):
                self.notes.append(_JANITOR[name])
        if done is None:
            self.notes.append("the janitor comes round again")
            self.clock.advance(minutes=1)
            with self._unheard():
                self.round()
        elif any(name.endswith("_error") for name in done):
            self.clock.advance(minutes=1)
            with self._unheard():
                self.round()

    # Odoo's reading

    def _fetch(self) -> None:
        """Everything that waits, kept and acknowledged."""
        books = self.books
        path = f"/v1/connections/{self.connection['id']}/feed"
        for _ in range(_TRIES):
            came = self._ask("GET", path, **books.position())
            if came.status == 410:
                self._adopt(came)
                continue
            if came.status == 409:
                raise LifeBroken(f"the feed is refused: {came.body!r}")
            entries = came.json["entries"]
            if not entries:
                return
            if self._keep(path, entries):
                self._acknowledge(path)
        raise LifeBroken("the feed never ended")

    def _keep(self, path: str, entries: list[dict[str, Any]]) -> bool:
        books = self.books
        for entry in entries:
            if entry["kind"] == "part":
                where = {"epoch": books.epoch, "consumer": books.consumer}
                part = self._ask("GET", f"{path}/parts/{entry['n']}", **where)
                if part.status == 410:
                    self._adopt(part)
                    return False
                assert part.status == 200, part.body
                assert hashlib.sha256(part.body).hexdigest() == entry["sha256"]
                document = json.loads(gzip.decompress(part.body))
                books.records[entry["n"]] = document[entry["key"]]
            assert entry["n"] == books.n + 1, (entry, books.n)
            books.entries.append(entry)
            books.n, books.stamp = entry["n"], entry.get("stamp", "")
        return True

    def _adopt(self, restart: Answer) -> None:
        """What Odoo does with `feed_restart`: the new position, and a full sync."""
        assert restart.code == "feed_restart"
        told, books = restart.json, self.books
        books.epoch, books.n = told["epoch"], told["head"]
        books.stamp = told.get("stamp", "")
        books.entries.clear()
        books.records.clear()
        with self._unheard():
            self.sync(mode="full", resources=SHORT)

    def _acknowledge(self, path: str) -> None:
        held = self.books
        body = {"epoch": held.epoch, "n": held.n, "consumer": held.consumer}
        if held.stamp:
            body["stamp"] = held.stamp
        came = self._ask("POST", f"{path}/acknowledgement", body)
        assert came.status == 200, came.body

    # Functions

    def _ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        **query: Any,
    ) -> Answer:
        again = "Odoo asks again"
        return self._until_answered(method, path, body, query, again, key)

    def _until_answered(
        self,
        method: str,
        path: str,
        body: Any,
        query: dict[str, Any],
        again: str,
        key: str | None = None,
    ) -> Answer:
        headers = {
            "content-type": "application/json",
            "authorization": f"Bearer {self.stage.key}",
            **({"idempotency-key": key} if key else {}),
        }
        for minutes in _MINUTES:
            text = json.dumps(body) if body is not None else ""
            event = http_event(method, path, query, headers, text)
            began = self.clock.now()
            came = self._run("api", event)
            waited = (self.clock.now() - began).total_seconds()
            if came is not None and waited <= PATIENCE:
                answer = answer_of(came)
                if answer.status < 500:
                    return answer
                self.troubles.append(answer.body.decode(errors="replace"))
                self.notes.append(f"answered {answer.status} {answer.code}")
            self.notes.append(again)
            self.clock.advance(minutes=minutes)
            with self._unheard():
                self.round()
        raise LifeBroken(f"{method} {path} was never answered: {self.troubles[-1:]}")

    def _run(self, function: str, event: dict[str, Any]) -> Any:
        """Its answer; None where it was killed or failed as a whole."""
        until = self.clock.now() + timedelta(seconds=TIMEOUTS[function])
        self._deadlines.append(until)
        try:
            with self._heard(function):
                handler = self.stage.functions[function].handler
                return handler(event, _Time(self.clock, until))
        except Killed:
            self.notes.append(f"the {function} is killed")
            return None
        except Exception as error:
            self.notes.append(f"the {function} fails with {type(error).__name__}")
            self.troubles.append("".join(traceback.format_exception(error)))
            return None
        finally:
            self._deadlines.pop()

    @contextmanager
    def _heard(self, function: str) -> Iterator[None]:
        if self._step is None:
            yield
            return
        with self.edge.listening(self._step, function):
            yield

    @contextmanager
    def _at(self, step: str) -> Iterator[None]:
        before, self._step = self._step, step
        try:
            yield
        finally:
            self._step = before

    @contextmanager
    def _unheard(self, step: str | None = None) -> Iterator[None]:
        before, self._step = self._step, None
        try:
            yield
        finally:
            self._step = before

    # What faults do to the world

    def passes(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)
        if self.clock.now() >= self._deadlines[-1]:
            raise Killed

    def dies(self) -> None:
        self.clock.time = max(self.clock.time, self._deadlines[-1])
        raise Killed

    def meanwhile(self) -> None:
        """Another worker and the janitor have 20 minutes to themselves."""
        with self.edge.deaf(), self._unheard():
            self.clock.advance(minutes=20)
            self.round()
            while self._deliver() or self._deliver_posts():
                pass

    def deliver_again(self, body: str) -> None:
        with self.edge.deaf():
            self.stage.send(body)


_JANITOR = {
    "sync_no_progress": "the janitor sends for the sync",
    "sync_wait_over": "the sync waits, and goes on by itself",
    "sync_stuck": "the janitor gives the sync up",
    "sync_error": "the janitor tries this sync again",
    "changes_started": "the janitor starts the sync of what changed",
    "changes_error": "the janitor tries what changed again",
    "token_refreshed": "the janitor refreshes the token",
    "token_not_refreshed": "the janitor tries the token again",
    "token_error": "the janitor tries the token again",
    "authorization_error": "the janitor tries the consent again",
    "feed_error": "the janitor tries the feed again",
}


def contact(number: str, name: str) -> dict[str, Any]:
    return {"contact": {"Name": name, "ContactNumber": f"ODOO-{number}"}}


def invoice(number: str, customer: str) -> dict[str, Any]:
    line = {"Description": "Tea", "Quantity": 2, "UnitAmount": 4.5}
    draft = {"Contact": {"ContactID": customer}, "Reference": f"ODOO-{number}"}
    return {"invoice": {**draft, "LineItems": [line]}}


def _name(body: dict[str, Any]) -> str:
    """Our own number or reference of what is written, or was."""
    held = body.get("contact") or body.get("invoice") or body
    return held.get("Reference") or held.get("ContactNumber") or "change"
