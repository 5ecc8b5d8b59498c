"""The envelope of a page: read without its records, and as Python would read it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lambda_connector.logic.envelope import Envelope, read_envelope
from lambda_connector.logic.faults import Unreadable

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
RECORD = st.dictionaries(st.text() | st.just("ContactID"), JSON) | JSON


def read(body: bytes) -> Envelope:
    return read_envelope(body, "Contacts", "ContactID")


def values(envelope: Envelope) -> list[Any]:
    return [json.loads(bytes(record), strict=False) for record in envelope.records]


def plain_id(record: Any) -> str:
    return str(record.get("ContactID")) if isinstance(record, dict) else ""


@given(records=st.lists(RECORD), ascii_only=st.booleans())
@example(records=[{"ContactID": 10**400}], ascii_only=True)
@example(records=[{"ContactID": "\ud83d"}, {"ContactID": 1e300}], ascii_only=True)
def test_no_record_is_lost_or_changed(records: list[Any], ascii_only: bool) -> None:
    text = json.dumps({"Id": "x", "Contacts": records}, ensure_ascii=ascii_only)
    try:
        body = text.encode()
    except UnicodeEncodeError:
        return  # A half of a surrogate pair has no UTF-8 but the escape.
    held = read(body)
    assert repr(values(held)) == repr(records)
    assert held.ids == [plain_id(record) for record in records]


@pytest.mark.parametrize(
    "name",
    [
        rb'"\ud83d"',
        rb'"\ud83d and more"',
        rb'"\ude00\ud83d"',
        rb'"\u0000"',
        b'"a\x01tab\tand\nline"',
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"1" + b"0" * 400,
        b"[" * 500 + b"]" * 500,
        b'{"ContactID": "inner", "Contacts": []}',
        "\U0001f600 \u202e \u00e9".encode().join([b'"', b'"']),
    ],
)
def test_odd_value_costs_no_record(name: bytes) -> None:
    body = (
        b'{"pagination": {"itemCount": 2}, "DateTimeUTC": "x", "Contacts": ['
        b'{"ContactID": "1", "Name": %s}, {"ContactID": "2"}]}' % name
    )
    held = read(body)
    assert held.ids == ["1", "2"]
    assert held.pagination == {"itemCount": 2} and held.time == "x"
    expected = json.loads(body, strict=False)["Contacts"]
    assert repr(values(held)) == repr(expected)


def test_byte_order_mark_is_read_over() -> None:
    assert read(b'\xef\xbb\xbf{"Contacts": [{"ContactID": "1"}]}').ids == ["1"]


def test_of_two_members_of_one_name_the_last_counts() -> None:
    body = b'{"Contacts": [1], "Contacts": [{"ContactID": 1, "ContactID": "2"}]}'
    assert read(body).ids == ["2"]


def test_escaped_names_are_the_names_they_stand_for() -> None:
    assert read(rb'{"\u0043ontacts": [{"Contact\u0049D": "1"}]}').ids == ["1"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"Contacts": [{"Name": "\xff"}]}',
        b'{"Contacts": [{"Name": "\xed\xa0\xbd"}]}',
        b'{"Contacts": [], "ProviderName": "\xc3',
        b'{"Contacts": [{"Name": "\xc3"}]}' + b" " * 3_000_000,
        b'{"Contacts": [{"a": 1,}]}',
        b'{"Contacts": [{"a": 1}] "b": 2}',
        b'{"Contacts": []} {"Contacts": []}',
        b'{"Contacts": [{"a": tru}]}',
        b'{"Contacts": [01]}',
        b'{"Contacts": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
        b'{"Contacts": [1' + b"0" * 5000 + b', "\\ud800"]}',
        b'{"contacts": []}',
        b'{"Contacts": {"ContactID": "1"}}',
        b'{"Contacts": "NaN"}',
        b'[{"Contacts": []}]',
        b"NaN",
    ],
)
def test_what_is_no_list_of_records_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


def test_text_is_checked_across_the_borders_of_its_pieces() -> None:
    for padding in range(1024 * 1024 - 30, 1024 * 1024):
        body = b'{"Contacts": ["%s%s"]}' % (b"x" * padding, "\U0001f600".encode())
        assert len(read(body).records) == 1
