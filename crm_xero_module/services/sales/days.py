# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The organisation's own days: today, and its financial years."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import pytz

from odoo import fields


def today_of(connection, now=None):
    """The day it is for the organisation.

    :param now: naive UTC, the present by default
    """
    return local_day(connection.timezone, now)


def local_day(timezone, now=None):
    """The day it is in an IANA time zone; in UTC where the zone is not known."""
    return local_now(timezone, now).date()


def local_now(timezone, now=None):
    """As `local_day`, with the time and the zone's offset."""
    zone = pytz.timezone(timezone if timezone in pytz.all_timezones_set else "UTC")
    return pytz.utc.localize(now or fields.Datetime.now()).astimezone(zone)


@dataclass(frozen=True, slots=True)
class FinancialYear:
    """This financial year and the last one, all days inclusive.

    `last_same_day` is the day of the last year up to which it compares with this
    year so far.
    """

    first: date
    last: date
    last_first: date
    last_last: date
    last_same_day: date

    @classmethod
    def of(cls, connection, day):
        """The years around a day.

        A year ends on the organisation's day, or on the last one of that month where
        it is shorter (29 February); on 31 December where nobody gave one.
        """
        month = connection.financial_year_end_month
        ending_day = connection.financial_year_end_day
        known = 1 <= month <= 12 and ending_day >= 1
        at = (month, ending_day) if known else (12, 31)
        last = _year_end(day.year, *at)
        if day > last:
            last = _year_end(day.year + 1, *at)
        last_last = _year_end(last.year - 1, *at)
        last_first = _year_end(last.year - 2, *at) + timedelta(days=1)
        # A whole year is compared with a whole one, also where one has a day more.
        same = last_last if day == last else max(_year_before(day), last_first)
        first = last_last + timedelta(days=1)
        return cls(first, last, last_first, last_last, same)


def _year_end(year, month, day):
    return date(year, month, min(day, monthrange(year, month)[1]))


def _year_before(day):
    return date(
        day.year - 1,
        day.month,
        min(day.day, monthrange(day.year - 1, day.month)[1]),
    )
