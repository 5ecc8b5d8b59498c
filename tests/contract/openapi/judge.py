"""What a description has against a request or an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema.exceptions import ValidationError
from openapi_core.contrib.requests import (
    RequestsOpenAPIRequest,
    RequestsOpenAPIResponse,
)
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.templating.security.exceptions import SecurityNotFound
from openapi_core.validation.request.exceptions import (
    MissingRequiredParameter,
    ParameterValidationError,
    SecurityValidationError,
)
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from requests import PreparedRequest

from tests.contract.openapi.descriptions import (
    ACCOUNTING,
    IDENTITY,
    description,
    document,
    resolved,
)
from tests.contract.openapi.exchange import Exchange

# Of HTTP itself, which no description of an API names.
_OF_HTTP = {
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "user-agent",
}


@dataclass(frozen=True)
class Finding:
    """Something that is not as described.

    Attributes
    ----------
    operation: method and path as described, such as `GET /Contacts`
    place: `path`, `query page`, `header xero-tenant-id`, `security`, `status 404`,
        or `body Contacts[].Phones[].PhoneType`
    rule: `undescribed`, `missing`, `spelling`, or the JSON Schema keyword
    detail: the value or message, for a person
    record: the id of the record it is in, where it is in one
    """

    operation: str
    place: str
    rule: str
    detail: str = ""
    record: str = ""

    def __str__(self) -> str:
        record = f" of {self.record}" if self.record else ""
        return f"{self.operation}: {self.place}{record}: {self.rule}: {self.detail}"


@dataclass(frozen=True)
class Operation:
    """A described operation, and the request as the description spells it."""

    name: str
    file: str
    request: RequestsOpenAPIRequest
    described: Mapping[str, Any]
    respelled: bool

    @property
    def scopes(self) -> set[str]:
        """Any one of which lets the call in."""
        needs = self.described.get("security", [])
        return {scope for need in needs for scope in need.get("OAuth2", [])}

    @cached_property
    def parameters(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        """By where they are and their names."""
        return {(each["in"], each["name"]): each for each in self.described["all"]}

    def members_of_list(self, key: str) -> set[str]:
        """The members that a record of the answer's list may have."""
        content = self.described["responses"]["200"]["content"]["application/json"]
        answer = resolved(self.file, content["schema"])
        record = resolved(self.file, answer["properties"][key]["items"])
        return set(record["properties"])


def operation_of(request: PreparedRequest) -> Operation | None:
    """The operation that a request asks for; None where none is described."""
    path = urlsplit(request.url).path
    file = ACCOUNTING if path.lower().startswith("/api.xro/") else IDENTITY
    for spelling in dict.fromkeys((path, _as_described(file, path))):
        asked = request.copy()
        asked.url = request.url.replace(path, spelling, 1)
        seen = RequestsOpenAPIRequest(asked)
        finder = APICallPathFinder(description(file).spec)
        try:
            found = finder.find(seen.method, seen.host_url + seen.path)
        except PathError:
            continue
        name = f"{request.method} {found.path_result.pattern}"
        return Operation(
            name=name,
            file=file,
            request=seen,
            described=_described(file, found.path_result.pattern, seen.method),
            respelled=spelling != path,
        )
    return None


def request_findings(request: PreparedRequest) -> list[Finding]:
    """What the description has against a request."""
    operation = operation_of(request)
    if not operation:
        return [_nowhere(request)]
    validator = description(operation.file).request_validator
    return [
        *_path_findings(operation),
        *(
            finding
            for error in validator.iter_errors(operation.request)
            for finding in _request_error(operation.name, error)
        ),
        *_name_findings(operation, request),
        *_accept_findings(operation, request),
    ]


def response_findings(exchange: Exchange) -> list[Finding]:
    """What the description has against the answer to a request."""
    operation = operation_of(exchange.request)
    if not operation:
        return [_nowhere(exchange.request)]
    response = RequestsOpenAPIResponse(exchange.response)
    validator = description(operation.file).response_validator
    found: dict[Finding, None] = {}
    for error in validator.iter_errors(operation.request, response):
        for finding in _response_error(operation.name, error, exchange):
            found[finding] = None
    return list(found)


def _nowhere(request: PreparedRequest) -> Finding:
    path = urlsplit(request.url).path
    return Finding(f"{request.method} {path}", "path", "undescribed", path)


def scope_findings(operation: Operation, scopes: set[str]) -> list[Finding]:
    """Those of the scopes that the description does not let in."""
    return [
        Finding(operation.name, f"scope {scope}", "undescribed")
        for scope in sorted(scopes - operation.scopes)
    ]


# Requests


def _path_findings(operation: Operation) -> Iterator[Finding]:
    if operation.respelled:
        yield Finding(operation.name, "path", "spelling", "another letter case")


def _request_error(operation: str, error: Exception) -> Iterator[Finding]:
    if isinstance(error, MissingRequiredParameter):
        yield Finding(operation, f"{error.location} {error.name}", "missing")
    elif isinstance(error, SecurityValidationError | SecurityNotFound):
        yield Finding(operation, "security", "missing", str(error))
    elif isinstance(error, ParameterValidationError):
        place, cause = f"{error.location} {error.name}", error.__cause__
        if isinstance(cause, InvalidSchemaValue):
            for each in cause.schema_errors:
                yield Finding(operation, place, str(each.validator), each.message)
        else:
            yield Finding(operation, place, "type", str(cause))
    elif isinstance(error.__cause__, InvalidSchemaValue):
        cause = error.__cause__
        for each in cause.schema_errors:
            yield from _schema_error(operation, each, cause.value)
    else:
        yield Finding(operation, "request", type(error).__name__, str(error))


def _name_findings(operation: Operation, request: PreparedRequest) -> Iterator[Finding]:
    described = operation.parameters
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    for name, value in query:
        if ("query", name) not in described:
            yield Finding(operation.name, f"query {name}", "undescribed", value)
        elif not value:
            yield Finding(operation.name, f"query {name}", "blank")
        elif _is_no_boolean(described["query", name], value):
            yield Finding(operation.name, f"query {name}", "type", value)
    headers = {name.lower() for place, name in described if place == "header"}
    for name in request.headers:
        if name.lower() not in headers | _OF_HTTP:
            yield Finding(operation.name, f"header {name}", "undescribed")


def _is_no_boolean(described: Mapping[str, Any], value: str) -> bool:
    """The library takes a yes for a true; JSON, and so OpenAPI, does not."""
    is_boolean = described["schema"].get("type") == "boolean"
    return is_boolean and value not in ("true", "false")


def _accept_findings(
    operation: Operation, request: PreparedRequest
) -> Iterator[Finding]:
    """The Accounting API answers in XML unless it is asked for what is described."""
    types = operation.described["responses"].get("200", {}).get("content", {})
    accepted = request.headers.get("Accept", "")
    if types and not any(each in accepted for each in types):
        yield Finding(operation.name, "header Accept", "missing", accepted)


# Answers


def _response_error(
    operation: str, error: Exception, exchange: Exchange
) -> Iterator[Finding]:
    if isinstance(error, ResponseNotFound):
        yield Finding(operation, f"status {error.http_status}", "undescribed")
        return
    cause = error.__cause__
    if not isinstance(cause, InvalidSchemaValue):
        yield Finding(operation, "body", type(cause or error).__name__, str(cause))
        return
    for each in cause.schema_errors:
        yield from _schema_error(operation, each, cause.value)


def _schema_error(
    operation: str, error: ValidationError, answer: Any
) -> Iterator[Finding]:
    place = _place(error.absolute_path)
    record = _record(error.absolute_path, answer)
    if error.message.startswith("Additional properties are not allowed"):
        for name in error.instance.keys() - error.schema.get("properties", {}).keys():
            where = f"body {place}.{name}" if place else f"body {name}"
            value = json.dumps(error.instance[name])[:120]
            yield Finding(operation, where, "undescribed", value, record)
    else:
        rule = {"required": "missing", "x-objectArrayKey": "missing"}.get(
            str(error.validator), str(error.validator)
        )
        yield Finding(operation, f"body {place}", rule, error.message[:120], record)


def _place(path: Any) -> str:
    """`Contacts[].Phones[].PhoneType`"""
    text = "".join("[]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _record(path: Any, answer: Any) -> str:
    """The id of the outermost record that a path leads into."""
    for step in path:
        answer = answer[step]
        if isinstance(step, int) and isinstance(answer, dict):
            ids = (value for name, value in answer.items() if name.endswith("ID"))
            return str(next(ids, step))
    return ""


# The description


def _as_described(file: str, path: str) -> str:
    """The path with each of its words in the letter case of the description."""
    return "/".join(_words(file).get(word.lower(), word) for word in path.split("/"))


def _words(file: str) -> dict[str, str]:
    found = re.findall(r"(?<=/)\w+(?=/|\s)", " ".join(document(file)["paths"]) + " ")
    return {word.lower(): word for word in found}


def _described(file: str, path: str, method: str) -> dict[str, Any]:
    """The operation's own object, with `all` its parameters, those of its path too."""
    item = document(file)["paths"][path]
    listed = item[method].get("parameters", []) + item.get("parameters", [])
    return item[method] | {"all": [resolved(file, each) for each in listed]}
