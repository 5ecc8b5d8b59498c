"""What the API takes: the bodies and parameters of the HTTP contract, checked.

Their constraints are part of the OpenAPI document, so they are said in its words
(patterns, lists of names) rather than in code wherever its words can say them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ..logic.resources import FEATURES, READ_FEATURES, RESOURCES

MAX_POSITION = 10**11
_ID = r"^[0-9a-f]{1,64}(-[0-9a-f]{1,64})?$"
"""As the connector makes them: nothing in them divides a key of the table."""
_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
_NO_BLANKS = r"^[^\x00-\x20\x7f]+$"


def _day(value: Any) -> Any:
    """Pydantic would take a count of seconds for a date, too."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.A):
        raise ValueError("must be a date as 2026-11-22")
    return value


Id = Annotated[str, Path(max_length=64, pattern=_ID)]
Number = Annotated[int, Path(ge=1, le=MAX_POSITION)]
Position = Annotated[
    int,
    Query(ge=0, le=MAX_POSITION, description="The last entry that was read; 0: none."),
]
LogPosition = Annotated[
    int, Query(ge=0, le=10**7, description="The last entry that is known.")
]
Epoch = Annotated[
    str,
    Query(min_length=1, max_length=64, description="The epoch of the position."),
]
Stamp = Annotated[
    str,
    Query(
        max_length=16,
        description="The stamp of entry `after`; left out where that is 0.",
    ),
]
XeroId = Annotated[UUID, Path(description="Xero's own id of the record.")]
ReportDay = Annotated[
    date,
    BeforeValidator(_day),
    Query(description="As of which day, in ISO 8601.", examples=["2026-11-22"]),
]
Consumer = Annotated[UUID, Query(description="The uuid of the database that reads.")]

Credential = Annotated[str, Field(max_length=256, pattern=_NO_BLANKS)]
Feature = Literal[*FEATURES]  # type: ignore[valid-type]
ReadFeature = Literal[*READ_FEATURES]  # type: ignore[valid-type]
Resource = Literal[*RESOURCES]  # type: ignore[valid-type]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class AppBody(_Body):
    """The client id and secret from the app's Configuration page at Xero."""

    client_id: Credential
    client_secret: Credential
    tier: Literal["starter", "core"] = Field(
        "starter", description="The app's tier: how many calls a day Xero allows."
    )


class AuthorizationBody(_Body):
    """What is to be connected."""

    reference: str = Field(
        max_length=200,
        pattern=_NO_CONTROLS,
        description="Odoo's own note, such as a record's id.",
    )
    features: list[Feature] = Field(
        min_length=1, max_length=20, description="What the consent has to allow."
    )
    connection: str | None = Field(
        None,
        max_length=64,
        pattern=_ID,
        description="Where an existing connection is renewed: its id.",
    )


class CompletionBody(_Body):
    """Which organisation, where the consent covered several."""

    organisation: str | None = Field(
        None,
        min_length=1,
        max_length=64,
        pattern=_NO_CONTROLS,
        description="One of the ids that were offered.",
    )


def _one_of_both(schema: dict[str, Any]) -> None:
    """`features` or `resources`; neither is ever null."""
    for name in ("features", "resources"):
        del schema["properties"][name]["default"]
    schema["oneOf"] = [{"required": ["features"]}, {"required": ["resources"]}]


class SyncBody(_Body):
    """What to read: of `features` what is due (all, in mode full), or exactly these
    `resources`, due or not."""

    model_config = ConfigDict(json_schema_extra=_one_of_both)

    mode: Literal["incremental", "full"] = Field(
        description="Incremental: what changed since the last sync that was done."
    )
    features: list[ReadFeature] = Field((), min_length=1, max_length=20)  # type: ignore
    resources: list[Resource] = Field((), min_length=1, max_length=20)  # type: ignore

    @model_validator(mode="after")
    def _check_one_of_both(self) -> Self:
        if bool(self.features) == bool(self.resources):
            raise ValueError("must hold either features or resources")
        return self


def _whole(value: Any) -> Any:
    """In JSON, 1.0 is a whole number too (JSON Schema, "integer")."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class AcknowledgementBody(_Body):
    """Through which entry everything may be forgotten."""

    epoch: str = Field(min_length=1, max_length=64)
    n: Annotated[int, BeforeValidator(_whole)] = Field(ge=0, le=MAX_POSITION)
    stamp: str = Field(
        "", max_length=16, description="The stamp of entry `n`; left out where it is 0."
    )
    consumer: UUID = Field(strict=False, description="The database that has read it.")


class ConsumerBody(_Body):
    """Who reads from now on."""

    consumer: UUID = Field(strict=False, description="The uuid of the database.")
