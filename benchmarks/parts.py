"""Pages as the connector lays them into the spool: gzip parts in a folder, which sort
in their order and whose names say how many records they have."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import orjson

from infra.xero_simulator.plain_json import as_written
from infra.xero_simulator.values import Record

PAGE = 1000
WARM_UP = 200


def write(folder: Path, key: str, pages: Iterable[list[Record]]) -> None:
    """:param key: the name of the list in Xero's answer"""
    folder.mkdir(parents=True)
    for number, records in enumerate(pages):
        answer = {"Id": "bench", "Status": "OK", key: records}
        page = orjson.dumps(answer, default=as_written)
        part = gzip.compress(page, compresslevel=6, mtime=0)
        (folder / f"{number:04}-{len(records)}.json.gz").write_bytes(part)


def sizes(count: int) -> list[int]:
    """How many records each part has: a small one to warm up with, then `count`."""
    return [
        WARM_UP,
        *(min(PAGE, count - first) for first in range(0, count, PAGE)),
    ]
