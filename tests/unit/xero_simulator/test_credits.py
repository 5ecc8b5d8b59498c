"""Credit notes, overpayments and prepayments: listed, allocated, refunded, ended."""

import pytest

NOW = "/Date(1795176000000+0000)/"
CONTACT = "00000001-0000-4000-8000-000000000000"
OTHER = "00000002-0000-4000-8000-000000000000"
KINDS = {
    "credit_notes": ("credit_note", "CreditNoteID", "CreditNotes"),
    "overpayments": ("overpayment", "OverpaymentID", "Overpayments"),
    "prepayments": ("prepayment", "PrepaymentID", "Prepayments"),
}
EACH = pytest.mark.parametrize("kind", KINDS)
LINES = [{"Description": "Back", "Quantity": 2, "UnitAmount": 20.1234}]


@pytest.fixture
def add(change):
    """A document of 40.25 unless its fields say otherwise."""

    def made(kind, expected=200, **fields):
        name = "invoice" if kind == "invoices" else KINDS[kind][0]
        whole = {"Contact": {"ContactID": CONTACT}, "LineItems": LINES, **fields}
        return change(expected, kind, **{"action": "add", name: whole})

    return made


@pytest.fixture
def act(change):
    def acts(kind, record, action, expected=200, fields=None, **more):
        name, key = {"invoices": ("invoice", "InvoiceID")}.get(kind) or KINDS[kind][:2]
        named = {key: record[key], **(fields or {})}
        return change(expected, kind, **{"action": action, name: named, **more})

    return acts


@pytest.fixture
def owed(caller):
    def read(contact_id=CONTACT):
        (contact,) = caller.get(f"Contacts/{contact_id}").json["Contacts"]
        return contact["Balances"]["AccountsReceivable"]["Outstanding"]

    return read


def single(caller, kind, record):
    _, key, plural = KINDS[kind]
    answer = caller.get(f"{plural}/{record[key]}")
    assert answer.status_code == 200, answer.text
    return answer.json[plural][0]


@EACH
def test_listed_with_lines_only_when_paged(kind, add, caller):
    made = add(kind)
    plural = KINDS[kind][2]
    (unpaged,) = caller.records(plural)
    (paged,) = caller.records(plural, page=1, unitdp=4)
    assert (unpaged["LineItems"], unpaged["RemainingCredit"]) == ([], 40.25)
    assert paged["LineItems"][0]["UnitAmount"] == 20.1234
    assert set(paged["Contact"]) > {"ContactID", "Name", "Addresses"}
    assert paged["UpdatedDateUTC"] == NOW
    whole = single(caller, kind, made)
    assert whole["LineItems"][0]["UnitAmount"] == 20.12
    assert whole["Contact"]["ContactStatus"] == "ACTIVE"


@EACH
def test_pages_order_filter_and_changes_since(kind, add, caller, xero):
    _, key, plural = KINDS[kind]
    made = [add(kind), add(kind, Status="DRAFT")]
    xero.advance(minutes=1)
    made.append(add(kind, Reference="Third"))
    paged = [caller.records(plural, page=n, pageSize=1, order=key) for n in (1, 2, 3)]
    assert [p[0][key] for p in paged] == sorted(each[key] for each in made)
    answer = caller.get(plural, page=1, pageSize=2)
    assert answer.json["pagination"]["itemCount"] == 3
    drafts = caller.records(plural, where='Status=="DRAFT"')
    assert [each[key] for each in drafts] == [made[1][key]]
    since = {"If-Modified-Since": "2026-11-20T12:00:00"}
    assert [each["Reference"] for each in caller.records(plural, since)] == ["Third"]
    bills = caller.records(plural, where=f'Type!="{made[0]["Type"]}"')
    assert bills == []
    assert caller.get(plural, where="Colour==1").status_code == 400


def test_own_parameters_of_over_and_prepayments(add, caller):
    add("overpayments", Reference="A")
    add("overpayments", Reference="B")
    add("prepayments", InvoiceNumber="INV-1")
    add("prepayments", InvoiceNumber="INV-2")
    assert len(caller.records("Overpayments", References="B,C")) == 1
    assert len(caller.records("Prepayments", InvoiceNumbers="INV-2")) == 1


def test_credit_note_by_its_number_and_nobody(add, caller):
    made = add("credit_notes", CreditNoteNumber="CN-7")
    (found,) = caller.get("CreditNotes/CN-7").json["CreditNotes"]
    assert found["CreditNoteID"] == made["CreditNoteID"]
    for plural in ("CreditNotes", "Overpayments", "Prepayments"):
        assert caller.get(f"{plural}/nobody").status_code == 404


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("CreditNotes", "accounting.invoices.read"),
        ("Overpayments", "accounting.payments.read"),
        ("Prepayments", "accounting.payments.read"),
    ],
)
def test_each_has_its_scope(xero, path, scope):
    own = xero.connect(scope=f"openid {scope}")
    assert own.get(path).status_code == 200
    assert own.get("Contacts").status_code == 401


@EACH
def test_allocation_is_told_by_both_sides(kind, add, act, caller, owed, xero):
    _, key, plural = KINDS[kind]
    invoice = add("invoices", LineItems=[{"UnitAmount": 100}])
    credit = add(kind, Date="2026-11-10")
    assert owed() == 59.75
    xero.advance(minutes=1)
    more = {"invoice": invoice["InvoiceID"], "amount": 30.5, "date": "2026-11-18"}
    after = act(kind, credit, "allocate", **more)
    assert after["RemainingCredit"] == 9.75
    (allocation,) = after["Allocations"]
    assert (allocation["Amount"], allocation["Date"]) == (
        30.5,
        "/Date(1794960000000+0000)/",
    )
    assert allocation["Invoice"]["InvoiceNumber"] == invoice["InvoiceNumber"]
    (read,) = caller.invoices(page=1)
    assert (read["AmountDue"], read["AmountCredited"]) == (69.5, 30.5)
    (named,) = read[plural]
    assert (named[key], named["ID"]) == (credit[key], credit[key])
    assert (named["AppliedAmount"], named["Total"]) == (30.5, 40.25)
    assert named["DateString"] == "2026-11-10T00:00:00"
    assert read["UpdatedDateUTC"] != invoice["UpdatedDateUTC"]
    assert owed() == 59.75


def test_allocated_twice_to_one_invoice_is_named_once(add, act, caller):
    invoice = add("invoices", LineItems=[{"UnitAmount": 100}])
    credit = add("credit_notes")
    for amount in (10, 5):
        to = {"invoice": invoice["InvoiceID"], "amount": amount}
        act("credit_notes", credit, "allocate", **to)
    (read,) = caller.invoices()
    assert [each["AppliedAmount"] for each in read["CreditNotes"]] == [15]
    (credit,) = caller.records("CreditNotes")
    assert [each["Amount"] for each in credit["Allocations"]] == [10, 5]


def test_credit_over_several_invoices_pays_the_first(add, act, caller):
    first, second = (add("invoices", LineItems=[{"UnitAmount": n}]) for n in (30, 50))
    credit = add("credit_notes")
    for invoice in (first, second):
        after = act(
            "credit_notes",
            credit,
            "allocate",
            invoice=invoice["InvoiceID"],
            date="2026-11-19",
        )
    assert (after["Status"], after["RemainingCredit"]) == ("PAID", 0)
    assert after["FullyPaidOnDate"] == "/Date(1795046400000+0000)/"
    paid, open_still = caller.invoices(order="InvoiceNumber")
    assert (paid["Status"], paid["AmountDue"]) == ("PAID", 0)
    assert paid["FullyPaidOnDate"] == "/Date(1795046400000+0000)/"
    assert (open_still["Status"], open_still["AmountDue"]) == ("AUTHORISED", 39.75)


@EACH
def test_allocation_taken_back(kind, add, act, caller, owed):
    invoice, credit = add("invoices"), add(kind)
    act(kind, credit, "allocate", invoice=invoice["InvoiceID"])
    assert caller.invoices()[0]["Status"] == "PAID"
    after = act(kind, credit, "deallocate")
    assert (after["Status"], after["RemainingCredit"]) == ("AUTHORISED", 40.25)
    (read,) = caller.invoices()
    assert (read["Status"], read["AmountDue"], read[KINDS[kind][2]]) == (
        "AUTHORISED",
        40.25,
        [],
    )
    assert "FullyPaidOnDate" not in read
    assert owed() == 0


@EACH
def test_refund_and_void(kind, add, act, owed):
    credit = add(kind)
    part = act(kind, credit, "refund", amount=40)
    assert (part["RemainingCredit"], part["Status"]) == (0.25, "AUTHORISED")
    assert owed() == -0.25
    assert act(kind, credit, "void", 400)["error"]
    assert act(kind, credit, "refund")["Status"] == "PAID"
    voided = act(kind, add(kind), "void")
    assert (voided["Status"], voided["RemainingCredit"]) == ("VOIDED", 0)
    assert owed() == 0


def test_draft_credit_note_is_deleted_and_counts_for_nothing(add, act, owed):
    draft = add("credit_notes", Status="DRAFT")
    assert (draft["RemainingCredit"], owed()) == (40.25, 0)
    deleted = act("credit_notes", draft, "delete")
    assert (deleted["Status"], deleted["RemainingCredit"]) == ("DELETED", 0)
    assert act("overpayments", add("overpayments"), "delete", 400)["error"]


def test_draft_invoice_is_deleted_and_a_payment_taken_back(add, act, owed):
    draft = add("invoices", Status="DRAFT")
    assert act("invoices", draft, "delete")["Status"] == "DELETED"
    invoice = add("invoices")
    act("invoices", invoice, "pay", amount=10)
    paid = act("invoices", invoice, "pay")
    assert (paid["Status"], owed()) == ("PAID", 0)
    first = paid["Payments"][0]["PaymentID"]
    after = act("invoices", invoice, "unpay", payment=first)
    assert (after["AmountPaid"], after["AmountDue"]) == (30.25, 10)
    assert (after["Status"], owed()) == ("AUTHORISED", 10)
    assert act("invoices", invoice, "delete", 400)["error"]


def test_remaining_credit_lessens_what_is_outstanding_and_not_what_is_overdue(
    add, caller
):
    add("invoices", DueDate="2026-11-19", LineItems=[{"UnitAmount": 100}])
    add("credit_notes", Date="2026-10-01")
    add("prepayments", CurrencyCode="USD", CurrencyRate=0.5)
    (contact,) = caller.get(f"Contacts/{CONTACT}").json["Contacts"]
    assert contact["Balances"]["AccountsReceivable"] == {
        "Outstanding": -20.75,
        "Overdue": 100.0,
    }


def test_bills_have_credits_of_their_own(add, act, caller):
    bill = add("invoices", Type="ACCPAY")
    credit = add("credit_notes", Type="ACCPAYCREDIT")
    sale = add("credit_notes")
    to = {"invoice": bill["InvoiceID"]}
    assert act("credit_notes", sale, "allocate", 400, **to)["error"]
    act("credit_notes", credit, "allocate", **to)
    (contact,) = caller.get(f"Contacts/{CONTACT}").json["Contacts"]
    assert contact["Balances"]["AccountsPayable"]["Outstanding"] == 0
    assert contact["IsSupplier"] and contact["IsCustomer"]


def test_merged_and_renamed_contacts_take_their_credits_along(
    add, change, caller, owed
):
    add("overpayments")
    change(action="update", contact={"ContactID": CONTACT, "Name": "Renamed"})
    assert caller.records("Overpayments")[0]["Contact"]["Name"] == "Renamed"
    change(action="merge", contact={"ContactID": CONTACT}, into=OTHER)
    assert caller.records("Overpayments")[0]["Contact"]["ContactID"] == OTHER
    assert (owed(), owed(OTHER)) == (0, -40.25)


def test_allocation_that_makes_no_sense_is_refused(add, act):
    invoice, credit = add("invoices"), add("credit_notes")
    of_other = add("invoices", Contact={"ContactID": OTHER})
    in_dollars = add("invoices", CurrencyCode="USD")
    draft = add("invoices", Status="DRAFT")
    for refused in (
        {"invoice": None},
        {"invoice": "nobody"},
        {"invoice": of_other["InvoiceID"]},
        {"invoice": in_dollars["InvoiceID"]},
        {"invoice": draft["InvoiceID"]},
        {"invoice": invoice["InvoiceID"], "amount": 40.26},
        {"invoice": invoice["InvoiceID"], "amount": 0.001},
        {"invoice": invoice["InvoiceID"], "date": "never"},
    ):
        assert act("credit_notes", credit, "allocate", 400, **refused)["error"]
    assert act("credit_notes", credit, "deallocate", 400)["error"]
    assert act("credit_notes", credit, "pay", 400)["error"]


def test_what_is_settled_keeps_its_amounts(add, act):
    invoice, credit = add("invoices"), add("credit_notes")
    act("credit_notes", credit, "allocate", invoice=invoice["InvoiceID"], amount=1)
    for kind, record in (("invoices", invoice), ("credit_notes", credit)):
        for fields in ({"LineItems": []}, {"Contact": {"ContactID": OTHER}}):
            assert act(kind, record, "update", 400, fields)["error"]
        assert act(kind, record, "update", fields={"Reference": "R"})["Reference"]
        assert act(kind, record, "void", 400)["error"]
    assert add("credit_notes", 400, Allocations=[])["error"]


def test_planned_allocation_happens_between_two_pages(add, act, caller):
    invoice, _ = add("invoices"), add("invoices")
    credit = add("credit_notes")
    after = {"path": "/api.xro/2.0/Invoices", "calls": 1}
    to = {"invoice": invoice["InvoiceID"], "after": after}
    act("credit_notes", credit, "allocate", 202, **to)
    (before,) = caller.invoices(page=1, pageSize=1, order="InvoiceNumber")
    assert before["AmountDue"] == 40.25
    (then,) = caller.invoices(page=1, pageSize=1, order="InvoiceNumber")
    assert then["AmountDue"] == 0
