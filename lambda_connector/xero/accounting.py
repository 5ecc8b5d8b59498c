"""Xero's API: lists of records, single documents, writes, and a user's connections."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests

from ..logic.faults import Invalid, Refused, Unreadable
from ..logic.observer import Observer
from ..logic.pages import pack
from ..logic.ports import (
    Answer,
    Document,
    DocumentRequest,
    PageRequest,
    Tenant,
    WriteRequest,
)
from ..logic.records import messages
from .http import (
    DOCUMENT_CALL_SECONDS,
    SHORT_CALL_SECONDS,
    Reply,
    call,
    details,
    fault_of,
    http_date,
)

_ACCOUNTING = "/api.xro/2.0"
_ORGANISATION = "ORGANISATION"


@dataclass(frozen=True)
class HttpXeroApi:
    """`base_url` is https://api.xero.com, `seconds` the time one call has."""

    base_url: str
    seconds: float
    session: requests.Session = field(default_factory=requests.Session)
    observer: Observer = field(default_factory=Observer)

    def read(self, token: str, organisation: str, request: PageRequest) -> Answer:
        headers = {"xero-tenant-id": organisation}
        if request.since:
            headers["If-Modified-Since"] = modified_since(request.since)
        reply = self._call(
            "GET",
            f"{_ACCOUNTING}/{request.path}",
            token,
            self.seconds,
            headers=headers,
            params=request.parameters,
            max_bytes=request.max_bytes,
        )
        unchanged = reply.status == 304 and request.since is not None
        body = reply.body(request.max_bytes)
        return Answer(
            body=body,
            packed=_without_time(reply.wire) if reply.gzipped else pack(body),
            answered_at=http_date(reply.headers.get("Date")),
            day_remaining=_number(reply.headers.get("X-DayLimit-Remaining")),
            minute_remaining=_number(reply.headers.get("X-MinLimit-Remaining")),
            unchanged=unchanged,
        )

    def document(
        self, token: str, organisation: str, request: DocumentRequest
    ) -> Document:
        reply = self._call(
            "GET",
            f"{_ACCOUNTING}/{request.path}",
            token,
            min(self.seconds, DOCUMENT_CALL_SECONDS),
            headers={"xero-tenant-id": organisation, "Accept": request.media_type},
            params=request.parameters,
            max_bytes=request.max_bytes,
        )
        return _document(reply, request.max_bytes)

    def write(self, token: str, organisation: str, request: WriteRequest) -> Document:
        reply = self._reply(
            request.method,
            f"{_ACCOUNTING}/{request.path}",
            token,
            min(self.seconds, request.seconds),
            headers={
                "xero-tenant-id": organisation,
                "Content-Type": "application/json",
                "Idempotency-Key": request.key,
            },
            params=request.parameters,
            data=json.dumps(request.body).encode(),
            max_bytes=request.max_bytes,
        )
        fault = fault_of(reply)
        if isinstance(fault, Refused):
            said = messages(details(reply, request.max_bytes).get("Elements"))
            raise Invalid(said) if said else fault
        if fault:
            raise fault
        return _document(reply, request.max_bytes)

    def tenants(self, token: str, event: str | None) -> list[Tenant]:
        params = {"authEventId": event} if event else {}
        reply = self._call("GET", "/connections", token, self._short, params=params)
        try:
            rows = json.loads(reply.body())
            return [
                Tenant(str(row["id"]), str(row["tenantId"]), _name(row))
                for row in rows
                if row["tenantType"] == _ORGANISATION
                and (not event or row.get("authEventId") in (None, event))
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable("connections") from error

    def disconnect(self, token: str, xero_id: str) -> None:
        """Xero answers 204; a page of HTML is somebody else's on the way to it."""
        try:
            path = f"/connections/{xero_id}"
            reply = self._call("DELETE", path, token, self._short)
        except Refused as fault:
            if fault.status != 404:
                raise
            return
        if reply.wire:
            raise Unreadable("disconnecting")

    @property
    def _short(self) -> float:
        return min(self.seconds, SHORT_CALL_SECONDS)

    def _call(
        self,
        method: str,
        path: str,
        token: str,
        seconds: float,
        headers: dict[str, str] | None = None,
        **arguments: Any,
    ) -> Reply:
        reply = self._reply(method, path, token, seconds, headers, **arguments)
        fault = fault_of(reply)
        if fault:
            raise fault
        return reply

    def _reply(
        self,
        method: str,
        path: str,
        token: str,
        seconds: float,
        headers: dict[str, str] | None = None,
        **arguments: Any,
    ) -> Reply:
        """Without Accept, Xero answers in XML."""
        sent = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            **(headers or {}),
        }
        url = f"{self.base_url}{path}"
        return call(
            self.session,
            method,
            url,
            seconds,
            observer=self.observer,
            headers=sent,
            **arguments,
        )


def _document(reply: Reply, max_bytes: int) -> Document:
    if reply.status != 200:
        raise Unreadable(f"status {reply.status}")
    return Document(
        body=reply.body(max_bytes),
        day_remaining=_number(reply.headers.get("X-DayLimit-Remaining")),
        minute_remaining=_number(reply.headers.get("X-MinLimit-Remaining")),
        answered_at=http_date(reply.headers.get("Date")),
    )


def modified_since(moment: datetime) -> str:
    """UTC to the second, without an offset: Xero takes no HTTP date here and gives
    everything or too little for other forms."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _without_time(packed: bytes) -> bytes:
    """Xero's own gzip with its time stamp (RFC 1952, bytes 4 to 7) set to none, so
    that the name of what is kept depends on its content alone."""
    return packed[:4] + bytes(4) + packed[8:]


def _name(row: dict[str, Any]) -> str:
    return str(row.get("tenantName") or row["tenantId"])


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() else None
