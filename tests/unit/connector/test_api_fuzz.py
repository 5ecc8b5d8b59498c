"""Whatever is sent, the API answers it, and never with an error of its own."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .calls import CALLS, Call
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
    ]
)
bodies = st.dictionaries(names, values, max_size=5) | values
queries = st.dictionaries(
    st.sampled_from(["epoch", "after", "consumer", "state", "code", "error"]),
    st.text(max_size=30),
    max_size=4,
)
calls = st.sampled_from([*CALLS.values(), Call("GET", "/v1/{authorization}")])
ids = st.text(
    st.characters(codec="utf-8", exclude_characters="/?#"), min_size=1, max_size=70
)


@settings(max_examples=300, deadline=None)
@given(call=calls, body=bodies, query=queries, name=ids)
def test_no_input_is_an_error_of_ours(
    call: Call, body: Any, query: dict[str, str], name: str
) -> None:
    world = World.in_memory()
    held = world.connect()
    sync = f"{held.id}-{name}"
    names = {"connection": held.id, "sync": sync, "authorization": name, "n": 1}
    path = call.path.format(**names)
    answer = Api(world)(call.method, path, raw=json.dumps(body), **query)
    assert answer.status < 500
    if answer.status >= 400 and path != "/oauth/callback":
        assert answer.code
