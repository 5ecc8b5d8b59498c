"""Which organisation a consent is about, of those that Xero lists for its user."""

from __future__ import annotations

from dataclasses import dataclass

from .model.connection import Connection
from .ports import Tenant
from .problems import Problem

_DEMO_COMPANY = "Demo Company ("
"""Xero's demo companies are called by their country: Demo Company (NZ)."""


@dataclass(frozen=True)
class Choice:
    """One consent covered several organisations: a person has to choose."""

    organisations: tuple[Tenant, ...]


@dataclass(frozen=True)
class Offer:
    """The organisations that a consent may be about."""

    tenants: tuple[Tenant, ...]
    certain: bool
    """They are known to be those of this consent."""

    def pick(self, organisation: str | None) -> Tenant | Choice:
        """The one asked for, or the only one; never a guess."""
        if not self.tenants:
            raise Problem("organisation_none")
        if organisation is None:
            alone = self.certain and len(self.tenants) == 1
            return self.tenants[0] if alone else Choice(self.tenants)
        found = self._find(organisation)
        if not found:
            raise Problem("not_found")
        return found

    def again(self, former: Connection, organisation: str | None) -> Tenant:
        """The one that this connection had; no other one takes its place."""
        found = self._find(former.organisation)
        if found and organisation in (None, found.organisation):
            return found
        if not self.tenants:
            raise Problem("organisation_none")
        got = self._find(organisation) or self.tenants[0]
        if is_demo_company(got.name) and got.name == former.organisation_name:
            raise Problem("demo_company_reset")
        raise Problem(
            "organisation_different", expected=former.organisation_name, got=got.name
        )

    def _find(self, organisation: str | None) -> Tenant | None:
        for tenant in self.tenants:
            if tenant.organisation == organisation:
                return tenant
        return None


def is_demo_company(name: str) -> bool:
    """Whether Xero resets it every 28 days, after which it has another id."""
    return name.startswith(_DEMO_COMPANY)


def shut_out_code(held: Connection, listed: list[Tenant]) -> str:
    """Why Xero refuses access to it, by what it lists for the same user."""
    if any(tenant.organisation == held.organisation for tenant in listed):
        return "user_removed"
    if is_demo_company(held.organisation_name):
        return "demo_company_reset"
    return "organisation_gone"
