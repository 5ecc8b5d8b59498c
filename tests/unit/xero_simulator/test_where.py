"""The `where` parameter: what it finds, and what it is refused for."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest

from infra.xero_simulator.accounting.where import NotUnderstood, parse

FIELDS = {
    "Name": str,
    "Contact.ContactID": UUID,
    "InvoiceID": UUID,
    "Total": Decimal,
    "IsSent": bool,
    "Date": datetime,
}
RECORD = {
    "Name": "Müller & Söhne (1)",
    "Contact": {"ContactID": "AAAAAAAA-0000-4000-8000-000000000001"},
    "InvoiceID": "bbbbbbbb-0000-4000-8000-000000000001",
    "Total": Decimal("100.50"),
    "IsSent": True,
    "Date": "/Date(1795132800000+0000)/",  # 20 November 2026
}
TRUE, FALSE = "Total>1", "Total>1000"


def holds(expression, record=RECORD):
    return parse(expression, FIELDS)(record)


@pytest.mark.parametrize(
    "expression",
    [
        'Name=="Müller & Söhne (1)"',
        'Name = "muller & sohne (1)"',
        'Name!="Other"',
        'Name.Contains("SÖHNE")',
        'Name.StartsWith("mu")',
        'Name.EndsWith("(1)")',
        'Contact.ContactID==guid("aaaaaaaa-0000-4000-8000-000000000001")',
        'InvoiceId==Guid("BBBBBBBB-0000-4000-8000-000000000001")',
        "Total==100.5",
        "Total>=100.50 AND Total<=100.50",
        "Total>-1 && Total<101 && Total!=7",
        "IsSent==true",
        "IsSent!=False",
        "Date==DateTime(2026,11,20)",
        "Date>DateTime(2026, 11, 19, 23, 59, 59)",
        "Date>=DateTime(2026,11,20) and Date<DateTime(2026,11,21)",
        "Name!=null",
        f"({FALSE}) OR ({TRUE})",
    ],
)
def test_record_is_found(expression):
    assert holds(expression)


@pytest.mark.parametrize(
    "expression",
    [
        'Name=="Müller"',
        'Name.Contains("x")',
        'InvoiceID==guid("cccccccc-0000-4000-8000-000000000001")',
        "Total<100.50",
        "IsSent==false",
        "Date<DateTime(2026,11,20)",
        "Name==null",
    ],
)
def test_record_is_not_found(expression):
    assert not holds(expression)


def test_and_binds_more_than_or():
    assert holds(f"{TRUE} OR {TRUE} AND {FALSE}")
    assert not holds(f"({TRUE} OR {TRUE}) AND {FALSE}")
    assert holds(f"{FALSE} && {FALSE} || {TRUE}")


def test_word_in_a_text_is_no_operator():
    assert holds('Name=="this AND (that"', {"Name": "this AND (that"})


@pytest.mark.parametrize("record", [{}, {"Name": None, "Total": None, "Contact": None}])
def test_what_is_not_there_is_null_and_in_no_order(record):
    assert holds('Name==null AND Name!="x" AND Total==null', record)
    assert holds("Contact.ContactID==null", record)
    assert not holds('Total>0 OR Total<=0 OR Name.Contains("")', record)


@pytest.mark.parametrize(
    "record",
    [
        {"Name": 5, "Total": "much", "IsSent": "yes", "Date": 7, "Contact": "x"},
        {"Name": [], "Total": {}, "IsSent": 0, "Date": "2026-11-20", "Contact": []},
        {"Name": {}, "Total": True, "IsSent": [], "Date": [], "InvoiceID": {}},
    ],
)
def test_value_of_another_type_is_not_found_and_breaks_nothing(record):
    for expression in (
        'Name=="x"',
        "Total==1",
        "IsSent==true",
        "Date>DateTime(2000,1,1)",
        'Contact.ContactID==guid("aaaaaaaa-0000-4000-8000-000000000001")',
        'InvoiceID==guid("aaaaaaaa-0000-4000-8000-000000000001")',
    ):
        assert not holds(expression, record)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        " ",
        "Name",
        "Name==",
        "==5",
        "Nonsense==1",
        "name.first==1",
        'Name=="open',
        "Name==unquoted",
        "Name=='single'",
        'Name=="a" "b"',
        'Name=="a" AND',
        'Name=="a" XOR Name=="b"',
        '(Name=="a"',
        'Name=="a")',
        "Name==5",
        'Total=="5"',
        'InvoiceID=="bbbbbbbb-0000-4000-8000-000000000001"',
        'InvoiceID==guid("nonsense")',
        "InvoiceID==guid()",
        "IsSent>true",
        'Name>"a"',
        "Total>null",
        'Total.Contains("1")',
        "Name.Contains(5)",
        'Name.Matches("a")',
        "Date==DateTime(2026,13,1)",
        "Date==DateTime(2026)",
        "Date==DateTime(2026,1,1,1)",
        'Date==DateTime("a","b","c")',
        f"Date==DateTime({'9' * 30},1,1)",
        'Date=="2026-11-20"',
        "Total===5",
        "Total<>5",
        "(" * 3000 + TRUE + ")" * 3000,
        "Name==\x00",
        "Total==٣",
    ],
)
def test_expression_that_is_none_is_refused(expression):
    with pytest.raises(NotUnderstood):
        parse(expression, FIELDS)


def test_every_list_filters(make_xero, make_contact, make_invoice):
    contacts = [make_contact(1, Name="Ana"), make_contact(2, Name="Bo")]
    groups = [{"ContactGroupID": n * 8, "Name": n} for n in "AB"]
    caller = make_xero(
        contacts, contact_groups=groups, invoices=[make_invoice(1), make_invoice(2)]
    ).connect()
    assert caller.names(where='Name=="ANÁ"') == ["Ana"]
    (group,) = caller.records("ContactGroups", where='Name.StartsWith("b")')
    assert group["Name"] == "B"
    (invoice,) = caller.invoices(where='Type=="ACCREC" AND InvoiceNumber=="inv-2"')
    assert invoice["InvoiceNumber"] == "INV-2"


@pytest.mark.parametrize("path", ["Contacts", "ContactGroups", "Invoices"])
def test_refusal_is_xeros_query_exception(caller, path):
    answer = caller.get(path, where="Nonsense==1")
    assert answer.status_code == 400
    assert answer.json["ErrorNumber"] == 16
    assert answer.json["Type"] == "QueryParseException"
    assert "Nonsense" in answer.json["Message"]


def test_summary_cannot_be_filtered_by_what_it_leaves_out(caller):
    assert caller.get("Contacts", where="IsCustomer==true").status_code == 200
    summary = {"where": "IsCustomer==true", "summaryOnly": "true"}
    assert caller.get("Contacts", **summary).status_code == 400
