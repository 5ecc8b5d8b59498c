"""The people of the simulation, and what Xero does to its demo companies."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from infra.xero_simulator.oauth.registry import User
from infra.xero_simulator.simulator import Simulator
from infra.xero_simulator.store import Tenant

_NAMESPACE = uuid.UUID("5d1bf1a4-8a76-4a55-9d5c-3f4f7a3f5a10")


def practice() -> Tenant:
    """An accountant's practice: it can be connected, but is no organisation."""
    return Tenant(
        tenant_id=str(uuid.uuid5(_NAMESPACE, "practice")),
        name="Shah & Partners, Accountants",
        tenant_type="PRACTICE",
    )


def people(organisations: Sequence[Tenant], practices: Sequence[Tenant]) -> list[User]:
    """An adviser of all organisations, a bookkeeper of the first, an accountant."""
    everything = {tenant.tenant_id for tenant in organisations}
    first = {tenant.tenant_id for tenant in organisations[:1]}
    return [
        _user("Aroha", "Ngata", "Adviser", everything),
        _user("Ben", "Whitfield", "Standard user", first),
        _user("Priya", "Shah", "Accountant", {each.tenant_id for each in practices}),
    ]


def reset_tenant(simulator: Simulator, old: Tenant) -> Tenant:
    """Give the organisation a new tenant id and short code; connections end."""
    tenant_id = str(uuid.uuid4())
    organisation = old.organisation | {
        "OrganisationID": tenant_id,
        "ShortCode": f"!{tenant_id[:5]}",
    }
    new = replace(old, tenant_id=tenant_id, organisation=organisation)
    simulator.store.tenants.pop(old.tenant_id)
    simulator.store.tenants[tenant_id] = new
    simulator.webhooks.watch(new)
    for user in simulator.registry.users.values():
        if old.tenant_id in user.tenant_ids:
            user.tenant_ids.remove(old.tenant_id)
            user.tenant_ids.add(tenant_id)
    simulator.registry.disconnect_tenant(old)
    return new


def _user(given: str, family: str, role: str, tenant_ids: set[str]) -> User:
    return User(
        user_id=str(uuid.uuid5(_NAMESPACE, given)),
        given_name=given,
        family_name=family,
        email=f"{given}.{family}@people.example".lower(),
        role=role,
        tenant_ids=tenant_ids,
    )
