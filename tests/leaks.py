"""Looks for what nobody may find: in every place where the product leaves anything."""

import base64
import json
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from infra.local import aws
from tests.whole import Company

# Every table of a database, as a dump has it.
_DUMP = """
import sys, psycopg2
connection = psycopg2.connect(dbname=sys.argv[1])
cursor, out = connection.cursor(), sys.stdout.buffer
cursor.execute("SELECT quote_ident(table_name) FROM information_schema.tables WHERE"
               " table_schema = 'public' AND table_type = 'BASE TABLE'")
for (table,) in cursor.fetchall():
    out.write(b"\\n--- " + table.encode() + b"\\n")
    out.flush()
    cursor.copy_expert(f"COPY {table} TO STDOUT", out)
"""
_SHOWN = 60


@dataclass(frozen=True)
class Place:
    """Something that was left, `content` as its bytes are."""

    name: str
    content: bytes


def findings(
    places: Iterable[Place],
    wanted: Mapping[str, str],
    written: Callable[[str], set[bytes]] | None = None,
) -> list[str]:
    """Where one of the wanted texts stands: what it is and the place, never the text.

    :param wanted: what each text is, by the text
    :param written: how a text may be written; in any form that hides nothing
    """
    written = written or forms_of
    forms = {form: what for text, what in wanted.items() for form in written(text)}
    longest = sorted(forms, key=len, reverse=True)
    any_of_them = re.compile(b"|".join(map(re.escape, longest)))
    return sorted(
        {
            f"{forms[found[0]]} in {place.name}: …{_before(place.content, found)}"
            for place in places
            for found in any_of_them.finditer(place.content)
        }
    )


def plain_forms_of(text: str) -> set[bytes]:
    """The text as it is, in an address, and in JSON."""
    quoted = quote(text, safe="")
    return {text.encode(), quoted.encode(), json.dumps(text)[1:-1].encode()}


def forms_of(text: str) -> set[bytes]:
    """Also backwards, in hex, and inside of any base64."""
    raw = text.encode()
    forms = plain_forms_of(text) | {raw.hex().encode(), raw[::-1]}
    for before in range(3):
        packed = base64.b64encode(bytes(before) + raw)
        # The edges depend on what stands beside it.
        inside = packed[4 if before else 0 : -4]
        if len(inside) >= 8:
            forms |= {inside, inside.replace(b"+", b"-").replace(b"/", b"_")}
    return forms


def _before(content: bytes, found: re.Match[bytes]) -> str:
    """What stands before it: enough to know the place, and nothing of it."""
    line = content[max(0, found.start() - _SHOWN) : found.start()]
    return line.rpartition(b"\n")[2].decode(errors="replace")


@dataclass(frozen=True)
class Places:
    """Where a whole stack leaves something."""

    company: Company

    def logs(self) -> Iterator[Place]:
        """Every log of the product. The simulator's is Xero's own, and moto's is AWS's,
        neither of which the product writes."""
        state = self.company.stack.plan.state
        for file in sorted(state.rglob("*.log")):
            if file.name not in ("xero-simulator.log", "moto.log"):
                yield Place(str(file.relative_to(state)), file.read_bytes())

    def items(self) -> Iterator[Place]:
        """Every item of every table, sealed values as their bytes."""
        client = self._client("dynamodb")
        for table in client.list_tables()["TableNames"]:
            pages = client.get_paginator("scan").paginate(TableName=table)
            for item in (item for page in pages for item in page["Items"]):
                key = f"{item['pk']['S']} {item['sk']['S']}"
                yield Place(f"table item {key}", b"\n".join(_values(item)))

    def objects(self) -> Iterator[Place]:
        """The name of every object. What is in it are records, on purpose."""
        client = self._client("s3")
        for bucket in client.list_buckets()["Buckets"]:
            pages = client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=bucket["Name"]):
                for one in page.get("Contents", ()):
                    yield Place("object name", one["Key"].encode())

    def messages(self) -> Iterator[Place]:
        """Every message that lies in a queue now, dead letters included."""
        client = self._client("sqs")
        for url in client.list_queues().get("QueueUrls", ()):
            while held := self._received(client, url):
                for message in held:
                    content = json.dumps(message, default=str).encode()
                    yield Place(f"message in {url.rpartition('/')[2]}", content)

    def database(self) -> Iterator[Place]:
        """Every table of Odoo's database."""
        stack = self.company.stack
        dump = subprocess.run(
            [stack.host.odoo_python, "-c", _DUMP, stack.plan.database],
            env=stack.host.connection.environment,
            check=True,
            capture_output=True,
        ).stdout
        for part in dump.split(b"\n--- ")[1:]:
            table, _, rows = part.partition(b"\n")
            yield Place(f"Odoo's {table.decode()}", rows)

    @staticmethod
    def _received(client: Any, url: str) -> list[dict[str, Any]]:
        """Some messages, which come again only after the test."""
        answer = client.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=600,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _client(self, service: str) -> Any:
        return aws.client(service, self.company.stack.local["moto"])


def _values(value: Any) -> Iterator[bytes]:
    """All texts and bytes in an item, names of attributes included."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for name, held in value.items():
            yield name.encode()
            yield from _values(held)
    elif isinstance(value, (list, tuple, set)):
        for held in value:
            yield from _values(held)
    else:
        yield str(value).encode()
