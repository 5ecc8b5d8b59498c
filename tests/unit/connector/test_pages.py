"""Pages: understood as little as needed, packed as they came."""

from __future__ import annotations

import gzip
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_connector.logic import pages
from lambda_connector.logic.faults import Unreadable
from lambda_connector.logic.model.sync import Step
from lambda_connector.logic.pages import Page, pack, parts_of, read_page
from lambda_connector.logic.ports import Answer
from lambda_connector.logic.resources import RESOURCES

from .world import START

CONTACTS = RESOURCES["contacts"]


def page(envelope: object, answered_at=None) -> Page:
    body = json.dumps(envelope).encode()
    return read_page(CONTACTS, Answer(body, pack(body), answered_at), START)


def test_body_reaches_odoo_byte_for_byte() -> None:
    body = b'{\r\n  "Id": "x",\r\n  "Contacts": [ {"Name": "\\ud83d\\ude00 \\u0000"} ]}'
    held = read_page(CONTACTS, Answer(body, pack(body), None), START)
    (part,) = parts_of(held)
    assert gzip.decompress(part.data) == body


def test_same_bytes_have_the_same_name() -> None:
    assert pack(b"page") == pack(b"page")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Organisation offline</html>",
        b'{"Contacts": [',
        b"[]",
        b"null",
        b'{"Contacts": null}',
        b'{"Contacts": {}}',
        b'{"Invoices": []}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_page_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_page(CONTACTS, Answer(body, pack(body), None), START)


def test_counts_may_be_text_absent_or_nonsense() -> None:
    for value, count in [("17", 17), (17, 17), (None, None), ("x", None), (-1, None)]:
        held = page({"Contacts": [], "pagination": {"itemCount": value}})
        assert held.item_count == count
    assert page({"Contacts": [], "pagination": "x"}).page_count is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("/Date(1439434356790)/", "2015-08-13T02:52:36.790000+00:00"),
        ("/Date(1439434356790+1300)/", "2015-08-13T02:52:36.790000+00:00"),
    ],
)
def test_answer_is_dated_by_xeros_clock(text: str, iso: str) -> None:
    assert page({"Contacts": [], "DateTimeUTC": text}).read_at.isoformat() == iso


@pytest.mark.parametrize("text", ["/Date(0+0000)/", "/Date(9999999999999)/", "x", None])
def test_date_that_cannot_be_is_not_used(text: str | None) -> None:
    assert page({"Contacts": [], "DateTimeUTC": text}).read_at == START


@pytest.mark.parametrize("odd", [None, 5, 1e400, [], {}, "\ud83d", "\x00", "x" * 500])
def test_records_of_any_form_are_counted_and_told_apart(odd: object) -> None:
    records = [None, 5, {"ContactID": None}, {"Name": odd}, {"ContactID": odd}]
    held = page({"Contacts": records})
    assert len(held.records) == 5 and len(parts_of(held)) == 1
    assert held.fingerprint != page({"Contacts": records[:4]}).fingerprint


def test_records_are_split_as_they_were_written(monkeypatch) -> None:
    """Digits and escapes included: Odoo reads money from them."""
    written = [
        rb'{"ContactID": "1", "Total": 760.00}',
        rb'{"ContactID":"2","Rate":0.10000000000000000001,"Name":"\u00e9\ud83d\ude00"}',
        b'{"ContactID" : 3 , "Big": 1%s}' % (b"0" * 400),
    ]
    body = b'{"Contacts": [%s]}' % b" ,\r\n".join(written)
    monkeypatch.setattr(pages, "MAX_PART_BODY_BYTES", 500)
    parts = parts_of(read_page(CONTACTS, Answer(body, pack(body), None), START))
    assert [gzip.decompress(part.data) for part in parts] == [
        b'{"Contacts":[%s,%s]}' % (written[0], written[1]),
        b'{"Contacts":[%s]}' % written[2],
    ]


def test_part_that_unpacks_large_is_split_too(monkeypatch) -> None:
    monkeypatch.setattr(pages, "MAX_PART_BODY_BYTES", 10_000)
    records = [{"ContactID": str(n), "Name": "x" * 200} for n in range(300)]
    parts = parts_of(page({"Contacts": records}))
    bodies = [gzip.decompress(part.data) for part in parts]
    assert all(len(body) <= 10_000 for body in bodies)
    assert [one for body in bodies for one in json.loads(body)["Contacts"]] == records


def test_large_page_is_split_and_holds_every_record_once(monkeypatch) -> None:
    monkeypatch.setattr(pages, "MAX_PART_BYTES", 20_000)
    noise = random.Random(1)
    records = [
        {"ContactID": str(n), "Name": f"{noise.getrandbits(800):0200x}"}
        for n in range(1000)
    ]
    parts = parts_of(page({"Contacts": records}))
    assert len(parts) > 4 and all(len(part.data) <= 20_000 for part in parts)
    split = [json.loads(gzip.decompress(part.data))["Contacts"] for part in parts]
    assert [len(some) for some in split] == [part.records for part in parts]
    assert [record for some in split for record in some] == records


def test_record_that_only_unpacks_large_is_a_part(monkeypatch) -> None:
    monkeypatch.setattr(pages, "MAX_PART_BODY_BYTES", 100)
    (part,) = parts_of(page({"Contacts": [{"ContactID": "1", "Name": "x" * 500}]}))
    assert json.loads(gzip.decompress(part.data))["Contacts"][0]["Name"] == "x" * 500


def test_page_of_nothing_but_blanks_has_no_part(monkeypatch) -> None:
    monkeypatch.setattr(pages, "MAX_PART_BODY_BYTES", 100)
    body = b'{"Contacts": [%s]}' % (b" " * 500)
    assert parts_of(read_page(CONTACTS, Answer(body, pack(body), None), START)) == []


def test_record_larger_than_a_part_is_unreadable(monkeypatch) -> None:
    monkeypatch.setattr(pages, "MAX_PART_BYTES", 100)
    text = f"{random.Random(1).getrandbits(4000):01000x}"
    with pytest.raises(Unreadable):
        parts_of(page({"Contacts": [{"ContactID": "1", "Name": text}]}))


@given(page_number=st.integers(1, 500))
def test_halving_never_leaves_the_offset(page_number: int) -> None:
    step = Step("contacts", CONTACTS.shape, "running", "full", page=page_number)
    offset = (step.page - 1) * step.page_size
    while smaller := pages.halved(CONTACTS, step):
        assert (smaller.page - 1) * smaller.page_size == offset
        step = smaller
    assert step.page_size == pages.MIN_PAGE_SIZE
