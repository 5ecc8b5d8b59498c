# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's organisation record as values of a connection."""

import re

from babel.core import get_global

from .values import flag, number, text


def connection_values(organisation):
    """Values for xero.connection of one of Xero's `Organisations`."""
    return {
        "name": text(organisation.get("Name")),
        "short_code": text(organisation.get("ShortCode")),
        "base_currency": text(organisation.get("BaseCurrency")),
        "country_code": text(organisation.get("CountryCode")),
        "timezone": iana_zone(text(organisation.get("Timezone"))),
        "financial_year_end_day": _day(organisation.get("FinancialYearEndDay"), 31),
        "financial_year_end_month": _day(organisation.get("FinancialYearEndMonth"), 12),
        "is_demo_company": flag(organisation.get("IsDemoCompany")),
    }


def iana_zone(name):
    """The IANA zone of Xero's `NEWZEALANDSTANDARDTIME` (a Windows id, bare), else
    the text as it came."""
    if not name:
        return None
    zones = {_bare(windows): zone for windows, zone in _windows_zones().items()}
    return zones.get(_bare(name), name)


def _windows_zones():
    return get_global("windows_zone_mapping")


def _bare(name):
    return re.sub(r"[^A-Z0-9]", "", name.upper())


def _day(value, last):
    value = number(value)
    return int(value) if value and 1 <= value <= last else 0
