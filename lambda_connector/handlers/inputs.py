"""What the API takes: the bodies and parameters of the HTTP contract, checked."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ..logic.resources import FEATURES, RESOURCES

MAX_POSITION = 10**11

Id = Annotated[str, Path(min_length=1, max_length=64)]
Number = Annotated[int, Path(ge=1, le=MAX_POSITION)]
Position = Annotated[int, Query(ge=0, le=MAX_POSITION)]
LogPosition = Annotated[int, Query(ge=0, le=10**7)]
Epoch = Annotated[str, Query(min_length=1, max_length=64)]
Stamp = Annotated[str, Query(max_length=16)]
Consumer = Annotated[UUID, Query()]


def _printable(text: str) -> str:
    if any(ord(character) < 33 or ord(character) == 127 for character in text):
        raise ValueError("must not hold blanks or control characters")
    return text


def _known_features(names: list[str]) -> list[str]:
    return _known(names, FEATURES)


def _known_resources(names: list[str]) -> list[str]:
    return _known(names, RESOURCES)


def _known(names: list[str], table: dict[str, object]) -> list[str]:
    if set(names) - set(table):
        raise ValueError(f"must be among: {', '.join(sorted(table))}")
    return names


Credential = Annotated[
    str, Field(min_length=1, max_length=256), AfterValidator(_printable)
]
Names = Annotated[list[str], Field(min_length=1, max_length=20)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class AppBody(_Body):
    client_id: Credential
    client_secret: Credential
    tier: Literal["starter", "core"] = "starter"


class AuthorizationBody(_Body):
    reference: str = Field(max_length=200)
    features: Annotated[Names, AfterValidator(_known_features)]
    connection: str | None = Field(None, min_length=1, max_length=64)


class CompletionBody(_Body):
    organisation: str | None = Field(None, min_length=1, max_length=64)


class SyncBody(_Body):
    """`features`: what is due of them. `resources`: exactly these, due or not."""

    mode: Literal["incremental", "full"]
    features: Annotated[Names, AfterValidator(_known_features)] | None = None
    resources: Annotated[Names, AfterValidator(_known_resources)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.features is None) == (self.resources is None):
            raise ValueError("must hold either features or resources")
        return self


class AcknowledgementBody(_Body):
    epoch: str = Field(min_length=1, max_length=64)
    n: int = Field(ge=0, le=MAX_POSITION)
    stamp: str = Field("", max_length=16)
    consumer: UUID


class ConsumerBody(_Body):
    consumer: UUID
