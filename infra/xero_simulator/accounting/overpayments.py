"""`/Overpayments`: what was paid beyond what was due.

Source: developer.xero.com/documentation/api/accounting/overpayments and the schema
Overpayment of Xero's OpenAPI description.
"""

from collections.abc import Sequence
from uuid import UUID

from werkzeug.wrappers import Request

from infra.xero_simulator.accounting.credits import CreditResource
from infra.xero_simulator.accounting.listing import one_of
from infra.xero_simulator.accounting.where import Test

READ = ("accounting.payments", "accounting.payments.read")


def _conditions(request: Request) -> Sequence[Test]:
    return one_of(request, {"References": "Reference"})


ROUTES = CreditResource(
    collection="overpayments",
    plural="Overpayments",
    scopes=READ,
    fields={"OverpaymentID": UUID},
    conditions=_conditions,
).routes
