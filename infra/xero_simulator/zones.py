"""What day it is for an organisation.

Xero names time zones as Windows does, in capitals and without blanks. Source of what
they stand for: Unicode CLDR, windowsZones.
"""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import day_of

# Where Xero is sold; anywhere else the day is that of UTC.
_ZONES = {
    "NEWZEALANDSTANDARDTIME": "Pacific/Auckland",
    "CHATHAMISLANDSSTANDARDTIME": "Pacific/Chatham",
    "AUSEASTERNSTANDARDTIME": "Australia/Sydney",
    "EAUSTRALIASTANDARDTIME": "Australia/Brisbane",
    "CENAUSTRALIASTANDARDTIME": "Australia/Adelaide",
    "AUSCENTRALSTANDARDTIME": "Australia/Darwin",
    "WAUSTRALIASTANDARDTIME": "Australia/Perth",
    "TASMANIASTANDARDTIME": "Australia/Hobart",
    "GMTSTANDARDTIME": "Europe/London",
    "WEUROPESTANDARDTIME": "Europe/Berlin",
    "EASTERNSTANDARDTIME": "America/New_York",
    "CENTRALSTANDARDTIME": "America/Chicago",
    "MOUNTAINSTANDARDTIME": "America/Denver",
    "USMOUNTAINSTANDARDTIME": "America/Phoenix",
    "PACIFICSTANDARDTIME": "America/Los_Angeles",
    "ALASKANSTANDARDTIME": "America/Anchorage",
    "HAWAIIANSTANDARDTIME": "Pacific/Honolulu",
    "ATLANTICSTANDARDTIME": "America/Halifax",
    "SOUTHAFRICASTANDARDTIME": "Africa/Johannesburg",
    "SINGAPORESTANDARDTIME": "Asia/Singapore",
    "CHINASTANDARDTIME": "Asia/Shanghai",
    "SAMOASTANDARDTIME": "Pacific/Apia",
    "FIJISTANDARDTIME": "Pacific/Fiji",
}


def today(tenant: Tenant, clock: Clock) -> int:
    """The organisation's calendar day, as the ms of its beginning in UTC: as Xero
    writes dates."""
    zone = _zone(tenant.organisation.get("Timezone"))
    return day_of(f"{datetime.fromtimestamp(clock.timestamp(), zone):%Y-%m-%d}") or 0


def _zone(name: object) -> tzinfo:
    return ZoneInfo(_ZONES[name]) if isinstance(name, str) and name in _ZONES else UTC
