"""Who has a name or a number: names count without case and accents, if active."""

from infra.xero_simulator.accounting.where import fold
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record


def is_active(contact: Record) -> bool:
    return contact.get("ContactStatus", "ACTIVE") == "ACTIVE"


def named(tenant: Tenant, name: str) -> list[Record]:
    """The active contacts of a name."""
    return [e for e in tenant.contacts.saying(_name, fold(name)) if is_active(e)]


def numbered(tenant: Tenant, number: str) -> list[Record]:
    """The contacts that have a ContactNumber, archived ones too."""
    return tenant.contacts.saying(_number, number)


def _name(contact: Record) -> str:
    return fold(str(contact.get("Name") or ""))


def _number(contact: Record) -> str:
    return str(contact.get("ContactNumber") or "")
