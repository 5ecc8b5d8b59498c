"""Items: one list, by id or code, prices to two or four places, deleted for good."""

import pytest


@pytest.fixture
def items(change):
    def added(**fields):
        return change(kind="items", action="add", item=fields)

    return [
        added(Code="B", Name="Bolt", SalesDetails={"UnitPrice": 1.2345}),
        added(Code="A", Name="Anchor", IsSold=False, IsPurchased=True),
        added(Code="é/C", PurchaseDetails={"UnitPrice": 3, "AccountCode": "300"}),
    ]


def test_list_is_never_paged(items, caller):
    answer = caller.get("Items", page=2, pageSize=1)
    assert "pagination" not in answer.json
    assert len(answer.json["Items"]) == 3


def test_prices_to_two_or_four_places(items, caller):
    for places, expected in ((None, 1.23), (4, 1.2345)):
        query = {"unitdp": places} if places else {}
        listed = caller.records("Items", order="Name DESC", **query)
        assert listed[0]["SalesDetails"]["UnitPrice"] == expected
        (single,) = caller.get("Items/B", **query).json["Items"]
        assert single["SalesDetails"]["UnitPrice"] == expected


def test_filtered_ordered_and_changed_since(items, caller, change, xero):
    assert [i["Code"] for i in caller.records("Items", order="Code")] == [
        *("A", "B", "é/C")
    ]
    sold = caller.records("Items", where="IsSold==false")
    assert [i["Code"] for i in sold] == ["A"]
    dear = caller.records("Items", where="PurchaseDetails.UnitPrice>=3")
    assert [i["Code"] for i in dear] == ["é/C"]
    xero.advance(minutes=1)
    fields = {"ItemID": items[0]["ItemID"], "Name": "Nut"}
    change(kind="items", action="update", item=fields)
    since = {"If-Modified-Since": "2026-11-20T12:00:00"}
    assert [i["Name"] for i in caller.records("Items", since)] == ["Nut"]


def test_by_id_and_by_code(items, caller):
    for name in (items[1]["ItemID"], "A"):
        (found,) = caller.get(f"Items/{name}").json["Items"]
        assert found["Name"] == "Anchor"
    assert caller.get("Items/a%20b").status_code == 404


def test_deleted_item_leaves_no_trace(items, caller, change, control, xero):
    change(kind="items", action="delete", item={"ItemID": items[1]["ItemID"]})
    assert [i["Code"] for i in caller.records("Items", order="Code")] == ["B", "é/C"]
    assert caller.get("Items/A").status_code == 404
    assert control("GET", "")["organisations"][0]["items"] == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"ItemID": 5},
        {"SalesDetails": "x"},
        {"PurchaseDetails": {"UnitPrice": "much"}},
    ],
)
def test_item_that_makes_no_sense_is_refused(change, caller, fields):
    assert change(400, "items", action="add", item=fields)["error"]
    assert change(400, "items", action="delete", item={"ItemID": "x"})["error"]
    assert caller.records("Items") == []


@pytest.mark.parametrize(
    "scope", ["accounting.settings.read", "accounting.invoices.read"]
)
def test_either_scope_lets_in(xero, scope):
    assert xero.connect(scope=f"openid {scope}").get("Items").status_code == 200
