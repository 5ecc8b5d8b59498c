"""`/Prepayments`: what was paid before there was an invoice.

Source: developer.xero.com/documentation/api/accounting/prepayments and the schema
Prepayment of Xero's OpenAPI description.
"""

from collections.abc import Sequence
from uuid import UUID

from werkzeug.wrappers import Request

from infra.xero_simulator.accounting.credits import CreditResource
from infra.xero_simulator.accounting.listing import one_of
from infra.xero_simulator.accounting.overpayments import READ
from infra.xero_simulator.accounting.where import Test


def _conditions(request: Request) -> Sequence[Test]:
    return one_of(request, {"InvoiceNumbers": "InvoiceNumber"})


ROUTES = CreditResource(
    collection="prepayments",
    plural="Prepayments",
    scopes=READ,
    fields={"PrepaymentID": UUID, "InvoiceNumber": str, "BrandingThemeID": UUID},
    conditions=_conditions,
).routes
