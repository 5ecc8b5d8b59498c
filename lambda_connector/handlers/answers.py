"""What the API answers: the bodies of the HTTP contract, as types.

They are the schemas of the OpenAPI document, and every answer is held against its own
before it leaves. Programs have to expect members that they don't know.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict


def _said(text: str, *examples: object) -> object:
    return Field(description=text, examples=list(examples) or None)


Moment = Annotated[
    str,
    Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-03T14:02:11Z"]),
]
Count = Annotated[int, Field(ge=0)]


class InstanceAnswer(TypedDict):
    id: str
    name: Annotated[str, _said("As the deployer named it.", "CRM")]
    return_origin: Annotated[
        str,
        _said("The only place a browser is ever sent back to.", "https://crm.example"),
    ]


class WebhooksAnswer(TypedDict):
    """Whether Xero tells of changes. The key goes in and never comes out."""

    address: Annotated[
        str,
        _said("What has to be registered at Xero.", "https://c.example/webhooks/5e0f"),
    ]
    key_set_at: Annotated[Moment | None, _said("Null: no key is set.")]
    confirmed_at: Annotated[
        Moment | None,
        _said("When Xero last confirmed the address with this key; null: not yet."),
    ]
    received_at: Annotated[
        Moment | None, _said("When Xero last told of a change, to the minute.")
    ]


class WebhookTestAnswer(TypedDict):
    """What came of two posts that the connector sent to its own address."""

    reached: Annotated[bool, _said("Both were answered by the connector.")]
    accepted: Annotated[bool, _said("The one that was rightly signed was taken.")]
    refused_wrong: Annotated[bool, _said("The one that was not was refused.")]
    code: Annotated[
        str | None,
        _said(
            "What keeps webhooks from working: `webhook_key_missing`,"
            " `webhook_unreachable` or `webhook_key_refused`; null: nothing."
        ),
    ]


class AppAnswer(TypedDict):
    """The Xero app of the instance. The secret goes in and never comes out."""

    instance: InstanceAnswer
    client_id: Annotated[str | None, _said("Null until an app is set.")]
    secret_set_at: Moment | None
    verified: Annotated[
        bool | None,
        _said("Whether Xero knew id and secret; null: it could not be asked."),
    ]
    redirect_uri: Annotated[
        str,
        _said("What has to be registered at Xero.", "https://c.example/oauth/callback"),
    ]
    tier: Literal["starter", "core"]
    webhooks: WebhooksAnswer
    build: Annotated[str, _said("Which code answers; alike in all functions.")]


class AuthorizationAnswer(TypedDict):
    """A consent that was begun."""

    id: str
    authorize_url: Annotated[str, _said("Where to send the browser.")]
    expires_at: Moment


class OrganisationAnswer(TypedDict):
    id: Annotated[str, _said("Xero's tenant id.")]
    name: Annotated[str, _said("As Xero names it.", "Demo Company (NZ)")]


class BudgetAnswer(TypedDict):
    """What is left of Xero's limits for the organisation, as Xero last said."""

    day_remaining: Annotated[int | None, _said("Calls left of the day.")]
    minute_remaining: Annotated[int | None, _said("Calls left of the minute.")]
    day_limit: Annotated[int, _said("Calls a day in the app's tier.", 1000)]
    reserved: Annotated[
        int, _said("Calls of the day that syncs leave for single actions.", 50)
    ]
    as_of: Annotated[Moment | None, _said("When Xero said so; null: never yet.")]


class FeedPositionAnswer(TypedDict):
    """Where the feed stands: a position is an epoch, a number and its stamp."""

    epoch: str
    head: Annotated[Count, _said("The number of the newest entry; 0: none yet.")]
    stamp: Annotated[str, _said("The head's stamp; empty where there is none.")]
    acknowledged: Annotated[Count, _said("Through here everything was acknowledged.")]
    consumer: Annotated[
        str | None, _said("The database that reads it; null: none yet.")
    ]
    waits_since: Annotated[
        Moment | None,
        _said("When the oldest entry came that was not acknowledged; null: none."),
    ]


class ConnectionAnswer(TypedDict):
    """One Xero organisation joined to this instance."""

    id: str
    organisation: OrganisationAnswer
    state: Literal["connected", "reconnect", "disconnected"]
    state_code: Annotated[
        str | None,
        _said(
            "Why it has to be connected again: `reconnect_needed`, `user_removed`,"
            " `organisation_gone`, `demo_company_reset`, `scope_missing` or"
            " `xero_client_invalid` (a new, correct secret mends the last one)."
        ),
    ]
    connected_at: Moment
    token_refreshed_at: Moment | None
    webhook_at: Annotated[
        Moment | None, _said("When Xero last told of a change; null: never yet.")
    ]
    features: Annotated[
        list[str],
        _said("Those whose rights the Xero user has granted.", ["contacts"]),
    ]
    budget: BudgetAnswer
    feed: FeedPositionAnswer


class ConnectionsAnswer(TypedDict):
    connections: list[ConnectionAnswer]


class ConnectedAnswer(TypedDict):
    """The organisation is connected."""

    status: Literal["connected"]
    connection: ConnectionAnswer


class ChoiceAnswer(TypedDict):
    """One consent covered several organisations: complete again with one of them."""

    status: Literal["choose"]
    organisations: list[OrganisationAnswer]


class StepAnswer(TypedDict):
    """One resource of a sync."""

    name: Annotated[str, _said("The resource.", "contacts")]
    state: Literal["waiting", "running", "done"]
    mode: Annotated[
        Literal["incremental", "full"],
        _said("How it is read: full also where nothing was read before."),
    ]
    pages: Count
    records: Count
    item_count: Annotated[
        int | None, _said("How many Xero said there are; null: it did not say.")
    ]


class SyncAnswer(TypedDict):
    """One run through resources of an organisation."""

    id: str
    connection: str
    trigger: Annotated[
        Literal["request", "webhook"],
        _said("What started it: Odoo, or changes that Xero told of."),
    ]
    mode: Literal["incremental", "full"]
    state: Annotated[
        Literal["queued", "running", "waiting", "done", "failed", "cancelled"],
        _said("A sync that waits goes on by itself at `due_at`."),
    ]
    code: Annotated[
        str | None,
        _said(
            "What it waits for (`throttled_minute`, `throttled_day`,"
            " `throttled_concurrent`, `throttled_appminute`, `throttled_identity`,"
            " `throttled_reserve`, `xero_unavailable`, `xero_answer_unreadable`), why"
            " it failed (`reconnect_needed`, `user_removed`, `organisation_gone`,"
            " `demo_company_reset`, `scope_missing`, `xero_client_invalid`,"
            " `xero_unavailable`, `xero_refused`, `xero_answer_unreadable`,"
            " `paging_loop`, `stuck`, `internal_error`) or why it was cancelled"
            " (`cancelled`, `superseded`)."
        ),
    ]
    detail: Annotated[str | None, _said("The same for a person.")]
    correlation: Annotated[
        str, _said("Names all that belongs to it in the connector's logs.")
    ]
    resources: list[StepAnswer]
    due_at: Moment | None
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    calls: Annotated[Count, _said("Calls of Xero so far.")]


class ChoiceOfIntervalAnswer(TypedDict):
    """An interval that is offered."""

    minutes: Annotated[int, _said("Between the starts of two syncs.", 15)]
    calls: Annotated[Count, _said("Calls of Xero in 24 hours.", 362)]
    fits: Annotated[
        bool,
        _said("Whether they are there, beside those kept for people and webhooks."),
    ]


class DailyAnswer(TypedDict):
    """Something that is read at its own times, whatever the interval."""

    name: Annotated[str, _said("What is read.", "organisation")]
    calls: Annotated[Count, _said("On a day on which it is, 24 hours.", 1)]


class ScheduleAnswer(TypedDict):
    """How often a connection can be read."""

    day_limit: Annotated[int, _said("Calls a day in the app's tier.", 1000)]
    reserved: Annotated[int, _said("Those kept for single actions of people.", 50)]
    proposed: Annotated[
        int, _said("Minutes: the shortest choice that is advisable today.", 15)
    ]
    choices: list[ChoiceOfIntervalAnswer]
    daily: list[DailyAnswer]


class SyncsAnswer(TypedDict):
    syncs: list[SyncAnswer]


class LogEntryAnswer(TypedDict):
    """One line of a sync's log."""

    n: Annotated[int, Field(ge=1, description="Numbered from 1.")]
    at: Moment
    level: Literal["info", "warning", "error"]
    code: Annotated[str, _said("Stable, for programs.", "page_read")]
    message: Annotated[str, _said("For a person.")]
    resource: str | None
    page: int | None
    data: Annotated[dict[str, int], _said("Figures that the message names.")]


class LogAnswer(TypedDict):
    correlation: Annotated[
        str, _said("Names all that belongs to the sync in the connector's logs.")
    ]
    entries: list[LogEntryAnswer]


class PartEntryAnswer(TypedDict):
    """A part of a page of Xero's answer, to be fetched by its number."""

    n: Annotated[int, Field(ge=1)]
    kind: Literal["part"]
    stamp: str
    sync: str
    correlation: Annotated[
        str, _said("Names all that belongs to the sync in the connector's logs.")
    ]
    resource: Annotated[str, _said("What its records are.", "contacts")]
    step: Annotated[str, _said("The sync's step that read them.", "contact_balances")]
    key: Annotated[str, _said("The list's name in the content.", "Contacts")]
    page: Annotated[
        int,
        _said(
            "Counts the pages of the run: Xero's own number changes when a page is"
            " asked for again in halves."
        ),
    ]
    part: Annotated[int, _said("Of the page, from 1.")]
    records: Count
    item_count: int | None
    mode: Literal["incremental", "full"]
    read_at: Annotated[Moment | None, _said("By Xero's clock.")]
    sha256: Annotated[str, _said("Of the bytes that are fetched.")]
    bytes: Count


class EndingEntryAnswer(TypedDict):
    """The end of a sync."""

    n: Annotated[int, Field(ge=1)]
    kind: Literal["sync_finished"]
    stamp: str
    sync: str
    correlation: Annotated[
        str, _said("Names all that belongs to the sync in the connector's logs.")
    ]
    state: Literal["done", "failed", "cancelled"]
    code: str | None
    detail: str | None


FeedEntryAnswer = Annotated[
    PartEntryAnswer | EndingEntryAnswer, Field(discriminator="kind")
]


class FeedAnswer(TypedDict):
    """What follows the position that was asked for, at most 100 entries."""

    epoch: str
    head: Count
    stamp: Annotated[str, _said("The head's stamp.")]
    acknowledged: Count
    entries: list[FeedEntryAnswer]


class AcknowledgementAnswer(TypedDict):
    acknowledged: Annotated[
        Count, _said("Through here everything may be forgotten; never goes back.")
    ]


class OnlineUrlAnswer(TypedDict):
    url: Annotated[
        str | None,
        _said(
            "Https at Xero; null where the customer sees none, as of a draft.",
            "https://in.xero.com/abcdefgh",
        ),
    ]


XeroRecord = Annotated[
    dict[str, Any], _said("The record in Xero's JSON, as Xero has it now.")
]
ReadAt = Annotated[Moment, _said("When Xero said so, by its own clock.")]


class ContactAnswer(TypedDict):
    contact: XeroRecord
    read_at: ReadAt


class ContactWrittenAnswer(TypedDict):
    """A contact that was written."""

    outcome: Annotated[
        Literal["created", "updated", "found"],
        _said("`found`: Xero had it so already, by an earlier try or otherwise."),
    ]
    contact: XeroRecord
    read_at: ReadAt


class InvoiceWrittenAnswer(TypedDict):
    """A draft that was written."""

    outcome: Annotated[
        Literal["created", "found"],
        _said("`found`: an earlier try had made it already."),
    ]
    invoice: XeroRecord
    read_at: ReadAt


class UnknownAnswer(TypedDict):
    """Xero's answer was lost: it may have been done, or not."""

    outcome: Literal["unknown"]
    retry_after: Annotated[
        int, Field(ge=1, description="After so many seconds, ask with the same key.")
    ]


class FoundContact(TypedDict):
    """A contact that stands in the way."""

    ContactID: str | None
    Name: str | None
    ContactNumber: str | None
    EmailAddress: str | None
    ContactStatus: str | None


class ErrorPlace(TypedDict):
    location: Annotated[str, _said("Where in the request.", "body.client_id")]
    message: Annotated[str, _said("What is wrong there.", "Field required")]


class ProblemDocument(TypedDict):
    """Problem details (RFC 9457): every refusal of the API."""

    type: Literal["about:blank"]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, _said("What happened, why, and what to do: for a person.")]
    code: Annotated[str, _said("Stable: for programs.")]
    request_id: Annotated[str, _said("AWS's own name of the request.")]
    correlation_id: Annotated[
        str,
        _said(
            "Names it, and all that followed from it, in the connector's logs: what"
            " was sent in X-Correlation-Id, where that has its form."
        ),
    ]
    errors: NotRequired[list[ErrorPlace]]
    missing: Annotated[NotRequired[list[str]], _said("Xero's scopes that are missing.")]
    expected: Annotated[NotRequired[str], _said("The connection's organisation.")]
    got: Annotated[NotRequired[str], _said("The organisation that was chosen.")]
    connection: Annotated[
        NotRequired[str | None], _said("The connection that holds the organisation.")
    ]
    consumer: Annotated[NotRequired[str], _said("The database that reads the feed.")]
    epoch: Annotated[NotRequired[str], _said("The position to adopt.")]
    head: NotRequired[Count]
    stamp: NotRequired[str]
    messages: Annotated[
        NotRequired[list[str]], _said("Why, in Xero's words, at most 500 letters each.")
    ]
    contacts: Annotated[
        NotRequired[list[FoundContact]], _said("Those that stand in the way.")
    ]
    contact: NotRequired[XeroRecord]
    read_at: NotRequired[ReadAt]
    retry_after: Annotated[
        NotRequired[int], _said("Seconds, as in the header Retry-After.", 40)
    ]
