"""What the logic needs of the world. `storage` and `xero` give it on AWS.

Every method that writes is one atomic, conditional write: it happens as a whole or
not at all, and False says that somebody else was faster. That is what lets any
step be killed at any line and run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from .model.app import App
from .model.authorization import Authorization
from .model.connection import Budget, Connection
from .model.dirty import Dirty
from .model.feed import Feed, FeedEntry
from .model.instance import Instance, InstanceKey
from .model.probe import Answer as ProbeAnswer
from .model.sync import Hint, LogEntry, Sync, Watermark
from .model.token_set import TokenSet
from .model.webhook import Heard, Hook, Post
from .model.write import KeyedWrite

Due = tuple[str, str]
"""What the janitor is to look at: an instance, and what has this id in it, which it
reads before it does anything. Oldest first."""


class InstanceStore(Protocol):
    def create(self, instance: Instance, key: InstanceKey) -> None: ...
    def save(self, instance: Instance) -> None: ...
    def get(self, instance: str) -> Instance | None: ...
    def all(self) -> list[Instance]: ...
    def keys(self, instance: str) -> list[InstanceKey]: ...
    def key(self, instance: str, digest: str) -> InstanceKey | None: ...
    def save_key(self, key: InstanceKey) -> None: ...
    def touch_key(self, key: InstanceKey, at: datetime) -> None: ...


class AppStore(Protocol):
    def get(self, instance: str) -> App | None: ...

    def save(self, app: App, previous: App | None, hook: str) -> bool:
        """Keep it, with what the public address may know of it; False where another
        instance uses this client id."""

    def delete(self, app: App, hook: str) -> None: ...


class HookStore(Protocol):
    def get(self, hook: str) -> Hook | None:
        """What the public address needs; None where no key is set for it."""

    def heard(self, instance: str) -> Heard: ...
    def confirm(self, instance: str, at: datetime) -> None: ...
    def receive(self, instance: str, at: datetime) -> None: ...


class AuthorizationStore(Protocol):
    def create(self, authorization: Authorization) -> None: ...
    def get(self, instance: str, authorization: str) -> Authorization | None: ...

    def replace(self, changed: Authorization) -> bool:
        """Replace the row of one version less."""

    def due(self, now: datetime) -> Iterable[Due]:
        """Those whose code or verifier must be forgotten."""


class TokenSetStore(Protocol):
    def get(self, instance: str, token_set: str) -> TokenSet | None: ...

    def save(self, changed: TokenSet) -> bool:
        """Replace the row of one version less; version 1 where none is."""

    def delete(self, held: TokenSet) -> bool:
        """Delete the row of this very version."""

    def due(self, now: datetime) -> Iterable[Due]: ...


class ConnectionStore(Protocol):
    def get(self, instance: str, connection: str) -> Connection | None: ...
    def list(self, instance: str) -> list[Connection]: ...

    def holder(self, instance: str, organisation: str) -> str | None:
        """The id of the connection that holds this organisation."""

    def connect(
        self, connection: Connection, authorization: Authorization, epoch: str
    ) -> bool:
        """Save the connection (new or one version on), take its organisation, use up
        the authorization and begin a feed of that epoch where there is none.
        False where the organisation is taken or a row moved on."""

    def replace(self, changed: Connection) -> bool:
        """Replace the row of one version less."""

    def disconnect(self, changed: Connection) -> bool:
        """As replace, and give the organisation free."""

    def stopped(self, now: datetime) -> int:
        """How many connections, of all instances, need a person."""

    def budget(self, instance: str, connection: str) -> Budget: ...

    def set_budget(self, instance: str, connection: str, budget: Budget) -> None: ...


class SyncStore(Protocol):
    def start(self, sync: Sync) -> Sync:
        """This sync, or the connection's live one where there is one."""

    def get(self, instance: str, sync: str) -> Sync | None: ...
    def live(self, instance: str, connection: str) -> Sync | None: ...

    def recent(self, instance: str, connection: str, limit: int) -> list[Sync]:
        """Newest first."""

    def watermarks(self, instance: str, connection: str) -> dict[str, Watermark]: ...

    def save(
        self,
        changed: Sync,
        log: Sequence[LogEntry] = (),
        entries: Sequence[FeedEntry] = (),
        watermarks: Mapping[str, Watermark] | None = None,
    ) -> bool:
        """The one transaction. Replaces the live row of one version less, appends to
        its log and to the connection's feed, and, where the sync has ended, gives the
        connection free for the next one and moves the watermarks."""

    def log(self, sync: Sync, after: int) -> list[LogEntry]: ...
    def due(self, now: datetime) -> Iterable[Due]: ...


class DirtyStore(Protocol):
    """What Xero told to have changed, by connection. A sync that is saved as done
    clears in the same transaction what it has read: see `Dirty.after`."""

    def get(self, instance: str, connection: str) -> Dirty | None: ...

    def save(self, changed: Dirty) -> bool:
        """Replace the row of one version less; version 1 where none is."""

    def due(self, now: datetime) -> Iterable[Due]: ...


class FeedStore(Protocol):
    def get(self, instance: str, connection: str) -> Feed | None: ...

    def entries(
        self, instance: str, connection: str, after: int, limit: int
    ) -> list[FeedEntry]: ...

    def claim(self, feed: Feed, consumer: str) -> bool:
        """Make it that consumer's where it still is `feed.consumer`'s."""

    def acknowledge(self, feed: Feed, n: int, stamp: str) -> None:
        """Everything through n may be forgotten. Never moves back."""

    def expire(self, feed: Feed, through: FeedEntry) -> None:
        """Forget what nobody fetched, and the watermarks: the next sync is full."""

    def due(self, now: datetime) -> Iterable[Due]:
        """Connections in whose feed the oldest waiting entry may be too old."""

    def watch(self, feed: Feed, wake_at: datetime | None) -> None:
        """When to look at this feed again."""


class WriteStore(Protocol):
    def get(self, instance: str, connection: str, key: str) -> KeyedWrite | None: ...

    def save(self, changed: KeyedWrite) -> bool:
        """Replace the row of one version less; version 1 where none is."""


class ProbeStore(Protocol):
    def answer(self, answer: ProbeAnswer) -> None: ...
    def due(self, now: datetime) -> Iterable[Due]: ...

    def done(self, probe: str) -> None:
        """It need not come before the janitor again."""


class Spool(Protocol):
    def put(self, instance: str, connection: str, data: bytes) -> str:
        """Keep the bytes under their SHA-256, which is returned (hex)."""

    def get(self, instance: str, connection: str, sha256: str) -> bytes | None: ...


class HintQueue(Protocol):
    def send(self, hint: Hint) -> None: ...


class PostQueue(Protocol):
    def send(self, post: Post) -> None: ...


class Vault(Protocol):
    """Seals secrets; what was sealed for one context does not open in another."""

    def seal(self, secret: str, context: Mapping[str, str]) -> bytes: ...
    def open(self, sealed: bytes, context: Mapping[str, str]) -> str: ...


@dataclass(frozen=True)
class Grant:
    """Tokens as Xero gave them. `user` and `event` come from the access token."""

    access: str
    refresh: str
    lifetime: int
    """Seconds that the access token is valid."""
    scopes: tuple[str, ...]
    user: str
    event: str | None


@dataclass(frozen=True)
class Consent:
    """What Xero's authorize page is asked for."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    verifier: str | None
    """PKCE's code verifier; None where PKCE is off."""


class XeroIdentity(Protocol):
    def authorize_url(self, consent: Consent) -> str: ...

    def recognises(self, client_id: str, client_secret: str) -> bool | None:
        """Whether Xero knows this client; None where it could not be asked."""

    def exchange(
        self,
        client_id: str,
        client_secret: str,
        code: str,
        redirect_uri: str,
        verifier: str | None,
    ) -> Grant: ...

    def refresh(self, client_id: str, client_secret: str, token: str) -> Grant: ...


@dataclass(frozen=True)
class Tenant:
    """One row of Xero's /connections."""

    xero_id: str
    organisation: str
    name: str


@dataclass(frozen=True)
class PageRequest:
    """One call for a list. `since` None: everything."""

    path: str
    parameters: Mapping[str, str]
    since: datetime | None = None
    max_bytes: int | None = None
    """Refuse an answer that is larger than this when unpacked."""


@dataclass(frozen=True)
class Answer:
    """Xero's answer as it came. `packed` is the body in gzip with no time in it."""

    body: bytes
    packed: bytes
    answered_at: datetime | None
    """The response's Date header."""
    day_remaining: int | None = None
    minute_remaining: int | None = None
    unchanged: bool = False
    """Status 304: no record changed since then. Xero documents an empty list."""


@dataclass(frozen=True)
class DocumentRequest:
    """One call for a single document, while a person waits for it."""

    path: str
    max_bytes: int
    """Refuse an answer that is larger than this, packed or not."""
    media_type: str = "application/json"
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WriteRequest:
    """One call that changes something: `method` PUT makes a record, POST changes one.
    `body` is Xero's JSON, `key` what Xero knows a repetition by."""

    method: str
    path: str
    body: Mapping[str, Any]
    key: str
    seconds: float
    """How long Xero has to answer."""
    max_bytes: int
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A single document as it came, unpacked."""

    body: bytes
    day_remaining: int | None = None
    minute_remaining: int | None = None
    answered_at: datetime | None = None
    """The response's Date header."""


class WebhookProbe(Protocol):
    def post(self, address: str, body: bytes, signature: str) -> int | None:
        """Post as Xero does: the status; None where nothing answered in its time."""


class Odoo(Protocol):
    def nudge(self, origin: str, connection: str, correlation: str) -> bool:
        """Tell the Odoo there that something waits for it, which came of what
        `correlation` names; whether it heard."""


class XeroApi(Protocol):
    def read(self, token: str, organisation: str, request: PageRequest) -> Answer: ...

    def document(
        self, token: str, organisation: str, request: DocumentRequest
    ) -> Document: ...

    def write(self, token: str, organisation: str, request: WriteRequest) -> Document:
        """Raises Invalid where Xero did not take what was to be written."""

    def tenants(self, token: str, event: str | None) -> list[Tenant]:
        """Organisations this user connected, of one consent event or of all."""

    def disconnect(self, token: str, xero_id: str) -> None:
        """Remove Xero's connection row; one that is gone already is fine."""
