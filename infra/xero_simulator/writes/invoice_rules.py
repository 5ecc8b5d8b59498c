"""What Xero does not take of an invoice.

Source: developer.xero.com, invoices; the messages as clients of the live API have met
them, but for those of `BAD_URL` and of what an approved invoice needs.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from infra.xero_simulator.currencies import is_subscribed
from infra.xero_simulator.mutations.documents import is_settled
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record, parts
from infra.xero_simulator.writes.invoice_contact import NO_CONTACT
from infra.xero_simulator.writes.invoice_members import LENGTHS
from infra.xero_simulator.writes.members import too_long

NO_LINES = "One or more line items must be specified"
NOT_SO = "Invoice not of valid status for creation"
NOT_NOW = "Invoice not of valid status for modification"
UNIQUE = "Invoice # must be unique."
NO_CURRENCY = "Organisation is not subscribed to currency {}"
BAD_URL = "The Url has to be an address that begins with http:// or https://."
NO_DUE_DATE = "An approved invoice needs a DueDate."
NO_ACCOUNT = "Account code must be specified"
NO_TYPE = "The Type of the invoice must be specified."

_UNAPPROVED = ("DRAFT", "SUBMITTED")
_NEW = (*_UNAPPROVED, "AUTHORISED")
# The changes that end an invoice, and what it has to be for them.
_ENDS = {"DELETED": ("delete", _UNAPPROVED), "VOIDED": ("void", ("AUTHORISED",))}


def refusals_of(
    tenant: Tenant, before: Record, fields: Record, sent: Record
) -> Iterator[str]:
    """Why an invoice cannot become what it would be; nothing if it can.

    :param before: the invoice as it is, `{}` if it is new
    :param fields: the members that change
    :param sent: all that was sent
    """
    after = before | fields
    yield from _bad_status(before, fields, after)
    if not before and not sent.get("Contact"):
        yield NO_CONTACT
    if not parts(after, "LineItems"):
        yield NO_LINES
    if not after.get("Type"):
        yield NO_TYPE
    yield from too_long(fields, LENGTHS)
    if _is_taken(tenant, before, after):
        yield UNIQUE
    currency = fields.get("CurrencyCode")
    if currency and not is_subscribed(tenant, currency):
        yield NO_CURRENCY.format(currency)
    url = urlsplit(fields.get("Url") or "https://x")
    if url.scheme not in ("http", "https") or not url.netloc:
        yield BAD_URL


def may_become(before: Record, fields: Record) -> str | None:
    """The change that ends an invoice, if that is what its new status asks for."""
    end = _ENDS.get(fields.get("Status", before.get("Status")))
    return end[0] if end else None


def _bad_status(before: Record, fields: Record, after: Record) -> Iterator[str]:
    status = after["Status"]
    if not before:
        if status not in _NEW:
            yield NOT_SO
    elif before.get("Status") not in _NEW or is_settled(before):
        yield NOT_NOW
        return
    elif status in _ENDS:
        if before["Status"] not in _ENDS[status][1]:
            yield NOT_NOW
    elif status not in _NEW or _NEW.index(status) < _NEW.index(before["Status"]):
        yield NOT_NOW
    if status == "AUTHORISED" and after.get("DueDate") is None:
        yield NO_DUE_DATE
    if status == "AUTHORISED" and not all(
        line.get("AccountCode") for line in parts(after, "LineItems")
    ):
        yield NO_ACCOUNT


def _is_taken(tenant: Tenant, before: Record, after: Record) -> bool:
    """Whether another sales invoice has the number."""
    number = after.get("InvoiceNumber")
    if not number or after.get("Type") != "ACCREC":
        return False
    own = before.get("InvoiceID")
    return any(each["InvoiceID"] != own for each in sales_numbered(tenant, number))


def sales_numbered(tenant: Tenant, number: str) -> list[Record]:
    """The sales invoices that have a number; a deleted one has it no longer."""
    return [
        each
        for each in tenant.invoices.saying(_number, number)
        if each.get("Type") == "ACCREC" and each.get("Status") != "DELETED"
    ]


def _number(invoice: Record) -> str:
    return str(invoice.get("InvoiceNumber") or "")
