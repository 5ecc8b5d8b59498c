"""`/CreditNotes`: credits of sales and of bills, with where they went.

Source: developer.xero.com/documentation/api/accounting/creditnotes and the schema
CreditNote of Xero's OpenAPI description.
"""

from datetime import datetime
from uuid import UUID

from infra.xero_simulator.accounting.credits import CreditResource
from infra.xero_simulator.accounting.invoices import READ

ROUTES = CreditResource(
    collection="credit_notes",
    plural="CreditNotes",
    scopes=READ,
    fields={
        "CreditNoteID": UUID,
        "CreditNoteNumber": str,
        "DueDate": datetime,
        "FullyPaidOnDate": datetime,
        "SentToContact": bool,
        "BrandingThemeID": UUID,
    },
    also_named_by="CreditNoteNumber",
).routes
