"""What the API takes: the bodies and parameters of the HTTP contract, checked.

Their constraints are part of the OpenAPI document, so they are said in its words
(patterns, lists of names) rather than in code wherever its words can say them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
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
_READ_FEATURE = "|".join(READ_FEATURES)
Features = Annotated[
    str,
    Query(
        max_length=200,
        pattern=rf"^({_READ_FEATURE})(,({_READ_FEATURE}))*$",
        description="Features that syncs are to read, with commas between them.",
        examples=["contacts,items,sales"],
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


class WebhookKeyBody(_Body):
    """The webhooks key from the app's Webhooks page at Xero."""

    key: Credential


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


def features_in(listed: str) -> list[str]:
    """The features of such a list."""
    return listed.split(",")


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


# What is written to Xero, in Xero's words. Which members there are, and how long they
# may be: Xero's accounting API, Contacts and Invoices. A member that is null is as one
# that is not there.

_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]*$"
"""What XML can hold, which Xero keeps it in: no control characters but tabs and the
ends of lines."""
_IN_A_FILTER = r"^[^\x00-\x1f\x7f\"\\]+$"
"""Xero is asked for it, and in its filters these cannot be said."""


def _text(longest: int) -> Any:
    return Annotated[str, Field(max_length=longest, pattern=_TEXT)] | None


_Text10, _Text20, _Text50 = _text(10), _text(20), _text(50)
_Text255, _Text500, _Text4000 = _text(255), _text(500), _text(4000)
_Amount = Annotated[float, Field(ge=-1e12, le=1e12)]
_Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9-]{8,64}$",
        description="Names this write, however often it is sent.",
        examples=["5f0c3c1e-9d1b-4c2e-8a70-3d1f7f0b2a11"],
    ),
]


class PhoneBody(_Body):
    PhoneType: Literal["DEFAULT", "DDI", "MOBILE", "FAX", "OFFICE"]
    PhoneNumber: _Text50 = None
    PhoneAreaCode: _Text10 = None
    PhoneCountryCode: _Text20 = None


class AddressBody(_Body):
    AddressType: Literal["POBOX", "STREET"]
    AddressLine1: _Text500 = None
    AddressLine2: _Text500 = None
    AddressLine3: _Text500 = None
    AddressLine4: _Text500 = None
    City: _Text255 = None
    Region: _Text255 = None
    PostalCode: _Text50 = None
    Country: _Text50 = None
    AttentionTo: _Text255 = None


class PersonBody(_Body):
    FirstName: _Text255 = None
    LastName: _Text255 = None
    EmailAddress: _Text255 = None
    IncludeInEmails: bool | None = None


class ContactMembers(_Body):
    """What of a contact is written. Xero merges phones and addresses by their type, and
    replaces the persons as a whole."""

    FirstName: _Text255 = None
    LastName: _Text255 = None
    EmailAddress: _Text255 = None
    AccountNumber: _Text50 = None
    CompanyNumber: _Text50 = None
    TaxNumber: _Text50 = None
    DefaultCurrency: _text(3) = None
    Phones: Annotated[list[PhoneBody], Field(max_length=5)] | None = None
    Addresses: Annotated[list[AddressBody], Field(max_length=2)] | None = None
    ContactPersons: Annotated[list[PersonBody], Field(max_length=5)] | None = None


class NewContactMembers(ContactMembers):
    """A contact that is to be made, with a number of ours."""

    Name: str = Field(min_length=1, max_length=255, pattern=_TEXT)
    ContactNumber: str = Field(
        max_length=50,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="By this it is looked up, so it names one contact for ever.",
        examples=["ODOO-5f0c3c1e-217"],
    )


class ChangedContactMembers(ContactMembers):
    """What is to be changed of a contact."""

    Name: Annotated[str, Field(min_length=1, max_length=255, pattern=_TEXT)] | None = (
        None
    )


class InvoiceContactBody(_Body):
    """Xero's id alone: other members would change the contact."""

    ContactID: UUID = Field(strict=False)


class InvoiceLineBody(_Body):
    """Tax and account are Xero's own, by the item."""

    Description: _Text4000 = None
    Quantity: _Amount | None = None
    UnitAmount: _Amount | None = None
    ItemCode: _text(30) = None
    DiscountRate: _Amount | None = None


class InvoiceMembers(_Body):
    """A sales invoice that is to be drafted."""

    Contact: InvoiceContactBody
    Reference: str = Field(
        max_length=255,
        pattern=_IN_A_FILTER,
        description="By this it is looked up, so it names one invoice for ever.",
        examples=["ODOO-5f0c3c1e-31-1"],
    )
    LineItems: list[InvoiceLineBody] = Field(min_length=1, max_length=200)
    Date: _Day | None = None
    DueDate: _Day | None = None
    CurrencyCode: _text(3) = None
    LineAmountTypes: Literal["Exclusive", "Inclusive", "NoTax"] | None = None
    Url: Annotated[str, Field(max_length=2000, pattern=r"^https://[!-~]+$")] | None = (
        None
    )


_Automatic = Annotated[
    bool,
    Field(
        description="Nobody waits for it: it leaves the calls that are kept for people."
    ),
]


class NewContactBody(_Body):
    contact: NewContactMembers
    automatic: _Automatic = False


class ChangedContactBody(_Body):
    contact: ChangedContactMembers
    seen: str = Field(
        max_length=64,
        pattern=_NO_CONTROLS,
        description="The contact's UpdatedDateUTC when it was last read, as Xero sent"
        " it.",
        examples=["/Date(1762164000000+0000)/"],
    )
    automatic: _Automatic = False


class NewInvoiceBody(_Body):
    invoice: InvoiceMembers
    automatic: _Automatic = False


def in_xeros_words(members: _Body) -> dict[str, Any]:
    """As it goes to Xero: what was given, nothing else."""
    return members.model_dump(mode="json", exclude_none=True)
