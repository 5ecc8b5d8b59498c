"""What is written to Xero: contacts and draft invoices, each once for its key."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from ...logic.clock import iso
from ...logic.model.write import CREATED, UNKNOWN, Written
from ..answers import (
    ContactAnswer,
    ContactWrittenAnswer,
    InvoiceWrittenAnswer,
    UnknownAnswer,
)
from ..documentation import SINGLE_CALLS, refuses
from ..inputs import (
    ChangedContactBody,
    Id,
    IdempotencyKey,
    NewContactBody,
    NewInvoiceBody,
    XeroId,
    in_xeros_words,
)
from ..observability import count, logger
from ..services import Services
from .request import Request

_CONNECTION = "/v1/connections/<connection>"
_LOST = {
    "description": "Xero's answer was lost; the same key asks again.",
    "content": {"application/json": {"model": UnknownAnswer}},
}
_OF_WRITES = (
    *SINGLE_CALLS,
    "record_unknown",
    "xero_validation",
    "write_in_progress",
    "idempotency_key_reused",
)


def _done(model: type, **said: str) -> dict[int, Any]:
    """The answers of a write, by status; `said` of those where it was done."""
    answers = {
        int(status.removeprefix("of_")): {
            "description": text,
            "content": {"application/json": {"model": model}},
        }
        for status, text in said.items()
    }
    return {**answers, 202: _LOST}


_FOUND = "It was there already, by an earlier try or otherwise."
_CONTACT_MADE = _done(ContactWrittenAnswer, of_201="It was made.", of_200=_FOUND)
_CONTACT_CHANGED = _done(ContactWrittenAnswer, of_200="It is so now, or was already.")
_INVOICE_MADE = _done(InvoiceWrittenAnswer, of_201="It was made.", of_200=_FOUND)


def write_routes(services: Services, request: Request) -> APIGatewayHttpRouter:
    router = APIGatewayHttpRouter()
    contacts, invoices = services.contacts, services.invoices

    @router.get(f"{_CONNECTION}/contacts/<contact>")
    @refuses(*SINGLE_CALLS, "record_unknown")
    def get_contact(connection: Id, contact: XeroId) -> ContactAnswer:
        """One contact, as Xero has it at this moment."""
        record, read_at = contacts.get(request.instance, connection, str(contact))
        return {"contact": record, "read_at": iso(read_at)}

    @router.post(f"{_CONNECTION}/contacts", responses=_CONTACT_MADE)
    @refuses(*_OF_WRITES, "contact_exists", "contact_number_taken")
    def create_contact(
        connection: Id, key: IdempotencyKey, body: Annotated[NewContactBody, Body()]
    ) -> tuple[ContactWrittenAnswer | UnknownAnswer, int]:
        """Make a contact.

        Its ContactNumber finds it again: where an earlier try made it, that is the
        answer.
        """
        written = contacts.create(
            request.instance,
            connection,
            key,
            in_xeros_words(body.contact),
            body.automatic,
        )
        return _told("contact", written)

    @router.patch(f"{_CONNECTION}/contacts/<contact>", responses=_CONTACT_CHANGED)
    @refuses(*_OF_WRITES, "contact_exists", "contact_archived", "contact_changed")
    def update_contact(
        connection: Id,
        contact: XeroId,
        key: IdempotencyKey,
        body: Annotated[ChangedContactBody, Body()],
    ) -> tuple[ContactWrittenAnswer | UnknownAnswer, int]:
        """Change a contact, as far as members of it are named.

        Refused where somebody changed it in Xero since it was `seen`.
        """
        written = contacts.update(
            request.instance,
            connection,
            key,
            str(contact),
            in_xeros_words(body.contact),
            body.seen,
            body.automatic,
        )
        return _told("contact", written)

    @router.post(f"{_CONNECTION}/invoices", responses=_INVOICE_MADE)
    @refuses(*_OF_WRITES)
    def create_invoice(
        connection: Id, key: IdempotencyKey, body: Annotated[NewInvoiceBody, Body()]
    ) -> tuple[InvoiceWrittenAnswer | UnknownAnswer, int]:
        """Draft a sales invoice.

        Its Reference finds it again: where an earlier try made it, that is the answer.
        """
        written = invoices.create(
            request.instance,
            connection,
            key,
            in_xeros_words(body.invoice),
            body.automatic,
        )
        return _told("invoice", written)

    return router


def _told(kind: str, written: Written) -> tuple[Any, int]:
    count(f"{kind.title()}{written.outcome.title()}")
    logger.info("Written", kind=kind, outcome=written.outcome)
    if written.outcome == UNKNOWN:
        return {"outcome": UNKNOWN, "retry_after": written.retry_after}, 202
    answer = {
        "outcome": written.outcome,
        kind: written.record,
        "read_at": iso(written.read_at),
    }
    return answer, 201 if written.outcome == CREATED else 200
