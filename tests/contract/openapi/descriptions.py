"""Xero's own OpenAPI descriptions, which are Xero's and lie outside the project."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.security.exceptions import SecurityProviderError
from openapi_core.security.factories import SecurityProviderFactory
from openapi_core.security.providers import BaseProvider
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_schema_validator import OAS30ReadValidator

from infra.host.places import PROJECT
from tests.suites.counts import NO_XERO_OPENAPI

FOLDER = Path(os.environ.get("XERO_OPENAPI_DIR") or PROJECT.parent / "shared/xero")
ACCOUNTING = "xero_accounting.yaml"
IDENTITY = "xero-identity.yaml"
WEBHOOKS = "xero-webhooks.yaml"

needs_descriptions = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"{NO_XERO_OPENAPI}: set XERO_OPENAPI_DIR to a copy of "
    "github.com/XeroAPI/Xero-OpenAPI",
)
"""For every test that cannot say anything without them."""


class _Loader(yaml.CSafeLoader):
    """As JSON has it: a date in an example stays the text that it is."""


_Loader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@cache
def document(name: str) -> dict[str, Any]:
    """A description as it stands in its file."""
    with (FOLDER / name).open(encoding="utf-8") as file:
        return yaml.load(file, _Loader)


def resolved(name: str, held: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a `$ref` within a description stands for; anything else as it is."""
    if "$ref" not in held:
        return held
    target: Any = document(name)
    for step in held["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return target


@cache
def description(name: str) -> OpenAPI:
    """A description that judges. It is not checked itself: v16.1.0 has defaults that
    are no values of their types.

    A member that is not described is refused, though OpenAPI would let it pass.
    """
    return OpenAPI.from_dict(
        document(name),
        Config(
            spec_validator_cls=None,
            additional_properties_default_policy="forbid",
            security_provider_factory=_Security(),
            schema_validators_factory=SchemaValidatorsFactory(_XeroValidator),
        ),
    )


class _Bearer(BaseProvider):
    """OAuth 2 as a request shows it (RFC 6750, 2.1)."""

    def __call__(self, parameters: RequestParameters) -> str:
        scheme, _, token = parameters.header.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise SecurityProviderError("no bearer token")
        return token


class _Security(SecurityProviderFactory):
    PROVIDERS = {**SecurityProviderFactory.PROVIDERS, "oauth2": _Bearer}


_MICROSOFT_DATE = re.compile(r"/Date\(-?\d+([+-]\d{4})?\)/")


def _microsoft_date(
    validator: Any, wanted: bool, value: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """`x-is-msdate` of the descriptions: a date as the JSON of .NET writes it."""
    if wanted and isinstance(value, str) and not _MICROSOFT_DATE.fullmatch(value):
        yield ValidationError(f"{value!r} is no /Date(…)/")


def _array_key(
    validator: Any, key: str, value: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """`x-objectArrayKey` of the descriptions, in snake case: the list that an answer
    is about has to be in it."""
    wanted = next(
        name for name in schema["properties"] if name.lower() == key.replace("_", "")
    )
    if isinstance(value, dict) and wanted not in value:
        yield ValidationError(f"{wanted!r} is a required property")


_XeroValidator = extend(
    OAS30ReadValidator,
    {
        "x-is-msdate": _microsoft_date,
        "x-is-msdate-time": _microsoft_date,
        "x-objectArrayKey": _array_key,
    },
)
