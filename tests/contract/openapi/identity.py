"""The consent page and the token service, which the description of the identity
service names among its security schemes rather than among its paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_schema_validator import OAS30ReadValidator
from requests import PreparedRequest

from tests.contract.openapi.descriptions import IDENTITY, document, resolved
from tests.contract.openapi.exchange import Exchange
from tests.contract.openapi.judge import Finding

_HOSTS = ("login.xero.com", "identity.xero.com")


def is_consent_or_token(request: PreparedRequest) -> bool:
    return urlsplit(request.url).hostname in _HOSTS


def token_findings(exchange: Exchange) -> list[Finding]:
    """What the description has against a call of the consent page or for a token."""
    request = exchange.request
    address, flow = request.url.partition("?")[0], _flow()
    name = f"{request.method} {urlsplit(request.url).path}"
    if address == flow["authorizationUrl"]:
        return []
    if address != flow["tokenUrl"]:
        return [Finding(name, "path", "undescribed", address)]
    return [*_form_findings(name, request), *_answer_findings(name, exchange)]


def _form_findings(name: str, request: PreparedRequest) -> Iterator[Finding]:
    """A refresh is described as a schema; the other grants are OAuth 2's own."""
    if not request.headers.get("Authorization", "").startswith("Basic "):
        yield Finding(name, "security", "missing", "no Basic authentication")
    form = dict(parse_qsl(request.body or ""))
    if form.get("grant_type") == "refresh_token":
        yield from _findings(name, "RefreshToken", form)


def _answer_findings(name: str, exchange: Exchange) -> Iterator[Finding]:
    if exchange.response.status_code == 200:
        yield from _findings(name, "AccessToken", json.loads(exchange.response.text))


def _findings(name: str, schema: str, value: dict[str, Any]) -> Iterator[Finding]:
    whole = resolved(IDENTITY, {"$ref": f"#/components/schemas/{schema}"})
    for error in OAS30ReadValidator(whole).iter_errors(value):
        place = ".".join(str(step) for step in error.absolute_path)
        yield Finding(name, f"body {place}", str(error.validator), error.message)
    for member in value.keys() - whole["properties"].keys():
        yield Finding(name, f"body {member}", "undescribed", json.dumps(value[member]))


def _flow() -> dict[str, Any]:
    schemes = document(IDENTITY)["components"]["securitySchemes"]
    return schemes["OAuth2"]["flows"]["authorizationCode"]
