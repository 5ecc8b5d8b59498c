"""What an event says: which record of which organisation, and not what is in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record

CATEGORIES = {
    "contacts": "CONTACT",
    "invoices": "INVOICE",
    "credit_notes": "CREDITNOTE",
    "prepayments": "PREPAYMENT",
    "overpayments": "OVERPAYMENT",
}
"""The category of each collection that has one. Xero tells nothing of others."""


@dataclass(frozen=True)
class Happening:
    """A record that was made or changed, so that Xero dates it.

    :param collection: its name, such as `credit_notes`
    :param at: when, in ms since the epoch
    """

    tenant: Tenant
    collection: str
    record: Record
    created: bool
    at: int

    @property
    def category(self) -> str:
        return CATEGORIES[self.collection]


@dataclass(frozen=True)
class Event:
    """One event of one subscription.

    :param sequence: its number in the subscription, from 1
    :param at: when it happened, in ms since the epoch
    :param content: as it stands among a post's `events`
    """

    sequence: int
    at: int
    content: Record


def content_of(address: str, happening: Happening) -> Record:
    """An event as Xero writes it; a credit note's tells its type and status too.

    :param address: where the API answers, with which `resourceUrl` begins
    """
    tenant, record = happening.tenant, happening.record
    held = tenant.collections[happening.collection]
    identifier = record[held.key]
    content = {
        "resourceUrl": f"{address}/api.xro/2.0/{held.plural}/{identifier}",
        "resourceId": identifier,
        "tenantId": tenant.tenant_id,
        "tenantType": tenant.tenant_type,
        "eventCategory": happening.category,
        "eventType": "CREATE" if happening.created else "UPDATE",
        "eventDateUtc": date_text(happening.at),
    }
    if happening.category == "CREDITNOTE":
        content["data"] = {name: record.get(name) for name in ("Type", "Status")}
    return content


def check_categories(categories: Iterable[str]) -> None:
    """Refuse what Xero has no events of."""
    known = set(CATEGORIES.values())
    unknown = [each for each in categories if each not in known]
    if unknown or not categories:
        raise ValueError(
            f"categories have to be some of {', '.join(sorted(known))}: {unknown}"
        )


def date_text(at: int) -> str:
    """`2024-06-21T01:15:39.902`: UTC, in ms, without a Z."""
    moment = datetime.fromtimestamp(at // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}"
