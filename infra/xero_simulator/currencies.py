"""In which currencies an organisation trades.

The simulator has no list of them: they are the organisation's own, and those that its
contacts and documents have.
"""

from infra.xero_simulator.ledger import documents
from infra.xero_simulator.store import Tenant


def is_subscribed(tenant: Tenant, currency: str) -> bool:
    """Whether the organisation is subscribed to a currency, such as `NZD`."""
    if currency == tenant.organisation.get("BaseCurrency", "NZD"):
        return True
    contacts = tenant.contacts.records()
    return any(each.get("DefaultCurrency") == currency for each in contacts) or any(
        each.get("CurrencyCode") == currency for each in documents(tenant)
    )
