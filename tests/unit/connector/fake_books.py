"""Xero's contacts and invoices, as far as single reads and writes of them go: what is
unique, what it answers, and that it knows an Idempotency-Key for six minutes."""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lambda_connector.logic.faults import Invalid, Refused
from lambda_connector.logic.ports import DocumentRequest, WriteRequest
from lambda_connector.logic.records import messages

Record = dict[str, Any]
REMEMBERED = timedelta(minutes=6)
NAME_TAKEN = (
    "The contact name {} is already assigned to another contact. The contact name must"
    " be unique across all active contacts."
)
NUMBER_TAKEN = "The contact number {} already exists."
_IDS = {"Contacts": "ContactID", "Invoices": "InvoiceID"}
_EQUALS = re.compile(r'(\w+)=="([^"]*)"')


@dataclass
class Books:
    contacts: list[Record] = field(default_factory=list)
    invoices: list[Record] = field(default_factory=list)
    refusals: list[tuple[str, ...]] = field(default_factory=list)
    """What the next writes are refused for."""
    in_words_of_400: bool = False
    """Whether refusals come as an error rather than within an answer."""
    _answers: dict[str, tuple[datetime, Any]] = field(default_factory=dict)

    def add(self, now: datetime, **members: Any) -> Record:
        """A contact that somebody made in Xero."""
        made = {
            "ContactID": str(uuid.uuid4()),
            "ContactStatus": "ACTIVE",
            **members,
            "UpdatedDateUTC": _date(now),
        }
        self.contacts.append(made)
        return made

    def read(self, request: DocumentRequest) -> bytes:
        key, _, wanted = request.path.partition("/")
        rows = self._rows(key)
        if wanted:
            named = (_IDS[key], "ContactNumber")
            found = [row for row in rows if wanted in [row.get(one) for one in named]]
            if not found:
                raise Refused(404, "")
            return _body(key, found)
        asked = _EQUALS.findall(request.parameters.get("where", ""))
        sought = request.parameters.get("searchTerm")
        return _body(
            key,
            [
                row
                for row in rows
                if all(_low(row.get(name)) == _low(text) for name, text in asked)
                and (not sought or _low(sought) in _low(row.get("Name")))
            ],
        )

    def write(self, request: WriteRequest, now: datetime) -> bytes:
        assert len(request.key) <= 128
        at, answer = self._answers.get(request.key, (now, None))
        if answer is None or at + REMEMBERED <= now:
            answer = self._written(request, now)
            self._answers[request.key] = now, answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _written(self, request: WriteRequest, now: datetime) -> bytes | Exception:
        key, _, wanted = request.path.partition("/")
        ((name, (sent,)),) = request.body.items()
        assert name == key and request.parameters["summarizeErrors"] == "false"
        refused = self.refusals.pop(0) if self.refusals else self._clash(key, sent)
        if refused:
            return self._refusal(key, sent, refused)
        sent = {**sent, "UpdatedDateUTC": _date(now)}
        if request.method == "PUT":
            made = {_IDS[key]: str(uuid.uuid4()), **self._new(key), **sent}
            self._rows(key).append(made)
        else:
            made = next(row for row in self._rows(key) if row[_IDS[key]] == wanted)
            made.update(sent)
        return _body(key, [{**made, "StatusAttributeString": "OK"}])

    def _clash(self, key: str, sent: Record) -> tuple[str, ...]:
        if key != "Contacts":
            return ()
        others = [row for row in self.contacts if row["ContactID"] != _id(sent)]
        said = []
        if _low(sent.get("ContactNumber")) in _values(others, "ContactNumber"):
            said.append(NUMBER_TAKEN.format(sent["ContactNumber"]))
        active = [row for row in others if row["ContactStatus"] == "ACTIVE"]
        if _low(sent.get("Name")) in _values(active, "Name"):
            said.append(NAME_TAKEN.format(sent["Name"]))
        return tuple(said)

    def _refusal(
        self, key: str, sent: Record, said: tuple[str, ...]
    ) -> bytes | Exception:
        errors = [{"Message": text} for text in said]
        if self.in_words_of_400:
            return Invalid(messages([{"ValidationErrors": errors}]))
        zero = {_IDS[key]: str(uuid.UUID(int=0))}
        refused = {"StatusAttributeString": "ERROR", "ValidationErrors": errors}
        return _body(key, [{**zero, **sent, **refused}])

    def _new(self, key: str) -> Record:
        return {"ContactStatus": "ACTIVE"} if key == "Contacts" else {}

    def _rows(self, key: str) -> list[Record]:
        return self.contacts if key == "Contacts" else self.invoices


def _id(sent: Record) -> str:
    return str(sent.get("ContactID", ""))


def _values(rows: list[Record], name: str) -> set[str]:
    return {_low(row.get(name)) for row in rows} - {""}


def _low(value: Any) -> str:
    """Neither case nor accents tell texts apart."""
    letters = unicodedata.normalize("NFKD", str(value or "").casefold())
    return "".join(one for one in letters if not unicodedata.combining(one))


def _date(moment: datetime) -> str:
    return f"/Date({int(moment.timestamp() * 1000)}+0000)/"


def _body(key: str, rows: list[Record]) -> bytes:
    return json.dumps({"Status": "OK", key: rows}).encode()
