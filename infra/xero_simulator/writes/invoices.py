"""`PUT` and `POST /Invoices`, `POST /Invoices/{InvoiceID}`.

PUT only creates. POST changes the invoice that is named by its InvoiceID, or a sales
invoice by its number, and creates one if none is. The contact is named by its
ContactID, ContactNumber or Name; a new name makes a new contact, and what else is sent
of it changes it, its persons too.

Source: developer.xero.com/documentation/api/accounting/invoices.
"""

from collections.abc import Callable
from functools import partial

from werkzeug.wrappers import Response

from infra.xero_simulator import mutations, refusals
from infra.xero_simulator.accounting.documents import unit_places, whole
from infra.xero_simulator.accounting.listing import without
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record
from infra.xero_simulator.writes.batch import NO_ID, Kind, Refused, write
from infra.xero_simulator.writes.body import invalid_data, read_elements
from infra.xero_simulator.writes.invoice_contact import contact_of
from infra.xero_simulator.writes.invoice_members import dates_as_shown, invoice_fields
from infra.xero_simulator.writes.invoice_rules import (
    may_become,
    refusals_of,
    sales_numbered,
)
from infra.xero_simulator.writes.members import guid, texts

WRITE = ("accounting.invoices",)

Named = Callable[[Tenant, Record], Record]
"""Which invoice a record is about; `{}` if it is a new one. Raises Refused."""


def create_invoices(exchange: Exchange) -> Response:
    return _write(exchange, lambda tenant, sent: {})


def update_or_create_invoices(exchange: Exchange) -> Response:
    return _write(exchange, _named)


def update_invoice(exchange: Exchange, invoice: str) -> Response:
    """One invoice by its InvoiceID or InvoiceNumber, whatever the body names."""
    invoices = exchange.tenant.invoices
    found = invoices.get(invoice) or _numbered(exchange.tenant, invoice)
    if found is None:
        return refusals.not_found()
    if len(read_elements(exchange.request, "Invoices")) > 1:
        raise invalid_data("one invoice is expected")
    return _write(exchange, lambda tenant, sent: found)


def _write(exchange: Exchange, named: Named) -> Response:
    kind = Kind("Invoices", partial(_save, named), partial(_echo, named))
    return write(exchange, kind, read_elements(exchange.request, "Invoices"))


def _named(tenant: Tenant, sent: Record) -> Record:
    given = texts(sent, {"InvoiceID": None, "InvoiceNumber": None})
    if (identifier := given.get("InvoiceID")) and identifier != NO_ID:
        found = tenant.invoices.get(guid(identifier))
        if found is None:
            raise Refused(f"There is no invoice with the InvoiceID {identifier}.")
        return found
    if sent.get("Type", "ACCREC") != "ACCREC":
        return {}
    return _numbered(tenant, given.get("InvoiceNumber") or "") or {}


def _save(named: Named, exchange: Exchange, sent: Record) -> Record:
    tenant, places = exchange.tenant, unit_places(exchange.request)
    before = named(tenant, sent)
    fields = invoice_fields(tenant, before, sent, places)
    if messages := list(refusals_of(tenant, before, fields, sent)):
        raise Refused(*messages)
    # The contact comes last: nothing is changed for an invoice that is refused.
    if contact := contact_of(exchange, before, sent):
        fields["Contact"] = {"ContactID": contact["ContactID"]}
    saved = _carried_out(exchange, before, fields)
    return whole(tenant, saved, places)


def _carried_out(exchange: Exchange, before: Record, fields: Record) -> Record:
    def change(action: str, invoice: Record) -> Record:
        change = {"action": action, "invoice": invoice}
        clock = exchange.simulator.clock
        return mutations.carry_out(exchange.tenant, clock, "invoices", change)

    if not before:
        made = change("add", fields)
        exchange.tenant.made_by[made["InvoiceID"]] = exchange.client_id
        return made
    identity = {"InvoiceID": before["InvoiceID"]}
    if action := may_become(before, fields):
        return change(action, identity)
    return change("update", fields | identity)


def _echo(named: Named, exchange: Exchange, sent: Record) -> Record:
    """What was sent, as Xero shows it beside what is wrong with it."""
    try:
        before = named(exchange.tenant, sent)
    except Refused:
        before = {}
    return {
        **without(sent, {"ValidationErrors"}),
        **dates_as_shown(sent),
        "InvoiceID": before.get("InvoiceID", NO_ID),
        "HasErrors": True,
    }


def _numbered(tenant: Tenant, number: str) -> Record | None:
    found = sales_numbered(tenant, number) if number else []
    return found[0] if found else None


_ALL = "/api.xro/2.0/Invoices"
ROUTES = [
    Route("PUT", _ALL, create_invoices, WRITE),
    Route("POST", _ALL, update_or_create_invoices, WRITE),
    Route("POST", f"{_ALL}/{{invoice}}", update_invoice, WRITE),
]
