"""The simulator's own API: clock, changes between pages, truth, log."""

import pytest


def contact_id(number):
    return f"{number:08d}-0000-4000-8000-000000000000"


def test_state_shows_what_there_is(xero, control):
    state = control("GET", "")
    assert [o["contacts"] for o in state["organisations"]] == [3, 3, 0]
    assert state["limits"]["minute"] == 60
    assert "secret" not in str(state)


def test_clock_moves(control):
    assert control("POST", "/clock", json={"advance_seconds": 90})["now"].startswith(
        "2026-11-20T12:01:30"
    )


def test_limits_are_set_and_counted_anew(caller, control):
    caller.get("Organisation")
    control("PUT", "/limits", json={"minute": 2, "day": 7})
    headers = caller.get("Organisation").headers
    assert headers["X-MinLimit-Remaining"] == "1"
    assert headers["X-DayLimit-Remaining"] == "6"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/limits", {"hour": 1}),
        ("/limits", {"minute": "60"}),
        ("/settings", {"bulk_connect": "no"}),
        ("/settings", {"withheld_scopes": "openid"}),
    ],
)
def test_unknown_or_wrong_value_is_refused(control, path, body):
    assert next(iter(body)) in control("PUT", path, 400, json=body)["error"]


def test_settings_are_set(control):
    control("PUT", "/settings", json={"bulk_connect": True})
    assert control("GET", "")["settings"]["bulk_connect"] is True


def test_page_at_the_root_shows_the_organisations(xero):
    page = xero.http.get("/").text
    assert "First Ltd" in page
    assert "20 November 2026, 12:00" in page


def test_new_contact_appears_with_the_time_of_now(caller, change):
    made = change(action="add", contact={"Name": "New"})
    assert made["UpdatedDateUTC"] == "/Date(1795176000000+0000)/"
    assert "New" in caller.names(page=1)


def test_updated_contact_is_a_change_since_then(xero, caller, change):
    xero.advance(minutes=1)
    change(action="update", contact={"ContactID": contact_id(2), "Name": "Renamed"})
    since = {"If-Modified-Since": "2026-11-20T12:00:00"}
    assert caller.names(since, page=1) == ["Renamed"]


@pytest.mark.parametrize(
    "fields", [{"IsCustomer": True}, {"IsSupplier": True}, {"Balances": {}}]
)
def test_what_xero_does_not_date_is_no_change(xero, caller, change, fields):
    xero.advance(minutes=1)
    change(action="update", contact={"ContactID": contact_id(2), **fields})
    since = {"If-Modified-Since": "2026-11-20T12:00:00"}
    assert caller.contacts(since, page=1) == []
    (now,) = caller.contacts(IDs=contact_id(2), page=1)
    assert fields.items() <= now.items()


def test_archived_and_restored(caller, change):
    change(action="archive", contact={"ContactID": contact_id(1)})
    assert caller.names(page=1) == ["Contact 2", "Contact 3"]
    change(action="restore", contact={"ContactID": contact_id(1)})
    assert len(caller.names(page=1)) == 3


def test_merged_contact_is_archived_and_names_the_other(caller, change):
    change(action="merge", contact={"ContactID": contact_id(1)}, into=contact_id(3))
    (loser,) = caller.get(f"Contacts/{contact_id(1)}").json["Contacts"]
    assert loser["ContactStatus"] == "ARCHIVED"
    assert loser["MergedToContactID"] == contact_id(3)


@pytest.mark.parametrize(
    "body",
    [
        {"action": "vanish", "contact": {"ContactID": contact_id(1)}},
        {"action": "update", "contact": {"ContactID": "nobody"}},
        {"action": "archive"},
        {"action": "merge", "contact": {"ContactID": contact_id(1)}},
        {
            "action": "merge",
            "contact": {"ContactID": contact_id(1)},
            "into": contact_id(1),
        },
    ],
)
def test_change_that_makes_no_sense_is_refused(change, control, body):
    assert change(400, **body)["error"]
    assert change(400, **body, after={"calls": 1})["error"]
    assert control("GET", "")["planned"] == []


def test_planned_change_happens_between_two_pages(caller, change, control):
    change(
        202,
        action="update",
        contact={"ContactID": contact_id(1), "Name": "Moved"},
        after={"calls": 1},
    )
    assert len(control("GET", "")["planned"]) == 1
    first = caller.names(page=1, pageSize=2)
    second = caller.names(page=2, pageSize=2)
    # By Xero's own order the changed contact jumps to the end, and the third one,
    # now on page 1, is never seen.
    assert (first, second) == (["Contact 1", "Contact 2"], ["Moved"])
    assert control("GET", "")["planned"] == []


def test_truth_is_everything_that_the_organisation_holds(xero, change, control):
    change(action="archive", contact={"ContactID": contact_id(1)})
    path = f"/organisations/{xero.first.tenant_id}/contacts"
    assert [c["ContactStatus"] for c in control("GET", path)["Contacts"]] == [
        "ARCHIVED",
        "ACTIVE",
        "ACTIVE",
    ]
    slim = control("GET", f"{path}?fields=ContactID,Name")
    assert slim["count"] == 3
    assert slim["Contacts"][1] == {"ContactID": contact_id(2), "Name": "Contact 2"}


def test_demo_reset_gives_a_new_tenant_and_refuses_the_old_one(xero, caller, control):
    new = control("POST", f"/organisations/{xero.first.tenant_id}/reset")
    assert new["id"] != xero.first.tenant_id
    assert new["name"] == xero.first.name
    assert new["contacts"] == 3
    assert caller.get("Organisation").status_code == 403
    assert caller.get("/connections").json == []
    moved = {"xero-tenant-id": new["id"]}
    assert caller.get("Organisation", moved).status_code == 403
    tokens = xero.consent({"organisation": new["id"]})
    headers = caller.headers | {"xero-tenant-id": new["id"]}
    headers["Authorization"] = f"Bearer {tokens['access_token']}"
    (organisation,) = caller.get("Organisation", headers).json["Organisations"]
    assert organisation["OrganisationID"] == new["id"]


def test_disconnecting_in_xero_leaves_the_token_alive(xero, control):
    tokens = xero.consent()
    path = f"/organisations/{xero.first.tenant_id}/disconnect"
    assert control("POST", path) == {"disconnected": 1}
    answer = xero.token(
        grant_type="refresh_token", refresh_token=tokens["refresh_token"]
    )
    assert answer.status_code == 200


def test_disconnecting_one_user_leaves_the_other(xero, caller, control):
    xero.consent({"user": xero.bookkeeper.user_id})
    path = f"/organisations/{xero.first.tenant_id}/disconnect"
    body = {"user": xero.bookkeeper.user_id}
    assert control("POST", path, json=body) == {"disconnected": 1}
    assert caller.get("Organisation").status_code == 200


def test_removed_user_is_shut_out_though_the_connection_stays_listed(
    xero, caller, control
):
    path = f"/organisations/{xero.first.tenant_id}"
    body = {"user": xero.adviser.user_id}
    control("POST", f"{path}/remove_user", json=body)
    answer = caller.get("Organisation")
    assert answer.status_code == 403
    assert answer.json["Detail"] == "AuthenticationUnsuccessful"
    (row,) = caller.get("/connections").json
    assert row["tenantId"] == xero.first.tenant_id
    control("POST", f"{path}/invite_user", json=body)
    assert caller.get("Organisation").status_code == 200


def test_removed_user_cannot_connect_the_organisation_again(xero, control):
    path = f"/organisations/{xero.first.tenant_id}/remove_user"
    control("POST", path, json={"user": xero.adviser.user_id})
    answer = xero.authorize({"decision": "allow", "organisation": xero.first.tenant_id})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [{}, {"user": "nobody"}])
def test_user_to_remove_has_to_be_known(xero, control, body):
    path = f"/organisations/{xero.first.tenant_id}/remove_user"
    assert control("POST", path, 400, json=body)["error"]


def test_truth_is_told_of_every_collection(xero, control):
    path = f"/organisations/{xero.second.tenant_id}"
    groups = control("GET", f"{path}/contact_groups?fields=Name")
    assert {"Name": "Retail"} in groups["ContactGroups"]
    assert control("GET", f"{path}/invoices") == {"count": 0, "Invoices": []}
    assert control("GET", f"{path}/unicorns", 400)["error"]


def test_unknown_organisation_is_refused(control):
    assert control("GET", "/organisations/nobody/contacts", 400)["error"]


def test_another_app_can_be_added(xero, control):
    control(
        "POST",
        "/apps",
        201,
        json={
            "client_id": "late",
            "client_secret": "s",
            "redirect_uris": ["http://localhost/x"],
        },
    )
    answer = xero.authorize(client_id="late", redirect_uri="http://localhost/x")
    assert answer.status_code == 200


def test_log_counts_calls_and_bytes(caller, control):
    caller.get("Organisation")
    caller.get("Contacts", page=1)
    caller.get("Contacts/nobody")
    log = control("GET", "/requests?path=/api.xro/2.0/Contacts")
    assert log["count"] == 2
    assert log["by_status"] == {"200": 1, "404": 1}
    assert log["requests"][0]["query"] == "page=1"
    everything = control("GET", "/requests")
    assert everything["egress_bytes"] == log["egress_bytes"] > 0
    control("DELETE", "/requests", 204)
    assert control("GET", "/requests")["count"] == 0


def test_log_keeps_no_secret(xero, control):
    tokens = xero.consent(state="hidden-state")
    log = str(control("GET", "/requests"))
    secrets = [*tokens.values(), "hidden-state", "Basic"]
    assert not [s for s in secrets if isinstance(s, str) and s in log]


def test_log_does_not_count_the_control_api(control):
    control("GET", "")
    assert control("GET", "/requests")["count"] == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clock", {"advance_seconds": "3"}),
        ("/clock", {"advance_seconds": 1e300}),
        ("/clock", []),
        ("/faults", None),
        ("/apps", {"client_id": "x"}),
    ],
)
def test_mistake_is_told_and_changes_nothing(control, path, body):
    before = control("GET", "")
    assert control("POST", path, 400, json=body)["error"]
    assert control("GET", "") == before
