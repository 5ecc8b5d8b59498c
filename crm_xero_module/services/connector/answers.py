# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the connector's answers are made of, as docs/http-contract.md says.

A connector may be broken, replaced, or somebody else's. So nothing that it answers is
believed before it has this form: what is looked up in it is there and of its type, and
numbers and texts fit the database. Members that nobody here knows are let pass.
"""

import re
from datetime import timedelta

from odoo import fields

from ..xero.values import moment

# PostgreSQL's integers end there.
_LARGEST = 2**31 - 1
# Names, ids and codes; sentences and addresses.
_SHORT, _LONG = 300, 4000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WORD = re.compile(r"[!-~]{1,300}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Two clocks may differ by so much; what is later than that has not been yet.
CLOCKS_APART = timedelta(hours=1)


def answered_at(told):
    """When Xero answered, as the connector tells it: naive UTC, never in the future.

    A record that was read tomorrow would keep out all that is read until then.
    """
    found, now = moment(told), fields.Datetime.now()
    return found if found and found <= now + CLOCKS_APART else now


# What a value may be: each of these says of a value whether it is one.


def short(value):
    return isinstance(value, str) and len(value) <= _SHORT


def long(value):
    return isinstance(value, str) and len(value) <= _LONG


def code(value):
    return isinstance(value, str) and bool(_CODE.fullmatch(value))


def word(value):
    """One word of plain letters, which may stand in a log."""
    return isinstance(value, str) and bool(_WORD.fullmatch(value))


def digest(value):
    return isinstance(value, str) and bool(_DIGEST.fullmatch(value))


def count(value):
    return type(value) is int and 0 <= value <= _LARGEST


def seconds(value):
    return type(value) in (int, float) and 0 <= value <= _LARGEST


def flag(value):
    return type(value) is bool


def mapping(value):
    return isinstance(value, dict)


def one_of(*words):
    return lambda value: isinstance(value, str) and value in words


def maybe(check):
    return lambda value: value is None or check(value)


def rows(check, limit=10_000):
    return lambda value: (
        isinstance(value, list) and len(value) <= limit and all(map(check, value))
    )


def members(**checks):
    """A mapping with these members; one that is missing counts as null."""
    return lambda value: (
        isinstance(value, dict)
        and all(check(value.get(name)) for name, check in checks.items())
    )


_ORGANISATION = members(id=short, name=maybe(short))
APP = members(
    instance=maybe(members(name=maybe(short))),
    client_id=maybe(short),
    secret_set_at=maybe(short),
    verified=maybe(flag),
    redirect_uri=maybe(long),
    webhooks=maybe(
        members(
            address=maybe(long),
            key_set_at=maybe(short),
            confirmed_at=maybe(short),
            received_at=maybe(short),
        )
    ),
)
WEBHOOK_TEST = members(
    reached=flag, accepted=flag, refused_wrong=flag, code=maybe(code)
)
AUTHORIZATION = members(id=short, authorize_url=long)
CONNECTION = members(
    id=short,
    organisation=_ORGANISATION,
    state=one_of("connected", "reconnect", "disconnected"),
    state_code=maybe(code),
    features=maybe(rows(short, 100)),
    budget=maybe(
        members(
            day_remaining=maybe(count), day_limit=maybe(count), reserved=maybe(count)
        )
    ),
    feed=members(epoch=short),
)
CONNECTIONS = members(connections=rows(CONNECTION))
_CHOICE = members(
    status=one_of("choose"),
    organisations=rows(members(id=short, name=short), 1000),
)
_CONNECTED = members(status=one_of("connected"), connection=CONNECTION)
SYNC = members(
    id=short,
    trigger=maybe(short),
    state=one_of("queued", "running", "waiting", "done", "failed", "cancelled"),
    code=maybe(code),
    detail=maybe(long),
    due_at=maybe(short),
    started_at=maybe(short),
    resources=maybe(
        rows(
            members(
                name=code,
                state=maybe(one_of("waiting", "running", "done")),
                item_count=maybe(count),
            ),
            100,
        )
    ),
)
SYNCS = members(syncs=rows(SYNC))
SCHEDULE = members(
    day_limit=count,
    reserved=maybe(count),
    proposed=count,
    choices=rows(members(minutes=count, calls=count, fits=flag), 100),
    daily=rows(members(name=short, calls=count), 100),
)
_NUMBERED = {"n": count, "kind": code, "stamp": short}
_ENTRIES = {
    "part": members(
        sync=short,
        resource=code,
        key=short,
        page=count,
        part=count,
        records=count,
        item_count=maybe(count),
        step=maybe(code),
        read_at=maybe(short),
        sha256=digest,
        **_NUMBERED,
    ),
    "sync_finished": members(
        sync=short,
        state=one_of("done", "failed", "cancelled"),
        code=maybe(code),
        detail=maybe(long),
        **_NUMBERED,
    ),
}
_OTHER_ENTRY = members(**_NUMBERED)


def _entry(value):
    kind = value.get("kind") if isinstance(value, dict) else None
    return _ENTRIES.get(kind, _OTHER_ENTRY)(value) if code(kind) else False


FEED = members(acknowledged=count, entries=rows(_entry, 1000))
FEED_RESTART = members(epoch=short, head=count, stamp=short)
WRITTEN = members(outcome=maybe(code), read_at=maybe(short), retry_after=maybe(seconds))
SINGLE_CONTACT = members(contact=mapping, read_at=maybe(short))
PROBLEM = members(
    code=code,
    detail=maybe(long),
    request_id=maybe(word),
    correlation_id=maybe(word),
    retry_after=maybe(seconds),
    messages=maybe(rows(long)),
    contacts=maybe(rows(mapping)),
    contact=maybe(mapping),
    read_at=maybe(short),
    consumer=maybe(short),
    expected=maybe(short),
    got=maybe(short),
)


def completion(value):
    """Connected, or organisations to choose from."""
    return _CONNECTED(value) or _CHOICE(value)


def follows(feed, after):
    """Whether a feed's entries are those that follow a position, none left out: what
    is passed over would never be asked for again."""
    numbers = [entry["n"] for entry in feed["entries"]]
    return numbers == list(range(after + 1, after + 1 + len(numbers)))
