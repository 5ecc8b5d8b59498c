"""The shapes in which a route of the simulator answers, as its description has them:
every parameter that is described is asked for, alone and with a page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.contract.openapi.descriptions import ACCOUNTING, document

API = "/api.xro/2.0"
LONG_AGO, NOT_YET = "2001-01-01T00:00:00", "2049-12-31T23:59:59"
_ALL_AT_ONCE = "1000"


@dataclass(frozen=True)
class Shape:
    """A call, and the status it ends with."""

    name: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


Record = Mapping[str, Any]


def shapes_of_list(
    path: str, parameters: Mapping[tuple[str, str], Mapping], records: list[Record]
) -> Iterator[Shape]:
    """A list in each of its shapes.

    :param parameters: as described, by place and name
    :param records: some of those that the list holds
    """
    paged = ("query", "page") in parameters
    yield Shape("plain", path)
    for name, query, headers in _wishes(path, parameters, records):
        yield Shape(name, path, query, headers)
        if paged and "page" not in query:
            yield Shape(f"{name}, paged", path, query | {"page": "1"}, headers)


def shapes_of_single(
    path: str, records: list[Record], media: str = "json"
) -> Iterator[Shape]:
    """Each record by whatever names it in a described path, and one that is not.

    :param media: in what it is asked for
    """
    headers = {"Accept": f"application/{media}"}
    nobody = path.replace(_variable(path), _NOBODY)
    yield Shape("unknown", nobody, headers=headers, status=404)
    for name in _names(path):
        for record in records:
            value = record.get(name)
            # A slash in a path's value is a slash of the path to most servers.
            if isinstance(value, str) and value and "/" not in value:
                whole = path.replace(_variable(path), quote(value, safe=""))
                status = 404 if _has_none(path, record) else 200
                yield Shape(f"by {name}", whole, headers=headers, status=status)


def shapes_of_report(
    path: str, parameters: Mapping[tuple[str, str], Mapping], contacts: list[Record]
) -> Iterator[Shape]:
    """A report on each contact, and on the first one with each further parameter."""
    yield Shape("of nobody", path, status=400)
    yield Shape("of somebody unknown", path, {"contactId": _NOBODY}, status=404)
    days = [name for _, name in parameters if name.lower().endswith("date")]
    for number, contact in enumerate(contacts):
        of_contact = {"contactId": contact["ContactID"]}
        yield Shape("of a contact", path, of_contact)
        for name in days if not number else ():
            yield Shape(f"with {name}", path, {**of_contact, name: "2026-10-31"})
            yield Shape(f"bad {name}", path, {**of_contact, name: "x"}, status=400)


def needed(parameters: Mapping[tuple[str, str], Mapping]) -> set[str]:
    """What has to be asked for in the query."""
    return {
        name
        for (place, name), described in parameters.items()
        if place == "query" and described.get("required")
    }


def _has_none(path: str, invoice: Record) -> bool:
    """Xero's customers see no draft, and no bill is theirs."""
    is_public = invoice.get("Type") == "ACCREC" and invoice.get("Status") != "DRAFT"
    return path.endswith("/OnlineInvoice") and not is_public


def list_of(path: str) -> str:
    """The list that the single record of a path is in."""
    return path.partition("/{")[0]


def is_single(path: str) -> bool:
    return path.count("{") == 1


_NOBODY = "99999999-9999-4999-8999-999999999999"


def _variable(path: str) -> str:
    return re.search(r"\{\w+\}", path)[0]


def _names(path: str) -> list[str]:
    """What a record may be named by here: `ContactNumber`, `ContactID`."""
    pattern = re.sub(r"\\\{\w+\\\}", r"\\{(\\w+)\\}", re.escape(path))
    found = (
        re.fullmatch(pattern, API + each) for each in document(ACCOUNTING)["paths"]
    )
    return [each[1] for each in found if each]


Wish = tuple[str, dict[str, str], dict[str, str]]


def _wishes(
    path: str, parameters: Mapping[tuple[str, str], Mapping], records: list[Record]
) -> Iterator[Wish]:
    for (place, name), described in parameters.items():
        if place == "query":
            values = _VALUES.get(name, _from_example)(described, records)
            for value in values:
                query = value if isinstance(value, dict) else {name: value}
                yield f"{name} {value}", query, {}
        elif name == "If-Modified-Since":
            yield "changed since long ago", {}, {name: LONG_AGO}
            yield "nothing changed", {}, {name: NOT_YET}


def _pages(described: Mapping, records: list[Record]) -> list[Any]:
    return [
        {"page": "1"},
        {"page": "1", "pageSize": "2"},
        {"page": "2", "pageSize": "2"},
        {"page": "1", "pageSize": _ALL_AT_ONCE},
        {"page": "999"},
    ]


def _ids_of(ending: str) -> Callable[[Mapping, list[Record]], list[str]]:
    """A few of the records' own values, separated by commas."""

    def values(described: Mapping, records: list[Record]) -> list[str]:
        found = [
            str(value)
            for record in records[:3]
            for name, value in _flat(record)
            if name.endswith(ending)
        ]
        return [",".join(found[:3])] if found else []

    return values


def _flat(record: Record) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value)
        elif isinstance(value, str):
            yield name, value


def _from_example(described: Mapping, records: list[Record]) -> list[str]:
    """The description's own example; true and false for a yes or no."""
    if described["schema"].get("type") == "boolean":
        return ["true", "false"]
    example = html.unescape(str(described["example"]))
    return [example.strip('"') if described["schema"]["type"] == "array" else example]


_VALUES: dict[str, Callable[[Mapping, list[Record]], list[Any]]] = {
    "page": _pages,
    "pageSize": lambda described, records: [],
    "IDs": _ids_of("ID"),
    "ContactIDs": _ids_of("ContactID"),
    "InvoiceNumbers": _ids_of("InvoiceNumber"),
    "References": _ids_of("Reference"),
    "Statuses": lambda described, records: ["DRAFT,AUTHORISED,PAID", "VOIDED"],
}
