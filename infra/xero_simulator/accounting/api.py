"""The Accounting API's routes, each behind the same checks."""

from dataclasses import replace

from werkzeug.wrappers import Response

from infra.xero_simulator import refusals
from infra.xero_simulator.accounting import (
    aged_receivables,
    contact_groups,
    contacts,
    credit_notes,
    invoices,
    items,
    organisation,
    overpayments,
    prepayments,
)
from infra.xero_simulator.gate import tenant_call
from infra.xero_simulator.idempotency import KeyRefused
from infra.xero_simulator.routing import Exchange, Handler
from infra.xero_simulator.writes import contacts as contact_writes
from infra.xero_simulator.writes import invoices as invoice_writes

_RESOURCES = (
    organisation,
    contact_groups,
    contacts,
    contact_writes,
    items,
    invoices,
    invoice_writes,
    credit_notes,
    overpayments,
    prepayments,
    aged_receivables,
)


def _explaining(handle: Handler) -> Handler:
    """Answer a call that Xero refuses with its error document."""

    def explained(exchange: Exchange, **values: str) -> Response:
        try:
            return handle(exchange, **values)
        except refusals.ApiRefused as error:
            return refusals.api_exception(error)

    return explained


def _once(handle: Handler) -> Handler:
    """Do what was done already with the same `Idempotency-Key` not again.

    A fault may answer in the handler's place: the key keeps that answer too.
    """

    def answered(exchange: Exchange, **values: str) -> Response:
        def act() -> Response:
            return handle(exchange, **values)

        def make() -> Response:
            return exchange.instead(act) if exchange.instead else act()

        keys, request = exchange.simulator.idempotency_keys, exchange.request
        app, tenant = exchange.client_id, exchange.tenant.tenant_id
        try:
            answer, exchange.replayed = keys.answer(app, tenant, request, make)
        except KeyRefused as error:
            return refusals.bad_request(str(error))
        return answer

    return answered


ROUTES = [
    replace(
        route,
        handle=tenant_call(replace(route, handle=_once(_explaining(route.handle)))),
    )
    for resource in _RESOURCES
    for route in resource.ROUTES
]
