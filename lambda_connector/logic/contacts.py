"""Contacts of Xero, one at a time: read, made, changed.

A contact that we make has a number of ours (ContactNumber), by which it is found again
however much time has passed; nothing else of it is certain to stay.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from .clock import iso
from .faults import Invalid
from .model.write import CREATED, FOUND, UPDATED, Written
from .pages import xero_time
from .problems import Problem
from .records import Record, holds
from .resources import FEATURES, RESOURCES
from .single_calls import SingleCalls
from .writes import Attempt, Writes, digest

READ = (RESOURCES["contacts"].scope,)
WRITE = FEATURES["contacts_write"].scopes
CONTACTS = RESOURCES["contacts"]
_CLOCKS_DIFFER = timedelta(minutes=5)
_MOST_FOUND = 10
_SHOWN = ("ContactID", "Name", "ContactNumber", "EmailAddress", "ContactStatus")
_TAKEN = re.compile(r"already|unique|exist|in use|duplicate", re.I)
_NUMBER = re.compile(r"contact\s*(number|code)", re.I)
_NAME = re.compile(r"\bname\b", re.I)


@dataclass(frozen=True)
class Contacts:
    calls: SingleCalls
    writes: Writes

    def get(
        self, instance: str, connection: str, contact: str
    ) -> tuple[Record, datetime]:
        """The contact as Xero has it now, and when it said so."""
        held = self.calls.admit(instance, connection, READ)
        self.calls.hold(held)
        path = f"{CONTACTS.path}/{contact}"
        rows, read_at = self.calls.records(held, READ, path, CONTACTS.key)
        if not rows:
            raise Problem("record_unknown")
        return rows[0], read_at

    def create(
        self,
        instance: str,
        connection: str,
        key: str,
        contact: Record,
        automatic: bool,
    ) -> Written:
        """Make the contact, which has a Name and a ContactNumber of ours."""

        def act(attempt: Attempt) -> Written:
            there = None if attempt.is_first else _by_number(attempt, contact)
            if there:
                return attempt.done(FOUND, there)
            try:
                made = attempt.write("PUT", CONTACTS.path, contact)
            except Invalid as refusal:
                there = _in_the_way(attempt, contact, refusal)
                return attempt.done(FOUND, there)
            return attempt.done(CREATED, made)

        request = digest("create", contact)
        return self._once(instance, connection, key, request, automatic, act)

    def update(
        self,
        instance: str,
        connection: str,
        key: str,
        contact_id: str,
        contact: Record,
        seen: str,
        automatic: bool,
    ) -> Written:
        """Change what `contact` names of it, if nobody changed it since it was `seen`
        (its UpdatedDateUTC then)."""
        path = f"{CONTACTS.path}/{contact_id}"
        # Xero takes an empty list for one that was not sent.
        contact = {name: held for name, held in contact.items() if held != []}

        def act(attempt: Attempt) -> Written:
            rows = attempt.read(path)
            if not rows:
                raise Problem("record_unknown")
            now = rows[0]
            if holds(now, contact):
                return attempt.done(FOUND, now)
            _check_changeable(now, seen, attempt.read_at)
            record = {CONTACTS.record_id: contact_id, **contact}
            try:
                changed = attempt.write("POST", path, record)
            except Invalid as refusal:
                _in_the_way(attempt, record, refusal)
                raise
            # The answer to a write lacks some of what reading gives.
            return attempt.done(UPDATED, {**now, **changed})

        request = digest("update", contact_id, contact)
        return self._once(instance, connection, key, request, automatic, act)

    def _once(
        self,
        instance: str,
        connection: str,
        key: str,
        request: str,
        automatic: bool,
        act: Any,
    ) -> Written:
        held = self.calls.admit(instance, connection, WRITE)
        self.calls.hold(held, automatic)
        return self.writes.once(held, WRITE, CONTACTS, key, request, act)


def _by_number(attempt: Attempt, contact: Record) -> Record | None:
    """The contact that has this number, where it is the one that was to be made."""
    number = str(contact["ContactNumber"])
    for row in attempt.read(f"{CONTACTS.path}/{quote(number, safe='')}"):
        if _plain(row.get("ContactNumber")) == _plain(number):
            if _plain(row.get("Name")) == _plain(contact["Name"]):
                return row
            if attempt.was_open and _is_newer(row, attempt.row.begun_at):
                # Made by an earlier try, and given another name in Xero since.
                return row
            raise Problem("contact_number_taken", contacts=[_shown(row)])
    return None


def _in_the_way(attempt: Attempt, contact: Record, refusal: Invalid) -> Record:
    """What Xero has already of what must be there once: ours, or a Problem; the
    refusal itself where it was for something else."""
    said = [text for text in refusal.messages if _TAKEN.search(text)]
    if any(_NUMBER.search(text) for text in said) and "ContactNumber" in contact:
        there = _by_number(attempt, contact)
        if there:
            return there
    elif any(_NAME.search(text) for text in said) and "Name" in contact:
        raise Problem("contact_exists", contacts=_by_name(attempt, contact))
    raise refusal


def _by_name(attempt: Attempt, contact: Record) -> list[Record]:
    """The contacts of this name, archived ones too. That there is one is certain, so
    that where Xero does not tell now, none is named."""
    name = str(contact["Name"])
    asked = {"includeArchived": "true", "page": "1", "pageSize": "100"}
    if '"' in name or "\\" in name:
        # Neither can be said within a filter.
        asked["searchTerm"] = name
    else:
        asked["where"] = f'Name=="{name}"'
    try:
        rows = attempt.read(CONTACTS.path, **asked)
    except Problem:
        return []
    own = str(contact.get("ContactID", ""))
    alike = [
        _shown(row)
        for row in rows
        if _plain(row.get("Name")) == _plain(name) and row.get("ContactID") != own
    ]
    return alike[:_MOST_FOUND]


def _check_changeable(now: Record, seen: str, read_at: datetime) -> None:
    if now.get("ContactStatus") in ("ARCHIVED", "GDPRREQUEST"):
        raise Problem("contact_archived")
    changed = now.get("UpdatedDateUTC")
    if changed != seen and _moment(changed) != _moment(seen):
        raise Problem("contact_changed", contact=now, read_at=iso(read_at))


def _moment(value: Any) -> datetime | str:
    return xero_time(value) or str(value)


def _is_newer(row: Record, begun_at: datetime) -> bool:
    changed = xero_time(row.get("UpdatedDateUTC"))
    return changed is None or changed >= begun_at - _CLOCKS_DIFFER


def _plain(value: Any) -> str:
    """As Xero compares: whatever the case and the accents, without blanks around."""
    letters = unicodedata.normalize("NFKD", str(value or "").casefold())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(bare.split())


def _shown(row: Record) -> Record:
    return {
        name: str(row[name]) if row.get(name) is not None else None for name in _SHOWN
    }
