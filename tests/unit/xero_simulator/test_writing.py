"""Lists are written once: what is kept, what is fresh, and when it is made anew."""

import gzip
import json
import zlib

import pytest

from infra.xero_simulator.accounting import envelope
from infra.xero_simulator.cache import Cache

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def written(monkeypatch):
    """Which lists were written, one entry each time."""
    made, write = [], envelope.write

    def count(plural, *rest):
        made.append(plural)
        return write(plural, *rest)

    monkeypatch.setattr(envelope, "write", count)
    return made


def test_same_list_is_written_once_but_its_envelope_each_time(xero, caller, written):
    first = caller.get("Contacts", page=1).json
    xero.advance(seconds=7)
    second = caller.get("Contacts", page=1).json
    assert written == ["Contacts"]
    assert second["Contacts"] == first["Contacts"]
    assert second["Id"] != first["Id"]
    assert second["DateTimeUTC"] == "/Date(1795176007000)/"
    assert second["pagination"] == first["pagination"]


@pytest.mark.parametrize(
    "query",
    [
        {"page": 2},
        {"page": 1, "pageSize": 2},
        {"page": 1, "order": "Name"},
        {"page": 1, "includeArchived": "true"},
        {"headers": {"If-Modified-Since": "2026-11-18T11:06:42"}, "page": 1},
        {},
    ],
)
def test_another_query_is_another_list(caller, written, query):
    caller.get("Contacts", page=1)
    caller.get("Contacts", **query)
    assert written == ["Contacts"] * 2


def test_change_anywhere_in_the_organisation_makes_it_anew(caller, change):
    assert caller.names(page=1)[0] == "Contact 1"
    fields = {"ContactID": caller.contacts()[0]["ContactID"], "IsCustomer": True}
    change(action="update", contact=fields)
    assert caller.contacts(page=1)[0]["IsCustomer"] is True


def test_other_organisation_has_lists_of_its_own(xero, caller):
    query = {"page": 1, "includeArchived": "true"}
    caller.get("Contacts", **query)
    answer = xero.consent({"organisation": xero.second.tenant_id})
    other = {
        "xero-tenant-id": xero.second.tenant_id,
        "Authorization": f"Bearer {answer['access_token']}",
    }
    names = {record["Name"] for record in xero.second.contacts.records()}
    assert set(caller.names(other, **query)) == names


@pytest.mark.parametrize(
    ("path", "query"),
    [("Contacts", {}), ("Contacts", {"page": 1}), ("Organisation", {})],
)
def test_gzip_is_one_stream_that_every_client_reads(caller, path, query):
    for _ in range(2):
        data = caller.get(path, GZIP, **query).data
        stream = zlib.decompressobj(wbits=31)
        text = stream.decompress(data)
        assert stream.eof and not stream.unused_data
        assert gzip.decompress(data) == text
        assert json.loads(text)["Status"] == "OK"


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 300_000])
def test_checksum_holds_for_every_size(size):
    records = [{"Text": "x" * size}]
    with_gzip = envelope.write("Things", records, gzip=True)
    plain = envelope.write("Things", records, gzip=False)
    head = b'{\r\n  "Id": 1,'
    assert gzip.decompress(envelope.gzipped(head, with_gzip)) == head + plain.data


def test_what_was_not_used_for_longest_goes_first():
    made = []

    def get(key):
        return cache.get(key, lambda: made.append(key) or key, lambda _: 40)

    cache = Cache(bytes_at_most=100)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert get(key) == key
    assert made == ["a", "b", "c", "b"]


def test_what_is_larger_than_the_cache_is_not_kept():
    cache = Cache(bytes_at_most=10)
    made = [cache.get("k", object, lambda _: 11) for _ in range(2)]
    assert made[0] is not made[1]
