"""Records are found by what they say, also after they changed."""

from infra.xero_simulator.store import Collection


def name(record):
    return record["Name"]


def test_records_are_found_by_what_they_say_now():
    held = Collection("Contacts", "ContactID", [{"ContactID": "A", "Name": "x"}])
    assert held.saying(name, "x") == [{"ContactID": "A", "Name": "x"}]
    held.put({"ContactID": "b", "Name": "x"})
    held.put({"ContactID": "a", "Name": "y"})
    assert held.saying(name, "x") == [{"ContactID": "b", "Name": "x"}]
    assert held.saying(name, "y") == [{"ContactID": "a", "Name": "y"}]
    held.remove("B")
    assert held.saying(name, "x") == []
