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
from infra.xero_simulator.routing import Exchange, Handler
from infra.xero_simulator.writes import contacts as contact_writes

_RESOURCES = (
    organisation,
    contact_groups,
    contacts,
    contact_writes,
    items,
    invoices,
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


ROUTES = [
    replace(
        route,
        handle=tenant_call(replace(route, handle=_explaining(route.handle))),
    )
    for resource in _RESOURCES
    for route in resource.ROUTES
]
