"""One page of Xero's answer: asked for, understood, and packed for Odoo."""

from __future__ import annotations

import gzip
import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from .envelope import Record, read_envelope
from .faults import Unreadable
from .model.sync import Step
from .ports import Answer, PageRequest
from .resources import Resource

MAX_PART_BYTES = 4 * 1024 * 1024
"""A Lambda answer takes 6 MB, base64 included."""
MAX_PART_BODY_BYTES = 16 * 1024 * 1024
"""Unpacked; Odoo makes Python's objects of a part, many times its size."""
MAX_BODY_BYTES = 48 * 1024 * 1024
"""Unpacked; a larger page is asked for in halves, to stay within 256 MB."""
MIN_PAGE_SIZE = 125
"""1,000 halved until it no longer divides; below it size is not the trouble."""
_XERO_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")


@dataclass(frozen=True)
class Page:
    """What the connector needs to know of a page; the records stay as they came."""

    resource: Resource
    answer: Answer
    records: list[Record]
    ids: list[str]
    page_count: int | None
    page_size: int | None
    item_count: int | None
    read_at: datetime
    """When Xero answered, by its own clock."""

    @cached_property
    def fingerprint(self) -> str | None:
        """Which records it holds; None for an empty page. The envelope differs with
        every answer, so the body's own hash would tell nothing."""
        if not self.ids:
            return None
        ids = "\n".join(self.ids).encode(errors="surrogatepass")
        return hashlib.sha256(ids).hexdigest()[:16]


@dataclass(frozen=True)
class Part:
    """A piece of a page, small enough for one answer to Odoo."""

    data: bytes
    records: int


def request_for(resource: Resource, step: Step, ids: Sequence[str]) -> PageRequest:
    """The call for the step's next page; `ids` are the records that it is about, none
    where it is about all."""
    parameters = dict(resource.parameters)
    if ids:
        parameters["IDs"] = ",".join(ids)
    if resource.order:
        parameters["order"] = resource.order
        parameters["page"] = str(step.page)
        parameters["pageSize"] = str(step.page_size)
    return PageRequest(
        path=resource.path,
        parameters=parameters,
        since=step.since,
        max_bytes=MAX_BODY_BYTES if halved(resource, step) else None,
    )


def halved(resource: Resource, step: Step) -> Step | None:
    """The step at the same offset with pages of half the size, if that goes."""
    if not resource.paged or step.page_size <= MIN_PAGE_SIZE or step.page_size % 2:
        return None
    return replace(step, page=step.page * 2 - 1, page_size=step.page_size // 2)


def read_page(resource: Resource, answer: Answer, now: datetime) -> Page:
    """Understand an answer, or raise Unreadable."""
    if answer.unchanged:
        body = b'{"%s":[]}' % resource.key.encode()
        answer = replace(answer, body=body, packed=pack(body), unchanged=False)
    envelope = read_envelope(answer.body, resource.key, resource.record_id)
    paging = envelope.pagination
    return Page(
        resource=resource,
        answer=answer,
        records=envelope.records,
        ids=envelope.ids,
        page_count=_count(paging.get("pageCount")),
        page_size=_count(paging.get("pageSize")) or None,
        item_count=_count(paging.get("itemCount")),
        read_at=xero_time(envelope.time) or answer.answered_at or now,
    )


def parts_of(page: Page) -> list[Part]:
    """The page as gzip, as it came; cut only where it is too large for one part."""
    body, packed = page.answer.body, page.answer.packed
    pieces = math.ceil(
        max(len(packed) / MAX_PART_BYTES, len(body) / MAX_PART_BODY_BYTES)
    )
    if pieces <= 1:
        return [Part(packed, len(page.records))]
    return _cut(page.resource.key, page.records, pieces)


def _cut(key: str, records: list[Record], pieces: int) -> list[Part]:
    """So many parts of equal counts, each cut again where it is still too large."""
    size = max(1, math.ceil(len(records) / pieces))
    parts: list[Part] = []
    for start in range(0, len(records), size):
        some = records[start : start + size]
        body = b'{"%s":[%s]}' % (key.encode(), b",".join(some))
        data = pack(body)
        whole = len(some) == 1
        if len(data) <= MAX_PART_BYTES and (len(body) <= MAX_PART_BODY_BYTES or whole):
            parts.append(Part(data, len(some)))
        elif whole:
            raise Unreadable("one record is larger than a part")
        else:
            parts.extend(_cut(key, some, 2))
    return parts


def pack(body: bytes) -> bytes:
    """Gzip without a time in it: the same bytes give the same name. Level 1, because
    the page is on its way and not in an archive."""
    return gzip.compress(body, compresslevel=1, mtime=0)


def _count(value: Any) -> int | None:
    """Xero sometimes sends numbers as text; what is no number counts as unsaid."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number < 2**53 else None


def xero_time(value: Any) -> datetime | None:
    """The moment that Xero's `/Date(…)/` names; None where it is none."""
    matched = _XERO_DATE.fullmatch(value) if isinstance(value, str) else None
    if not matched:
        return None
    try:
        moment = datetime.fromtimestamp(int(matched[1]) / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return moment if 2000 <= moment.year < 2100 else None
