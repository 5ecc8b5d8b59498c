"""One call to Xero: within its time, its faults told apart, its body as it came."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from ..logic.faults import (
    Failed,
    OrganisationGone,
    Refused,
    ScopeMissing,
    Throttled,
    TimedOut,
    TokenRejected,
    TooLarge,
    Unavailable,
    Unreadable,
    XeroFault,
)
from ..logic.observer import Observer, XeroCall

SHORT_CALL_SECONDS = 8.0
"""For calls that people wait for: three of them fit an API request, and two refreshes
are shorter than the lease on a token set."""
DOCUMENT_CALL_SECONDS = 10.0
"""For a document that Xero first has to draw: with two refreshes before it, still
within an API request."""
_CHUNK = 256 * 1024
_MAX_ERROR_BODY = 64 * 1024
_MAX_BODY = 1024 * 1024
"""Of an answer for which nothing else is said: tokens, connections."""
_GATEWAY_TIMED_OUT = 504
"""Somebody on the way did not wait for Xero, which may still be at it."""
_GZIP_MAGIC = b"\x1f\x8b\x08"
_WORD = re.compile(r"[A-Za-z]+|api\.xro|2\.0")
_NOBODY = Observer()
_LONGEST_ID = 64
"""Of what a header says that goes to the log."""


@dataclass(frozen=True)
class Reply:
    """`wire` is what came over the network, `gzipped` whether that is gzip."""

    status: int
    headers: Mapping[str, str]
    wire: bytes
    gzipped: bool

    def body(self, limit: int | None = _MAX_BODY) -> bytes:
        """The body unpacked. Raises TooLarge or Unreadable."""
        if not self.gzipped:
            if limit and len(self.wire) > limit:
                raise TooLarge
            return self.wire
        inflate = zlib.decompressobj(wbits=31)
        try:
            body = inflate.decompress(self.wire, limit or 0)
        except zlib.error as error:
            raise Unreadable("broken gzip") from error
        if limit and inflate.unconsumed_tail:
            raise TooLarge
        if not inflate.eof:
            raise Unreadable("cut short")
        return body


def call(
    session: requests.Session,
    method: str,
    url: str,
    seconds: float,
    max_bytes: int | None = _MAX_BODY,
    observer: Observer = _NOBODY,
    **arguments: Any,
) -> Reply:
    """One request, answered as a whole within so many seconds, or a fault. No more
    than `max_bytes` of the answer are held. The observer hears of either.
    """
    began = time.monotonic()
    try:
        reply = _called(session, method, url, seconds, max_bytes, **arguments)
    except XeroFault as fault:
        observer.xero_called(unanswered(method, url, began, fault))
        raise
    observer.xero_called(called(method, url, began, reply.status, reply.headers))
    return reply


def called(
    method: str, url: str, began: float, status: int, headers: Mapping[str, str]
) -> XeroCall:
    """What is told of a call that began at that moment of `time.monotonic` and was
    answered now."""
    return XeroCall(
        method=method,
        path=template(url),
        seconds=time.monotonic() - began,
        status=status,
        xero_correlation=_said(headers, "xero-correlation-id"),
        day_remaining=_said(headers, "X-DayLimit-Remaining"),
        minute_remaining=_said(headers, "X-MinLimit-Remaining"),
    )


def unanswered(method: str, url: str, began: float, error: Exception) -> XeroCall:
    """Likewise of one that ended in an error instead: its name, and no word of it."""
    took = time.monotonic() - began
    return XeroCall(method, template(url), took, fault=type(error).__name__)


def template(url: str) -> str:
    """The path of an address, what is no word of Xero's in it as `{id}`. The words are
    letters only; an id has digits."""
    segments = urlsplit(url).path.split("/")
    return "/".join(
        one if not one or _WORD.fullmatch(one) else "{id}" for one in segments
    )


def _said(headers: Mapping[str, str], name: str) -> str | None:
    said = headers.get(name)
    return said[:_LONGEST_ID] if said else None


def _called(
    session: requests.Session,
    method: str,
    url: str,
    seconds: float,
    max_bytes: int | None,
    **arguments: Any,
) -> Reply:
    """The exceptions of the libraries end here: theirs carry addresses and headers."""
    began = time.monotonic()
    try:
        with session.request(
            method,
            url,
            timeout=seconds,
            stream=True,
            allow_redirects=False,
            **arguments,
        ) as response:
            wire = _read(response, began + seconds, max_bytes)
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise TimedOut(type(error).__name__) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise Unavailable(type(error).__name__) from None
    # By what it is: the header may be there without a body (304), or be wrong.
    gzipped = wire.startswith(_GZIP_MAGIC)
    return Reply(response.status_code, response.headers, wire, gzipped)


def _read(response: requests.Response, until: float, max_bytes: int | None) -> bytes:
    """The raw bytes, as they come: a library's own timeout restarts with each of them,
    and a read of a whole chunk would wait for its last one."""
    chunks, size = [], 0
    while chunk := response.raw.read1(_CHUNK, decode_content=False):
        chunks.append(chunk)
        size += len(chunk)
        if max_bytes and size > max_bytes:
            raise TooLarge
        if time.monotonic() > until:
            raise urllib3.exceptions.TimeoutError("the whole answer took too long")
    return b"".join(chunks)


def fault_of(reply: Reply) -> XeroFault | None:
    """What an API answer means where it is not a success (Xero's response codes)."""
    status = reply.status
    if 200 <= status < 300 or status == 304:
        return None
    if status == 429:
        kind = reply.headers.get("X-Rate-Limit-Problem", "").strip().lower()
        return Throttled(kind, retry_after(reply.headers.get("Retry-After")))
    if status >= 500:
        kind = Unavailable if status == _GATEWAY_TIMED_OUT else Failed
        return kind(f"status {status}")
    said = details(reply)
    if status in (401, 403):
        return _access_fault(reply, str(said.get("Detail") or ""))
    reason = said.get("ErrorNumber") or said.get("error") or ""
    return Refused(status, str(reason)[:40])


def _access_fault(reply: Reply, detail: str) -> XeroFault:
    """Xero tells these apart by words rather than by status; it spells one of them
    `insufficent_scope` in places."""
    challenge = reply.headers.get("WWW-Authenticate", "").lower()
    scope_words = "insufficient_scope", "insufficent_scope"
    if detail == "AuthorizationUnsuccessful" or any(
        word in challenge for word in scope_words
    ):
        return ScopeMissing()
    if reply.status == 401:
        return TokenRejected()
    # Without Xero's words it is something on the way that refuses, not Xero.
    return OrganisationGone() if detail else Refused(403, "")


def details(reply: Reply, limit: int = _MAX_ERROR_BODY) -> dict[str, Any]:
    """The members of an error's JSON body; none where it is text or HTML."""
    try:
        held = json.loads(reply.body(limit))
    except (ValueError, RecursionError, XeroFault):
        return {}
    return held if isinstance(held, dict) else {}


def retry_after(text: str | None) -> float | None:
    """Seconds from a Retry-After header, which may also be a date (RFC 9110 10.2.3).
    None where there is none that makes sense."""
    text = (text or "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        moment = http_date(text)
        if not moment:
            return None
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return max(seconds, 0.0) if seconds == seconds and seconds < 1e9 else None


def http_date(text: str | None) -> datetime | None:
    """The moment a Date header names."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
