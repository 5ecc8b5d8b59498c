"""What a tax type adds to a line.

The simulator has no list of tax rates: an organisation has those of its country, and
the types that stand for no tax anywhere.
"""

from decimal import Decimal

from infra.xero_simulator.generator.countries import COUNTRIES, Country
from infra.xero_simulator.store import Tenant

_UNTAXED = {
    "NONE",
    "ZERORATED",
    "ZERORATEDINPUT",
    "ZERORATEDOUTPUT",
    "EXEMPTINPUT",
    "EXEMPTOUTPUT",
    "EXEMPTINCOME",
    "EXEMPTEXPENSES",
    "EXEMPTEXPORT",
    "BASEXCLUDED",
    "RRINPUT",
    "RROUTPUT",
}


def rate_of(tenant: Tenant, tax_type: str) -> Decimal | None:
    """The rate of a tax type, as 0.15; None where the organisation has no such type."""
    country = _country(tenant)
    if tax_type in (country.sales_tax, country.purchases_tax):
        return country.tax_rate
    return Decimal(0) if tax_type in _UNTAXED else None


def tax_of_sales(tenant: Tenant) -> str:
    """The tax type of an account that sales are booked to."""
    return _country(tenant).sales_tax


def tax_of_purchases(tenant: Tenant) -> str:
    return _country(tenant).purchases_tax


def _country(tenant: Tenant) -> Country:
    code = tenant.organisation.get("CountryCode")
    return next((each for each in COUNTRIES if each.code == code), COUNTRIES[0])
