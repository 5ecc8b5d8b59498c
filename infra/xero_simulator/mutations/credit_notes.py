"""Changes of credit notes: `{"action": …, "credit_note": {…}}`, see `credits`."""

from infra.xero_simulator.mutations import credits
from infra.xero_simulator.values import Record

NAME = "credit_note"
ACTIONS = (*credits.ACTIONS, "delete")


def _new(number: int) -> Record:
    return {"Type": "ACCRECCREDIT", "CreditNoteNumber": f"CN-N{number:05d}"}


_CHANGES = credits.CreditChanges(NAME, "credit_notes", _new)
check, carry_out = _CHANGES.check, _CHANGES.carry_out
