"""Changes of overpayments: `{"action": …, "overpayment": {…}}`, see `credits`."""

from infra.xero_simulator.mutations import credits
from infra.xero_simulator.values import Record

NAME = "overpayment"
ACTIONS = credits.ACTIONS


def _new(number: int) -> Record:
    return {"Type": "RECEIVE-OVERPAYMENT", "LineAmountTypes": "NoTax"}


_CHANGES = credits.CreditChanges(NAME, "overpayments", _new)
check, carry_out = _CHANGES.check, _CHANGES.carry_out
