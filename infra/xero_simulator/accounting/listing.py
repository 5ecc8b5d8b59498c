"""What all lists of the Accounting API understand: pages, order, changes since.

Source: developer.xero.com, requests and responses, and paging. Pages count from 1;
`pageSize` is clamped to 1..1000, not refused.
"""

import math
import re
from collections.abc import Callable, Sequence
from collections.abc import Collection as Names
from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.wrappers import Request

from infra.xero_simulator.store import Collection, Record, Row

DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE_SIZE = 1_000
HIGH_VOLUME = 100_000

_ORDER = re.compile(r"(\w+)(?:\s+(ASC|DESC))?", re.IGNORECASE)
_SINCE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})")


class QueryRefused(Exception):
    """A list that Xero does not give: its error number, type and message."""

    def __init__(self, number: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.number = number
        self.kind = kind
        self.message = message


@dataclass(frozen=True)
class Page:
    """The records of one page, and its `pagination` object if the list is paged."""

    records: Sequence[Record]
    pagination: dict[str, int] | None


def select(
    request: Request,
    collection: Collection,
    fields: Names[str],
    keep: Callable[[Record], bool] | None,
) -> list[Row]:
    """All rows that the query asks for, in its order.

    `fields` are those that may be ordered by; without `keep` all are kept.
    """
    if "where" in request.args:
        raise QueryRefused(
            16, "QueryParseException", "The simulator does not evaluate where."
        )
    rows = collection.ordered(*_order(request.args.get("order", ""), fields))
    since = modified_since(request.headers.get("If-Modified-Since", ""))
    if since is not None:
        rows = [row for row in rows if row.updated > since]
    if keep is not None:
        rows = [row for row in rows if keep(row.record)]
    return rows


def cut(request: Request, rows: list[Row], always_paged: bool = False) -> Page:
    """The page that was asked for; without `page` the whole list."""
    if "page" not in request.args and not always_paged:
        if len(rows) > HIGH_VOLUME:
            raise QueryRefused(
                51,
                "HighVolumeException",
                "Your request is not filtering efficiently, given the extremely high "
                "volume for this organisation. Use paging.",
            )
        return Page([row.record for row in rows], None)
    number = max(1, _whole(request.args.get("page"), 1))
    size = _whole(request.args.get("pageSize"), DEFAULT_PAGE_SIZE)
    size = min(max(size, 1), LARGEST_PAGE_SIZE)
    start = (number - 1) * size
    return Page(
        [row.record for row in rows[start : start + size]],
        {
            "page": number,
            "pageSize": size,
            "pageCount": math.ceil(len(rows) / size),
            "itemCount": len(rows),
        },
    )


def is_true(value: str | None) -> bool:
    return (value or "").lower() == "true"


def modified_since(header: str) -> int | None:
    """`If-Modified-Since` in ms since the epoch; None if absent or not understood.

    Xero's form is `yyyy-mm-ddThh:mm:ss`, UTC. Whatever follows the seconds, an
    offset too, is overlooked, and any other form means no filter: both are what
    clients report of the live API.
    """
    found = _SINCE.match(header)
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(found.group(1)).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * 1000


def _order(order: str, fields: Names[str]) -> tuple[str, bool]:
    if not order:
        return "UpdatedDateUTC", False
    found = _ORDER.fullmatch(order.strip())
    if not found or found.group(1) not in fields:
        raise QueryRefused(
            16, "QueryParseException", f"No property or field to order by in '{order}'"
        )
    return found.group(1), (found.group(2) or "").upper() == "DESC"


def _whole(text: str | None, default: int) -> int:
    """The number, if it is one of .NET's 32 bits."""
    try:
        number = int(text or default)
    except ValueError:
        return default
    return number if abs(number) < 2**31 else default
