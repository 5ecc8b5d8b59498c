"""What an app may write of an invoice, in the types that records have.

What only Xero sets (sums, payments, `HasAttachments`…) and what it does not know is
overlooked. Source: the schema Invoice of Xero's OpenAPI description.
"""

from collections.abc import Iterable
from decimal import Decimal

from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record, dated, day_of, member, number, parts
from infra.xero_simulator.writes.lines import LineWriter, total_discount
from infra.xero_simulator.writes.members import (
    choice,
    currency,
    dates,
    decimals,
    guid,
    objects,
    texts,
)

LENGTHS = {
    "InvoiceNumber": 255,
    "Reference": 255,
    "Url": None,
    "BrandingThemeID": None,
}
_CHOICES = {
    "Type": ("ACCREC", "ACCPAY"),
    "Status": ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"),
    "LineAmountTypes": ("Exclusive", "Inclusive", "NoTax"),
}
_NEVER_BLANK = ("InvoiceNumber", "CurrencyCode", "BrandingThemeID")
_DATES = ("Date", "DueDate")
_OTHER_DATES = ("ExpectedPaymentDate", "PlannedPaymentDate")


def invoice_fields(
    tenant: Tenant, before: Record, sent: Record, places: Decimal
) -> Record:
    """The members that a call gives an invoice; the contact is not among them.

    :param before: the invoice as it is, `{}` if it is new
    :param places: to how many places unit amounts are kept, as 0.01
    :raises ApiRefused: what was sent has not the form of an invoice
    :raises Refused: a line is not valid
    """
    fields = texts(sent, LENGTHS) | currency(sent, "CurrencyCode")
    for name in _NEVER_BLANK:
        if not fields.get(name):
            fields.pop(name, None)
    for name, values in _CHOICES.items():
        fields |= choice(sent, name, values)
    if "BrandingThemeID" in fields:
        fields["BrandingThemeID"] = guid(fields["BrandingThemeID"])
    fields |= dates(sent, _DATES)
    fields |= _shown(sent, _OTHER_DATES)
    if isinstance(sent.get("SentToContact"), bool):
        fields["SentToContact"] = sent["SentToContact"]
    if not before:
        fields = _new(fields)
    if fields.get("Type", before.get("Type")) == "ACCPAY":
        fields.pop("Reference", None)
    fields |= _rate(tenant, before, fields, sent)
    return fields | _lines(tenant, before, fields, sent, places)


def dates_as_shown(sent: Record) -> Record:
    """The dates that were sent, as Xero gives them."""
    return _shown(sent, (*_DATES, *_OTHER_DATES))


def _shown(sent: Record, names: Iterable[str]) -> Record:
    shown: Record = {}
    for name, day in dates(sent, names).items():
        shown |= dated(name, day_of(day) or 0)
    return shown


def _new(fields: Record) -> Record:
    """A new invoice is a draft, and due on no day unless one is sent."""
    base = {"Status": "DRAFT", "LineAmountTypes": "Exclusive", "DueDate": None}
    if fields.get("Type") == "ACCPAY":
        base["InvoiceNumber"] = ""
    return base | fields


def _rate(tenant: Tenant, before: Record, fields: Record, sent: Record) -> Record:
    """The rate that is sent, else that of the latest invoice in the currency."""
    if given := decimals(sent, ["CurrencyRate"]):
        return given
    code = fields.get("CurrencyCode")
    if code in (None, before.get("CurrencyCode")):
        return {}
    rates = [
        rate
        for each in tenant.invoices.records()
        if each.get("CurrencyCode") == code
        and (rate := number(each.get("CurrencyRate")))
    ]
    return {"CurrencyRate": rates[-1]} if rates else {}


def _lines(
    tenant: Tenant, before: Record, fields: Record, sent: Record, places: Decimal
) -> Record:
    """The lines that are sent, or what other amounts make of those that are there."""
    given = objects(sent, "LineItems")
    if not given and "LineAmountTypes" in sent and before:
        given = [_bare(line) for line in parts(before, "LineItems")]
    if not given:
        return {}
    both = before | fields
    writer = LineWriter(
        tenant, both.get("Type", "ACCREC"), both["LineAmountTypes"], places
    )
    lines = writer.lines(given, parts(before, "LineItems"))
    discount = total_discount(lines)
    return {
        "LineItems": lines,
        "IsDiscounted": bool(discount),
        "TotalDiscount": discount or None,
    }


def _bare(line: Record) -> Record:
    """A line as if it were sent with its id alone."""
    return {"LineItemID": member(line, "LineItemID")}
