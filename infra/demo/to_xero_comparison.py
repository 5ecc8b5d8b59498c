"""Is everything that was sent to Xero there, once, and linked? Read on both sides, by
nothing of the product."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from infra.demo.comparison import is_ours
from infra.demo.odoo_client import OdooClient
from infra.demo.sales_comparison import SimulatedBooks

Record = dict[str, Any]


@dataclass
class ToXeroComparison:
    """What was found.

    :param contacts: contacts at Xero that came from the CRM
    :param invoices: invoices at Xero that came from the CRM
    :param differences: one line for each record that is missing, doubled or not linked
    """

    contacts: int = 0
    invoices: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        return "\n".join(
            [
                f"written to Xero: {self.contacts} customers, {self.invoices} invoices",
                f"differences in what was written: {len(self.differences)}",
                *(f"  {line}" for line in self.differences),
            ]
        )


def compare_to_xero(books: SimulatedBooks, odoo: OdooClient) -> ToXeroComparison:
    """Compare what the outbox says with what Xero holds.

    Every entry that is done has its record in Xero, linked to its customer or its
    opportunity; and whatever in Xero has a number of ours is one such record.
    """
    found = ToXeroComparison()
    done = odoo.search_read(
        "xero.outbox",
        [("state", "=", "done")],
        ["name", "kind", "body", "partner_id", "lead_id", "answer"],
    )
    contacts = [each for each in books.records("contacts") if is_ours(each)]
    invoices = [each for each in books.records("invoices") if is_ours(each)]
    found.contacts, found.invoices = len(contacts), len(invoices)
    _twice(contacts, "ContactNumber", found)
    _twice(invoices, "Reference", found)
    _linked(odoo, done, found)
    _known(contacts, "ContactID", "create_contact", done, found)
    _known(invoices, "InvoiceID", "draft_invoice", done, found)
    return found


def _twice(records: list[Record], name: str, found: ToXeroComparison) -> None:
    for number, count in Counter(record[name] for record in records).items():
        if count > 1:
            found.differences.append(f"{number} is in Xero {count} times")


def _known(
    records: list[Record],
    id_name: str,
    kind: str,
    done: list[Record],
    found: ToXeroComparison,
) -> None:
    """What is in Xero is what the outbox says, and nothing else."""
    here = {entry["answer"]["id"] for entry in done if entry["kind"] == kind}
    there = {record[id_name] for record in records}
    for missing in here - there:
        found.differences.append(f"{kind} {missing} is done here and not in Xero")
    for unknown in there - here:
        found.differences.append(f"{kind} {unknown} is in Xero and not done here")


def _linked(odoo: OdooClient, done: list[Record], found: ToXeroComparison) -> None:
    ids = [entry["answer"]["id"] for entry in done]
    contacts = odoo.search_read(
        "xero.contact", [("xero_id", "in", ids)], ["xero_id", "partner_id"]
    )
    invoices = odoo.search_read(
        "xero.transaction", [("xero_id", "in", ids)], ["xero_id", "lead_id"]
    )
    of = {row["xero_id"]: row["partner_id"] for row in contacts}
    of |= {row["xero_id"]: row["lead_id"] for row in invoices}
    for entry in done:
        owner = "lead_id" if entry["kind"] == "draft_invoice" else "partner_id"
        if of.get(entry["answer"]["id"]) != entry[owner]:
            found.differences.append(f"“{entry['name']}” is not linked to its own")
