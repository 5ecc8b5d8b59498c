"""What all lists of the Accounting API understand: filter, order, changes since, pages.

Source: developer.xero.com, requests and responses, and paging. Pages count from 1;
`pageSize` is clamped to 1..1000, not refused.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.wrappers import Request, Response

from infra.xero_simulator.accounting import envelope, where
from infra.xero_simulator.refusals import ApiRefused
from infra.xero_simulator.routing import Exchange
from infra.xero_simulator.store import Collection, Row
from infra.xero_simulator.values import Record, member

DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE_SIZE = 1_000
HIGH_VOLUME = 100_000

_ORDER = re.compile(r"([\w.]+)(?:\s+(ASC|DESC))?", re.IGNORECASE)
_SINCE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})")


@dataclass(frozen=True)
class Page:
    """The records of one page, and its `pagination` object if the list is paged."""

    records: Sequence[Record]
    pagination: dict[str, int] | None


@dataclass(frozen=True)
class Listing:
    """What a list is made of.

    `fields` may be filtered and ordered by. `keep` are the list's own conditions,
    all of them to be met. `shape` makes of a page the records that are shown.
    `paged` is None where the list is paged if `page` is asked for. `dated` is whether
    its records have a time of change; without one `If-Modified-Since` means nothing.
    """

    collection: Collection
    fields: where.Fields
    keep: Sequence[Callable[[Record], bool]]
    shape: Callable[[Page], Sequence[Record]]
    paged: bool | None = None
    dated: bool = True


def answer_list(exchange: Exchange, listing: Listing) -> Response:
    """The list as it is asked for.

    What was found and written is kept while nothing in the organisation changes.
    """
    request, cache = exchange.request, exchange.simulator.cache
    asked = _asked(exchange, listing)
    rows = cache.get(
        (asked, _without_page(request)),
        lambda: select(request, listing),
        lambda rows: 8 * len(rows),
    )
    page = cut(request, rows, listing.paged)
    gzip = envelope.wants_gzip(exchange)
    written = cache.get(
        (asked, tuple(request.args.items(multi=True)), gzip),
        lambda: envelope.write(listing.collection.plural, listing.shape(page), gzip),
        lambda written: len(written.data),
    )
    return envelope.wrap(exchange, written, page.pagination)


def select(request: Request, listing: Listing) -> list[Row]:
    """All rows that the query asks for, in its order."""
    fields = listing.fields
    rows = listing.collection.ordered(*_order(request.args.get("order", ""), fields))
    since = modified_since(request.headers.get("If-Modified-Since", ""))
    if since is not None and listing.dated:
        rows = [row for row in rows if row.updated > since]
    for keep in [*_where(request.args.get("where", ""), fields), *listing.keep]:
        rows = [row for row in rows if keep(row.record)]
    return rows


def cut(request: Request, rows: list[Row], paged: bool | None = None) -> Page:
    """The page that was asked for; without `page` the whole list."""
    if not ("page" in request.args if paged is None else paged):
        if len(rows) > HIGH_VOLUME:
            raise ApiRefused(
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


def without(record: Record, names: set[str]) -> Record:
    return {name: value for name, value in record.items() if name not in names}


def csv(value: str | None) -> set[str]:
    """The parts of a comma-separated parameter, in lower case."""
    return {part.strip().lower() for part in (value or "").split(",")} - {""}


def one_of(request: Request, parameters: Mapping[str, str]) -> list[where.Test]:
    """For each comma-separated parameter that is sent, that a field has one of its
    values; fields by the parameters' names."""
    return [
        _has_one_of(path, wanted)
        for name, path in parameters.items()
        if (wanted := csv(request.args.get(name)))
    ]


def _has_one_of(path: str, wanted: set[str]) -> where.Test:
    return lambda record: str(member(record, path)).lower() in wanted


def _asked(exchange: Exchange, listing: Listing) -> tuple[object, ...]:
    """Whose list of what, as it stands, changed since when, for which app."""
    versions = [each.version for each in exchange.tenant.collections.values()]
    since = exchange.request.headers.get("If-Modified-Since", "")
    asker = exchange.tenant.tenant_id, exchange.client_id
    return *asker, listing.collection.plural, *versions, since


def _without_page(request: Request) -> tuple[tuple[str, str], ...]:
    items = request.args.items(multi=True)
    return tuple(item for item in items if item[0] not in ("page", "pageSize"))


def _order(order: str, fields: where.Fields) -> tuple[str, bool]:
    if not order:
        return "UpdatedDateUTC", False
    found = _ORDER.fullmatch(order.strip())
    name = where.canonical(found.group(1)) if found else ""
    if not found or name not in fields:
        raise _not_parsed(f"No property or field to order by in '{order}'")
    return name, (found.group(2) or "").upper() == "DESC"


def _where(expression: str, fields: where.Fields) -> list[where.Test]:
    if not expression.strip():
        return []
    try:
        return [where.parse(expression, fields)]
    except where.NotUnderstood as error:
        raise _not_parsed(str(error)) from None


def _not_parsed(message: str) -> ApiRefused:
    return ApiRefused(16, "QueryParseException", message)


def _whole(text: str | None, default: int) -> int:
    """The number, if it is one of .NET's 32 bits."""
    try:
        number = int(text or default)
    except ValueError:
        return default
    return number if abs(number) < 2**31 else default
