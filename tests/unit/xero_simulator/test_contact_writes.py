"""Contacts that an app creates and changes: what is kept, replaced and refused."""

import pytest

from infra.xero_simulator.writes import contact_rules as rules

ONE_BY_ONE = {"summarizeErrors": "false"}
NO_ID = "00000000-0000-0000-0000-000000000000"
EMAIL = "bob@bayside.example"


def id_of(number):
    return f"{number:08d}-0000-4000-8000-000000000000"


@pytest.fixture
def put(writer):
    """Creates contacts one by one: an element for each."""

    def call(*contacts):
        answer = writer.write("PUT", "Contacts", {"Contacts": contacts}, **ONE_BY_ONE)
        assert answer.status_code == 200, answer.text
        return answer.json["Contacts"]

    return call


@pytest.fixture
def post(writer):
    def call(*contacts):
        answer = writer.write("POST", "Contacts", {"Contacts": contacts}, **ONE_BY_ONE)
        assert answer.status_code == 200, answer.text
        return answer.json["Contacts"]

    return call


def messages(element):
    return [each["Message"] for each in element.get("ValidationErrors", [])]


def entry(contact, name, kind):
    key = {"Phones": "PhoneType", "Addresses": "AddressType"}[name]
    return next(each for each in contact[name] if each[key] == kind)


def test_new_contact_is_answered_and_read_as_it_is(put, writer):
    (made,) = put({"Name": "Bayside", "ContactNumber": "B-1", "EmailAddress": EMAIL})
    assert made["StatusAttributeString"] == "OK"
    assert made["ContactID"] != NO_ID
    assert made["ContactStatus"] == "ACTIVE"
    assert made["UpdatedDateUTC"] == "/Date(1795176000000+0000)/"
    (read,) = writer.get("Contacts/B-1").json["Contacts"]
    assert read | {"StatusAttributeString": "OK"} == made


def test_new_contact_lists_every_type_of_phone_and_address(put):
    (made,) = put({"Name": "Bayside"})
    phones = [phone["PhoneType"] for phone in made["Phones"]]
    assert phones == ["DDI", "DEFAULT", "FAX", "MOBILE"]
    assert [a["AddressType"] for a in made["Addresses"]] == ["STREET", "POBOX"]
    assert entry(made, "Phones", "FAX")["PhoneNumber"] == ""


@pytest.mark.parametrize(
    "body",
    [
        {"Contacts": [{"Name": "Bayside"}]},
        {"Contacts": {"Name": "Bayside"}},
        {"Name": "Bayside"},
        [{"Name": "Bayside"}],
    ],
)
def test_body_may_be_a_list_or_one_contact(writer, body):
    (made,) = writer.write("PUT", "Contacts", body).json["Contacts"]
    assert made["Name"] == "Bayside"
    assert "StatusAttributeString" not in made


def test_members_that_only_xero_sets_are_overlooked(put):
    (made,) = put(
        {
            "Name": "Bayside",
            "ContactID": id_of(1),
            "IsCustomer": True,
            "Website": "https://x.example",
            "Discount": 5,
            "UpdatedDateUTC": "/Date(0)/",
            "Balances": {"AccountsReceivable": {"Outstanding": 9, "Overdue": 9}},
            "MergedToContactID": id_of(2),
            "ContactGroups": [{"Name": "VIP"}],
            "NoSuchMember": 1,
        }
    )
    assert made["ContactID"] != id_of(1)
    assert made["IsCustomer"] is False
    assert made["ContactGroups"] == []
    assert made["UpdatedDateUTC"] != "/Date(0)/"
    gone = {"Website", "Discount", "Balances", "MergedToContactID", "NoSuchMember"}
    assert not gone & made.keys()


@pytest.mark.parametrize("name", ["Contact 1", "CONTACT 1", "Cóntact 1"])
def test_name_of_an_active_contact_is_taken(put, name):
    (refused,) = put({"Name": name})
    assert messages(refused) == [rules.UNIQUE_NAME.format(name)]
    assert refused["StatusAttributeString"] == "ERROR"
    assert (refused["ContactID"], refused["Name"]) == (NO_ID, name)


def test_name_of_an_archived_contact_is_free_but_its_number_is_not(put, change):
    fields = {"ContactID": id_of(1), "ContactNumber": "N-1"}
    change(action="update", contact=fields)
    change(action="archive", contact={"ContactID": id_of(1)})
    made, refused = put(
        {"Name": "Contact 1"}, {"Name": "Another", "ContactNumber": "N-1"}
    )
    assert messages(made) == []
    assert messages(refused) == [rules.UNIQUE_NUMBER.format("N-1")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Name": None}, rules.NO_NAME),
        ({"Name": "  "}, rules.NO_NAME),
        ({"Name": "<b>"}, rules.BAD_NAME),
        ({"Name": "a > b"}, rules.BAD_NAME),
        ({"Name": " Bayside"}, rules.BLANKS),
        ({"Name": "Bayside "}, rules.BLANKS),
        ({"Name": "Bay  side"}, rules.BLANKS),
        ({"EmailAddress": "bob"}, rules.BAD_EMAIL),
        ({"EmailAddress": "böb@x.example"}, rules.BAD_EMAIL),
        ({"EmailAddress": "b b@x.example"}, rules.BAD_EMAIL),
        ({"ContactPersons": [{"FirstName": "A"}]}, rules.NO_EMAIL),
        (
            {"EmailAddress": EMAIL, "ContactPersons": [{"FirstName": "A"}] * 6},
            rules.TOO_MANY,
        ),
        (
            {"EmailAddress": EMAIL, "ContactPersons": [{"EmailAddress": "x"}]},
            rules.BAD_EMAIL,
        ),
        (
            {"Addresses": [{"AddressType": "POBOX", "Country": "Côte d'Ivoire"}]},
            rules.BAD_COUNTRY,
        ),
        ({"ContactStatus": "GDPRREQUEST"}, rules.NO_REQUEST),
    ],
)
def test_what_xero_does_not_take_is_said(put, xero, fields, expected):
    before = len(xero.first.contacts)
    (refused,) = put({"Name": "Bayside"} | fields)
    assert messages(refused) == [expected]
    assert len(xero.first.contacts) == before


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("Name", 255),
        ("ContactNumber", 50),
        ("AccountNumber", 50),
        ("FirstName", 255),
        ("LastName", 255),
        ("CompanyNumber", 50),
        ("TaxNumber", 50),
    ],
)
def test_text_may_be_so_long(put, name, longest):
    def named(length):
        return {"Name": f"Bayside {length}"} | {name: "x" * length}

    fits, refused = put(named(longest), named(longest + 1))
    assert messages(fits) == []
    assert messages(refused) == [
        f"{name} must not be longer than {longest} characters."
    ]


def test_parts_may_be_so_long(put):
    phone = {"PhoneType": "DDI", "PhoneNumber": "1" * 51, "PhoneAreaCode": "1" * 11}
    address = {"AddressType": "POBOX", "AddressLine1": "x" * 501}
    (refused,) = put({"Name": "B", "Phones": [phone], "Addresses": [address]})
    assert messages(refused) == [
        "DDI PhoneNumber must not be longer than 50 characters.",
        "DDI PhoneAreaCode must not be longer than 10 characters.",
        "POBOX AddressLine1 must not be longer than 500 characters.",
    ]


def test_omitted_and_null_members_are_kept_and_blank_ones_cleared(xero, put, post):
    sent = {"EmailAddress": EMAIL, "FirstName": "Bob", "TaxNumber": "1"}
    (made,) = put({"Name": "Bayside", **sent})
    xero.advance(seconds=9)
    identity = {"ContactID": made["ContactID"]}
    (changed,) = post(identity | {"FirstName": None, "TaxNumber": "", "LastName": "P"})
    assert changed["Name"] == "Bayside"
    assert changed["EmailAddress"] == EMAIL
    assert changed["FirstName"] == "Bob"
    assert changed["TaxNumber"] == ""
    assert changed["LastName"] == "P"
    assert changed["UpdatedDateUTC"] == "/Date(1795176009000+0000)/"


def test_phones_and_addresses_are_merged_by_type(put, post):
    desk = {"PhoneType": "DEFAULT", "PhoneNumber": "1", "PhoneAreaCode": "9"}
    mobile = {"PhoneType": "MOBILE", "PhoneNumber": "2"}
    street = {"AddressType": "STREET", "AddressLine1": "1 Way", "City": "Nelson"}
    (made,) = put({"Name": "B", "Phones": [desk, mobile], "Addresses": [street]})
    (changed,) = post(
        {
            "ContactID": made["ContactID"],
            "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "3"}],
            "Addresses": [{"AddressType": "POBOX", "City": "Bluff"}],
        }
    )
    assert entry(changed, "Phones", "DEFAULT").items() >= {
        ("PhoneNumber", "3"),
        ("PhoneAreaCode", "9"),
    }
    assert entry(changed, "Phones", "MOBILE")["PhoneNumber"] == "2"
    assert entry(changed, "Addresses", "STREET")["AddressLine1"] == "1 Way"
    assert entry(changed, "Addresses", "POBOX")["City"] == "Bluff"
    (cleared,) = post(
        {
            "ContactID": made["ContactID"],
            "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": ""}],
        }
    )
    assert entry(cleared, "Phones", "MOBILE")["PhoneNumber"] == ""
    assert entry(cleared, "Phones", "DEFAULT")["PhoneNumber"] == "3"


def test_persons_are_replaced_and_an_empty_list_means_nothing(put, post):
    persons = [{"FirstName": "Ann", "LastName": "Lee"}, {"FirstName": "Joe"}]
    (made,) = put({"Name": "B", "EmailAddress": EMAIL, "ContactPersons": persons})
    identity = {"ContactID": made["ContactID"]}
    (kept,) = post(identity | {"ContactPersons": []})
    assert [each["FirstName"] for each in kept["ContactPersons"]] == ["Ann", "Joe"]
    (replaced,) = post(identity | {"ContactPersons": [{"FirstName": "Zoe"}]})
    assert replaced["ContactPersons"] == [
        {
            "FirstName": "Zoe",
            "LastName": "",
            "EmailAddress": "",
            "IncludeInEmails": False,
        }
    ]


def test_what_is_not_valid_already_can_stay(xero, make_contact, post):
    bad = {"AddressType": "POBOX", "Country": "Côte d'Ivoire"}
    xero.first.contacts.put(make_contact(9, Name="A  <b>", Addresses=[bad]))
    (changed,) = post({"ContactID": id_of(9), "LastName": "P"})
    assert messages(changed) == []
    assert entry(changed, "Addresses", "POBOX") == bad


def test_what_is_there_twice_already_can_stay(xero, make_contact, post):
    twins = {"Name": "Twin", "ContactNumber": "T"}
    for number in (8, 9):
        xero.first.contacts.put(make_contact(number, **twins))
    changed, refused = post(
        {"ContactID": id_of(8), "LastName": "P"}, {"ContactID": id_of(9), **twins}
    )
    assert messages(changed) == []
    assert messages(refused) == [
        rules.UNIQUE_NAME.format("Twin"),
        rules.UNIQUE_NUMBER.format("T"),
    ]


def test_post_without_an_id_changes_whoever_has_the_number_else_the_name(
    change, post, xero
):
    change(action="update", contact={"ContactID": id_of(1), "ContactNumber": "N-1"})
    by_number, by_name, new = post(
        {"ContactNumber": "N-1", "Name": "Renamed"},
        {"ContactNumber": "N-2", "Name": "contact 2"},
        {"Name": "Nobody yet"},
    )
    assert (by_number["ContactID"], by_number["Name"]) == (id_of(1), "Renamed")
    assert (by_name["ContactID"], by_name["Name"]) == (id_of(2), "contact 2")
    assert by_name["ContactNumber"] == "N-2"
    assert len(xero.first.contacts) == 4
    assert new["ContactID"] not in (id_of(1), id_of(2), id_of(3))


def test_post_has_to_say_whom_it_means(post):
    unknown, nobody = post({"ContactID": id_of(77)}, {"LastName": "P"})
    assert messages(unknown) == [f"There is no contact with the ContactID {id_of(77)}."]
    assert messages(nobody) == [rules.NOBODY]


def test_contact_is_changed_at_its_own_address(writer):
    answer = writer.write("POST", f"Contacts/{id_of(2)}", {"LastName": "P"})
    (changed,) = answer.json["Contacts"]
    assert (changed["ContactID"], changed["LastName"]) == (id_of(2), "P")
    assert writer.write("POST", f"Contacts/{id_of(77)}", {}).status_code == 404


def test_new_name_is_on_the_documents_too(xero, make_invoice, writer):
    xero.first.invoices.put(make_invoice(1))
    writer.write("POST", f"Contacts/{id_of(1)}", {"Name": "Renamed"})
    assert writer.invoices()[0]["Contact"]["Name"] == "Renamed"


def test_archived_contact_can_only_be_restored(post):
    def act(**fields):
        (element,) = post({"ContactID": id_of(1), **fields})
        return messages(element) or element["ContactStatus"]

    assert act(ContactStatus="ARCHIVED") == "ARCHIVED"
    assert act(LastName="P") == [rules.ARCHIVED]
    assert act(ContactStatus="ACTIVE") == "ACTIVE"
    assert act(LastName="P") == "ACTIVE"


def test_archived_contact_whose_name_is_taken_again_stays_archived(put, post):
    post({"ContactID": id_of(1), "ContactStatus": "ARCHIVED"})
    put({"Name": "Contact 1"})
    (refused,) = post({"ContactID": id_of(1), "ContactStatus": "ACTIVE"})
    assert messages(refused) == [rules.UNIQUE_NAME.format("Contact 1")]


def test_merged_and_erased_contacts_cannot_be_changed(change, post):
    change(action="merge", contact={"ContactID": id_of(1)}, into=id_of(2))
    erased = {"ContactID": id_of(3), "ContactStatus": "GDPRREQUEST"}
    change(action="update", contact=erased)
    merged, asked = post(
        {"ContactID": id_of(1), "ContactStatus": "ACTIVE"},
        {"ContactID": id_of(3), "LastName": "P"},
    )
    assert messages(merged) == [rules.MERGED]
    assert messages(asked) == [rules.ERASED]


def test_batch_without_the_flag_is_400_and_names_the_refused_alone(writer, xero):
    batch = [{"Name": "Good"}, {"Name": "Contact 1"}, {"Name": "Better"}]
    answer = writer.write("PUT", "Contacts", {"Contacts": batch})
    assert answer.status_code == 400
    error = answer.json
    assert (error["ErrorNumber"], error["Type"]) == (10, "ValidationException")
    (element,) = error["Elements"]
    assert (element["ContactID"], element["Name"]) == (NO_ID, "Contact 1")
    assert element["HasValidationErrors"] is True
    assert xero.first.contacts.find(lambda each: each["Name"] == "Better")


def test_batch_sees_what_it_wrote_itself(put):
    first, second = put({"Name": "Twice"}, {"Name": "Twice"})
    assert messages(first) == []
    assert messages(second) == [rules.UNIQUE_NAME.format("Twice")]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b'"text"',
        b'{"Contacts": 5}',
        b'{"Contacts": ["x"]}',
        b'{"Name": ["x"]}',
        b'{"Name": true}',
        b'{"Name": "x\\u0000y"}',
        b'{"Name": "\\ud800"}',
        b'{"Name": "x", "Phones": "555"}',
        b'{"Name": "x", "Phones": [{"PhoneType": "HOME"}]}',
        b'{"Name": "x", "ContactStatus": "GONE"}',
        b'{"Name": "x", "PaymentTerms": 5}',
        b'{"Name": "x", "DefaultCurrency": "dollar"}',
        b'{"Name": NaN}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_contact_is_not_read_at_all(writer, xero, body):
    answer = xero.http.put(
        "/api.xro/2.0/Contacts",
        data=body,
        headers=writer.headers,
        query_string=ONE_BY_ONE,
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert answer.json["ErrorNumber"] == 14
    assert answer.json["Type"] == "PostDataInvalidException"
    assert len(xero.first.contacts) == 3


@pytest.mark.parametrize("body", [{}, {"Contacts": []}, []])
def test_nothing_sent_is_nothing_done(writer, body):
    answer = writer.write("PUT", "Contacts", body)
    assert (answer.status_code, answer.json["ErrorNumber"]) == (400, 17)


def test_who_may_only_read_does_not_write(caller, writer, xero):
    answer = caller.write("PUT", "Contacts", {"Name": "Bayside"})
    assert answer.status_code == 401
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    assert len(xero.first.contacts) == 3


def test_written_contact_is_found_by_name_number_and_time(xero, put, writer):
    xero.advance(minutes=10)
    put({"Name": "Báyside", "ContactNumber": "B-1"})
    since = {"If-Modified-Since": "2026-11-20T12:05:00"}
    assert writer.names(where='Name=="bayside"') == ["Báyside"]
    assert writer.names(headers=since) == ["Báyside"]
    assert writer.names(searchTerm="b-1") == ["Báyside"]


def test_writes_count_as_calls_and_are_logged(xero, writer, control):
    xero.simulator.limits.rules.minute = 2
    assert writer.write("PUT", "Contacts", {"Name": "A"}).status_code == 200
    answer = writer.write("PUT", "Contacts", {"Name": "B"})
    assert answer.headers["X-MinLimit-Remaining"] == "0"
    assert writer.write("PUT", "Contacts", {"Name": "C"}).status_code == 429
    logged = control("GET", "/requests", query_string={"method": "PUT"})
    assert logged["by_status"] == {"200": 2, "429": 1}
    assert len(xero.first.contacts) == 5
