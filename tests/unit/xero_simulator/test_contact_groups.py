"""`/ContactGroups`: the active ones, and one with its members."""

import pytest

IDS = [f"{n:08d}-2000-4000-8000-000000000000" for n in range(1, 4)]


def group(number, **fields):
    return {"ContactGroupID": IDS[number - 1], "Name": f"Group {number}", **fields}


@pytest.fixture
def xero(make_xero, make_contact):
    named = [{**group(1), "Status": "ACTIVE"}]
    return make_xero(
        [make_contact(1, ContactGroups=named), make_contact(2, ContactGroups=None)],
        contact_groups=[group(1), group(2, Status="DELETED"), group(3)],
    )


def test_list_has_the_active_groups_without_members(caller):
    groups = caller.records("ContactGroups")
    assert [each["Name"] for each in groups] == ["Group 1", "Group 3"]
    assert all(each["Contacts"] == [] for each in groups)


def test_list_is_never_paged(caller):
    answer = caller.get("ContactGroups", page=2, pageSize=1)
    assert len(answer.json["ContactGroups"]) == 2
    assert "pagination" not in answer.json


def test_groups_have_no_time_of_change_to_ask_for(caller):
    since = {"If-Modified-Since": "2026-11-20T12:00:00"}
    assert len(caller.records("ContactGroups", since)) == 2


def test_list_is_ordered_on_request(caller):
    groups = caller.records("ContactGroups", order="Name DESC")
    assert [each["Name"] for each in groups] == ["Group 3", "Group 1"]


def test_single_group_names_those_whose_groups_name_it(caller, make_contact):
    (found,) = caller.get(f"ContactGroups/{IDS[0].upper()}").json["ContactGroups"]
    member = make_contact(1)
    assert found["Contacts"] == [
        {"ContactID": member["ContactID"], "Name": member["Name"]}
    ]
    (empty,) = caller.get(f"ContactGroups/{IDS[2]}").json["ContactGroups"]
    assert empty["Contacts"] == []


@pytest.mark.parametrize("identifier", ["nobody", IDS[1]])
def test_unknown_or_deleted_group_is_a_404(caller, identifier):
    assert caller.get(f"ContactGroups/{identifier}").status_code == 404


def test_groups_need_the_scope_of_contacts(xero):
    caller = xero.connect(scope="accounting.invoices.read")
    answer = caller.get("ContactGroups")
    assert answer.status_code == 401
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_renamed_group_is_renamed_at_its_members(caller, change):
    fields = {"ContactGroupID": IDS[0], "Name": "New"}
    change(kind="contact_groups", action="update", contact_group=fields)
    before = caller.contacts(page=1)[0]
    assert [each["Name"] for each in before["ContactGroups"]] == ["New"]


def test_deleted_group_is_gone_from_its_members(caller, change):
    fields = {"ContactGroupID": IDS[0]}
    change(kind="contact_groups", action="delete", contact_group=fields)
    assert caller.contacts(page=1)[0]["ContactGroups"] == []
    assert caller.get(f"ContactGroups/{IDS[0]}").status_code == 404


def test_new_group_gets_members_by_a_change_of_a_contact(caller, change, make_contact):
    made = change(kind="contact_groups", action="add", contact_group={"Name": "Fresh"})
    fields = {"ContactID": make_contact(2)["ContactID"], "ContactGroups": [made]}
    change(action="update", contact=fields)
    path = f"ContactGroups/{made['ContactGroupID']}"
    (found,) = caller.get(path).json["ContactGroups"]
    assert [each["Name"] for each in found["Contacts"]] == ["Contact 2"]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "update", "contact_group": {"ContactGroupID": "nobody"}},
        {"action": "add", "contact_group": {"ContactGroupID": 5}},
        {"action": "add", "contact_group": "x"},
        {"action": "archive"},
    ],
)
def test_change_that_makes_no_sense_is_refused(change, body):
    assert change(400, kind="contact_groups", **body)["error"]
