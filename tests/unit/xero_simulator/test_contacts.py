"""`/Contacts`: shapes, pages, order, what changed since, and what is refused."""

from decimal import Decimal

import pytest

from infra.xero_simulator.accounting.envelope import render

FULL = {
    "MergedToContactID": "x",
    "Balances": {"AccountsReceivable": {"Outstanding": 1, "Overdue": 0}},
    "PaymentTerms": {},
    "Website": "w",
    "Discount": 5,
    "SalesTrackingCategories": [],
    "ContactPersons": [{"FirstName": "Ann"}],
    "ContactGroups": [{"Name": "Retail"}],
    "HasAttachments": True,
    "Addresses": [{"AddressType": "STREET"}],
    "IsCustomer": True,
    "IsSupplier": False,
    "Attachments": [{"FileName": "a.pdf"}],
}


@pytest.fixture
def reading(make_xero, make_contact):
    """A caller that reads the contacts that are given as fields of each."""

    def reads(*contacts):
        made = [make_contact(n, **fields) for n, fields in enumerate(contacts, 1)]
        return make_xero(made).connect()

    return reads


def test_paged_contact_is_whole_but_for_attachments(reading):
    (record,) = reading(FULL).contacts(page=1)
    assert "Attachments" not in record
    assert record["ContactPersons"] == [{"FirstName": "Ann"}]
    assert FULL.keys() - record.keys() == {"Attachments"}


def test_unpaged_contact_is_a_part_that_looks_whole(reading):
    (record,) = reading(FULL).contacts()
    assert record["ContactPersons"] == record["ContactGroups"] == []
    assert record["HasAttachments"] is False
    assert record["Addresses"] == [{"AddressType": "STREET"}]
    assert not record.keys() & {"Balances", "MergedToContactID", "Website", "Discount"}


def test_single_contact_is_whole(reading, make_contact):
    caller = reading(FULL | {"ContactNumber": "C 1"})
    whole = make_contact(1, **FULL, ContactNumber="C 1")
    for name in (whole["ContactID"], whole["ContactID"].upper(), "C 1"):
        assert caller.get(f"Contacts/{name}").json["Contacts"] == [whole]


def test_unknown_contact_is_a_plain_404(reading):
    answer = reading().get("Contacts/nobody")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")


def test_summary_is_paged_and_leaves_the_costly_fields_out(reading):
    answer = reading(FULL).get("Contacts", summaryOnly="true")
    (record,) = answer.json["Contacts"]
    assert answer.json["pagination"]["itemCount"] == 1
    assert not record.keys() & {"Addresses", "Balances", "IsCustomer", "ContactPersons"}
    assert record["Website"] == "w"


def test_pagination_stands_before_the_records_and_with_page_only(reading):
    caller = reading({}, {}, {})
    paged = caller.get("Contacts", page=2, pageSize=2).json
    assert list(paged)[-2:] == ["pagination", "Contacts"]
    assert paged["pagination"] == {
        "page": 2,
        "pageSize": 2,
        "pageCount": 2,
        "itemCount": 3,
    }
    assert "pagination" not in caller.get("Contacts", pageSize=2).json


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("0", 1),
        ("-5", 1),
        ("1000", 1000),
        ("5000", 1000),
        ("many", 100),
        ("", 100),
        ("9" * 30, 100),
    ],
)
def test_page_size_is_clamped(reading, asked, given):
    answer = reading({}).get("Contacts", page=1, pageSize=asked)
    assert answer.json["pagination"]["pageSize"] == given


def test_page_size_is_a_hundred_unless_said(reading):
    assert len(reading(*[{}] * 101).contacts(page=1)) == 100


def test_page_after_the_last_is_empty(reading):
    answer = reading({}).get("Contacts", page=2).json
    assert answer["Contacts"] == []
    assert answer["pagination"]["pageCount"] == 1


def test_organisation_without_contacts_answers_an_empty_page(reading):
    answer = reading().get("Contacts", page=1).json
    assert answer["Contacts"] == []
    assert answer["pagination"]["pageCount"] == 0


def test_order_is_by_change_then_id_unless_said(reading):
    same = "/Date(1795000009000+0000)/"
    caller = reading({"UpdatedDateUTC": same}, {}, {"UpdatedDateUTC": same})
    assert caller.names() == ["Contact 2", "Contact 1", "Contact 3"]


def test_order_by_name_breaks_ties_by_id_in_both_directions(reading):
    caller = reading({"Name": "b"}, {"Name": "A"}, {"Name": "B"}, {"Name": None})
    ids = [c["ContactID"][7] for c in caller.contacts(order="Name")]
    assert ids == ["4", "2", "1", "3"]
    ids = [c["ContactID"][7] for c in caller.contacts(order="Name DESC")]
    assert ids == ["1", "3", "2", "4"]


@pytest.mark.parametrize("order", ["Nonsense", "Name;drop", "Name SIDEWAYS"])
def test_unknown_order_is_a_query_exception(reading, order):
    answer = reading().get("Contacts", order=order)
    assert answer.status_code == 400
    assert answer.json["ErrorNumber"] == 16
    assert answer.json["Type"] == "QueryParseException"


def test_archived_contacts_come_on_request(reading):
    caller = reading({"ContactStatus": "ARCHIVED"}, {"ContactStatus": "GDPRREQUEST"})
    assert caller.names(page=1) == ["Contact 2"]
    assert caller.names(page=1, includeArchived="true") == ["Contact 1", "Contact 2"]


def test_ids_pick_contacts(reading, make_contact):
    ids = ",".join(make_contact(n)["ContactID"].upper() for n in (1, 3, 9))
    assert reading({}, {}, {}).names(IDs=ids) == ["Contact 1", "Contact 3"]


@pytest.mark.parametrize("field", ["Name", "LastName", "CompanyNumber", "EmailAddress"])
def test_search_term_looks_into_the_named_fields(reading, field):
    caller = reading({field: "xx Höfer yy"}, {"Website": "höfer"})
    assert len(caller.contacts(searchTerm="HÖFER")) == 1


def changed_since(moment):
    return {"If-Modified-Since": moment}


def test_changes_since_a_second(reading):
    # Contact n was changed n seconds after 2026-11-18T11:06:40.
    caller = reading({}, {}, {})
    since = changed_since("2026-11-18T11:06:42")
    assert caller.names(since, page=1) == ["Contact 3"]
    assert caller.names(changed_since("2026-11-18T11:06:43"), page=1) == []


def test_fraction_and_offset_of_the_moment_are_overlooked(reading):
    since = changed_since("2026-11-18T11:06:42.900000+13:00")
    assert reading({}, {}, {}).names(since) == ["Contact 3"]


@pytest.mark.parametrize(
    "moment", ["Wed, 18 Nov 2026 11:06:42 GMT", "/Date(1)/", "2026-99-99T00:00:00"]
)
def test_moment_in_another_form_filters_nothing(reading, moment):
    assert len(reading({}, {}).contacts(changed_since(moment))) == 2


def test_unpaged_list_of_a_huge_organisation_is_refused(reading, monkeypatch):
    monkeypatch.setattr("infra.xero_simulator.accounting.listing.HIGH_VOLUME", 2)
    caller = reading({}, {}, {})
    answer = caller.get("Contacts")
    assert (answer.status_code, answer.json["ErrorNumber"]) == (400, 51)
    assert len(caller.contacts(page=1)) == 3


def test_money_keeps_its_two_digits():
    assert render({"Outstanding": Decimal("760.00")}) == (
        b'{\r\n  "Outstanding": 760.00\r\n}'
    )
