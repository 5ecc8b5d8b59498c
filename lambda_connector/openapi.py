"""The API as an OpenAPI 3.1 document, made from the routes themselves.

    python -m lambda_connector.openapi

writes docs/openapi.json. Nothing of it is deployed with the functions.
"""

from __future__ import annotations

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.openapi.models import (
    HTTPBearer,
    License,
    Server,
    Tag,
)
from pydantic import TypeAdapter

from .handlers.answers import ProblemDocument
from .handlers.application import CONTRACT, Application
from .handlers.bodies import BODY_METHODS
from .handlers.problem_documents import CONTENT_TYPE
from .handlers.services import Ports, services
from .logic.problems import CODES
from .settings import Settings

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"
COMMAND = "python -m lambda_connector.openapi"
VERSION = "1"
SCHEMAS = "#/components/schemas/"
KEY = "instance_key"

DESCRIPTION = """\
Between an Odoo and the connector that reads its Xero organisations. Odoo calls; the
connector only nudges. Members are in `snake_case`, times in ISO 8601 UTC
(`2026-11-03T14:02:11Z`), bodies in JSON.

What belongs together beyond one call (who calls, connecting step by step, what the feed
promises) is told in `http-contract.md` beside this document.

**Refusals** are problem details (RFC 9457). `code` is stable and made for programs,
`detail` for people. An address that is none is answered 404 `route_unknown`, and a
method that an address does not take 405 `method_not_allowed`, with `Allow`. What API
Gateway itself answers (413, 429, 500, 503) is JSON with a `message`, and no problem
document.
"""
TAGS = {
    "app": "The administrator's Xero app: its client id and secret.",
    "authorizations": "Connecting an organisation, from Odoo's side.",
    "callback": "Where Xero sends the browser back; no call of Odoo's.",
    "connections": "Connected organisations.",
    "syncs": "Reading an organisation: start, follow, stop, read the log.",
    "schedule": "How often an organisation can be read.",
    "feed": "What was read and waits for Odoo, in order.",
    "documents": "Single documents, fetched from Xero at the moment of the call.",
    "writes": "What is written to Xero, each once however often it is sent.",
}
CONTACT = "0a1b2c3d-0000-4000-8000-00000000000a"
EXAMPLES = {
    "connection": "5a0c1d2e3f405162",
    "contact": {"ContactID": CONTACT, "Name": "Kauri Trading"},
    "contacts": [
        {
            "ContactID": CONTACT,
            "Name": "Kauri Trading",
            "ContactNumber": None,
            "EmailAddress": "office@kauri.example",
            "ContactStatus": "ACTIVE",
        }
    ],
    "consumer": "0a1b2c3d-0000-4000-8000-000000000001",
    "epoch": "9f3b2a10",
    "errors": [{"location": "body.client_id", "message": "Field required"}],
    "expected": "Kauri Trading",
    "got": "Tui Foods",
    "head": 12,
    "messages": ["Email address must be valid."],
    "missing": ["accounting.contacts.read"],
    "read_at": "2026-11-03T14:02:11Z",
    "retry_after": 40,
    "stamp": "1c0ffee5",
}
"""A value for each further member of a problem document."""


_HEADERS = {
    401: {
        "WWW-Authenticate": {
            "required": True,
            "schema": {"type": "string", "const": "Bearer"},
        }
    },
    429: {
        "Retry-After": {
            "required": True,
            "schema": {"type": "integer", "minimum": 1},
        }
    },
}
"""The headers that refusals of a status always have."""


def main() -> None:
    FILE.write_text(text())


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> dict[str, Any]:
    resolver = Application(_without_a_world()).resolver
    routes = resolver._static_routes + resolver._dynamic_routes
    for route in routes:
        _describe(route)
    made = json.loads(
        resolver.get_openapi_json_schema(
            title="Xero for Odoo CRM: the connector",
            version=VERSION,
            description=DESCRIPTION,
            tags=[Tag(name=name, description=said) for name, said in TAGS.items()],
            servers=[Server(url="/", description="The connector's own address.")],
            license_info=License(
                name="LGPL-3.0-or-later", identifier="LGPL-3.0-or-later"
            ),
            security_schemes={
                KEY: HTTPBearer(
                    description="The instance key `xo_…` that the deployer made.",
                    bearerFormat="xo_<instance>_<secret>",
                )
            },
        )
    )
    _keep_our_schemas(made["components"]["schemas"])
    _tidy(made)
    for route in routes:
        operation = made["paths"][route.openapi_path][route.method.lower()]
        _add_refusals(operation, _codes(route, operation), made["components"])
    made["paths"] = dict(sorted(made["paths"].items(), key=_order))
    return made


def _without_a_world():
    """Nothing is called while the document is made, so nothing is behind it."""
    ports = Ports(**{field.name: None for field in fields(Ports)})
    return services(Settings("", "", "", "", ""), ports)


def _describe(route: Route) -> None:
    """Name the operation after its function, and say what its docstring says."""
    summary, _, rest = inspect.getdoc(route.func).partition("\n")
    route.operation_id = route.func.__name__
    route.summary = summary.rstrip(".")
    route.description = rest.strip() or None
    route.response_description = "What was asked for."
    route.tags = [route.func.__module__.rpartition(".")[2]]
    if _is_private(route):
        route.security = [{KEY: []}]


def _is_private(route: Route) -> bool:
    return route.path.startswith(CONTRACT)


def _codes(route: Route, operation: dict[str, Any]) -> Iterator[str]:
    """What the route says itself, and what every route of its kind may answer."""
    if _is_private(route):
        yield "instance_key_invalid"
        if operation.get("parameters") or "requestBody" in operation:
            yield "request_invalid"
    if route.method in BODY_METHODS:
        yield from ("body_too_large", "body_unreadable")
    yield from getattr(route.func, "refusals", ())
    if "{" in route.openapi_path:
        yield "route_unknown"
    yield "internal_error"


def _add_refusals(
    operation: dict[str, Any], codes: Iterable[str], components: dict[str, Any]
) -> None:
    by_status = defaultdict(list)
    for code in codes:
        by_status[CODES[code].status].append(code)
        components.setdefault("examples", {})[code] = _example(code)
    responses = {
        status: said
        for status, said in operation["responses"].items()
        if "HTTPValidationError" not in json.dumps(said)
    }
    for status, several in by_status.items():
        refusal = _refusal(status, several)
        if len(several) == 1:
            components.setdefault("responses", {})[several[0]] = refusal
            refusal = {"$ref": f"#/components/responses/{several[0]}"}
        responses[str(status)] = refusal
    operation["responses"] = dict(sorted(responses.items()))


def _refusal(status: int, codes: list[str]) -> dict[str, Any]:
    always = set.intersection(*(set(CODES[code].members) for code in codes))
    own: dict[str, Any] = {
        "type": "object",
        "properties": {"status": {"const": status}, "code": {"enum": codes}},
    }
    if always:
        own["required"] = sorted(always)
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    refusal: dict[str, Any] = {
        "description": "\n".join(f"* `{one}`: {CODES[one].title}." for one in codes),
        "content": {
            CONTENT_TYPE: {
                "schema": {"allOf": [{"$ref": f"{SCHEMAS}ProblemDocument"}, own]},
                "examples": examples,
            }
        },
    }
    if status in _HEADERS:
        refusal["headers"] = _HEADERS[status]
    return refusal


def _example(code: str) -> dict[str, Any]:
    words = CODES[code]
    members = {name: EXAMPLES[name] for name in words.members}
    value = {
        "type": "about:blank",
        "title": words.title,
        "status": words.status,
        "detail": words.sentence.format(**members),
        "code": code,
        "request_id": "bO3XnhTHDoEEJ0Q=",
        **members,
    }
    return {"summary": words.title, "value": value}


def _keep_our_schemas(schemas: dict[str, Any]) -> None:
    """Ours in powertools' place: our problem documents say what its errors would."""
    for name in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        schemas.pop(name, None)
    made = TypeAdapter(ProblemDocument).json_schema(ref_template=SCHEMAS + "{model}")
    schemas.update(made.pop("$defs", {}))
    schemas["ProblemDocument"] = made


def _tidy(part: Any) -> None:
    """Drop the titles that pydantic made of the members' names and that say nothing,
    and write whole numbers as such."""
    if isinstance(part, list):
        for one in part:
            _tidy(one)
    if isinstance(part, dict):
        if isinstance(part.get("title"), str) and "version" not in part:
            del part["title"]
        for name, one in part.items():
            if isinstance(one, float) and one.is_integer():
                part[name] = int(one)
            elif name not in ("example", "examples"):
                _tidy(one)


def _order(path: tuple[str, dict[str, Any]]) -> tuple[int, str]:
    """By what the addresses name, as the tags stand."""
    tag = next(iter(path[1].values()))["tags"][0]
    return list(TAGS).index(tag), re.sub(r"\W", "", path[0])


if __name__ == "__main__":
    main()
