"""Changes of prepayments: `{"action": …, "prepayment": {…}}`, see `credits`."""

from infra.xero_simulator.mutations import credits
from infra.xero_simulator.values import Record

NAME = "prepayment"
ACTIONS = credits.ACTIONS


def _new(number: int) -> Record:
    return {"Type": "RECEIVE-PREPAYMENT", "InvoiceNumber": ""}


_CHANGES = credits.CreditChanges(NAME, "prepayments", _new)
check, carry_out = _CHANGES.check, _CHANGES.carry_out
