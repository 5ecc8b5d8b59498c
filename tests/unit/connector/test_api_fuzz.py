"""Whatever is sent, the API answers it, and never with an error of its own."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .calls import CALLS, Call
from .fake_xero import EVERY_SCOPE
from .http_events import Api
from .world import World

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=80)
    | st.sampled_from(["contacts", "full", "client", "\x00", "\ud800", "é" * 40]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
names = st.sampled_from(
    [
        "client_id",
        "client_secret",
        "tier",
        "reference",
        "features",
        "connection",
        "organisation",
        "resources",
        "mode",
        "epoch",
        "n",
        "consumer",
        "contact",
        "invoice",
        "seen",
        "automatic",
    ]
)
bodies = st.dictionaries(names, values, max_size=5) | values
queries = st.dictionaries(
    st.sampled_from(["epoch", "after", "consumer", "state", "code", "error", "date"]),
    st.text(max_size=30) | st.dates().map(str),
    max_size=4,
)
calls = st.sampled_from([*CALLS.values(), Call("GET", "/v1/{authorization}")])
ids = st.text(
    st.characters(codec="utf-8", exclude_characters="/?#"), min_size=1, max_size=70
) | st.uuids().map(str)


@settings(max_examples=300, deadline=None)
@given(call=calls, body=bodies, query=queries, name=ids)
def test_no_input_is_an_error_of_ours(
    call: Call, body: Any, query: dict[str, str], name: str
) -> None:
    world = World.in_memory()
    world.xero.scopes = EVERY_SCOPE
    held = world.connect()
    names = dict.fromkeys(("authorization", "invoice", "contact"), name)
    names |= {"connection": held.id, "sync": f"{held.id}-{name}", "n": 1}
    path = call.path.format(**names)
    headers = dict.fromkeys(call.headers, "a-key-of-a-write")
    answer = Api(world)(
        call.method, path, raw=json.dumps(body), headers=headers, **query
    )
    assert answer.status < 500
    if answer.status >= 400 and path != "/oauth/callback":
        assert answer.code
