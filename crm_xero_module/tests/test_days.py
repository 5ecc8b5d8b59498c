# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The organisation's today and its financial years, read from a calendar by hand."""

from datetime import date, datetime
from types import SimpleNamespace

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_xero_module.services.sales.days import FinancialYear, today_of


def organisation(day=31, month=3, timezone="Pacific/Auckland"):
    return SimpleNamespace(
        financial_year_end_day=day,
        financial_year_end_month=month,
        timezone=timezone,
    )


@tagged("post_install", "-at_install")
class TestToday(BaseCase):
    def test_it_is_tomorrow_already_in_auckland(self):
        # Standard time is 12 hours ahead: midnight is 12:00 UTC.
        before, after = datetime(2026, 7, 1, 11, 59, 59), datetime(2026, 7, 1, 12)
        self.assertEqual(today_of(organisation(), before), date(2026, 7, 1))
        self.assertEqual(today_of(organisation(), after), date(2026, 7, 2))

    def test_midnight_moves_with_daylight_saving(self):
        # 13 hours ahead in summer, from 27 September 2026: midnight is 11:00 UTC.
        before, after = datetime(2026, 11, 1, 10, 59, 59), datetime(2026, 11, 1, 11)
        self.assertEqual(today_of(organisation(), before), date(2026, 11, 1))
        self.assertEqual(today_of(organisation(), after), date(2026, 11, 2))

    def test_it_is_still_yesterday_in_los_angeles(self):
        west = organisation(timezone="America/Los_Angeles")
        self.assertEqual(today_of(west, datetime(2026, 3, 8, 7, 59)), date(2026, 3, 7))
        self.assertEqual(today_of(west, datetime(2026, 3, 8, 8)), date(2026, 3, 8))
        # 8 March 2026 has 23 hours there: it ends at 07:00 UTC, not at 08:00.
        self.assertEqual(today_of(west, datetime(2026, 3, 9, 7)), date(2026, 3, 9))

    def test_an_unknown_zone_is_utc(self):
        for zone in (False, "", "MARSSTANDARDTIME", "../etc/passwd", "\x00"):
            nowhere = organisation(timezone=zone)
            self.assertEqual(
                today_of(nowhere, datetime(2026, 7, 1, 23, 59)), date(2026, 7, 1)
            )


@tagged("post_install", "-at_install")
class TestFinancialYear(BaseCase):
    def years(self, at, **ending):
        year = FinancialYear.of(organisation(**ending), at)
        return [
            each.isoformat()
            for each in (
                year.first,
                year.last,
                year.last_first,
                year.last_last,
                year.last_same_day,
            )
        ]

    def test_a_year_to_31_march(self):
        self.assertEqual(
            self.years(date(2026, 11, 22)),
            ["2026-04-01", "2027-03-31", "2025-04-01", "2026-03-31", "2025-11-22"],
        )

    def test_its_last_and_its_first_day(self):
        self.assertEqual(
            self.years(date(2026, 3, 31)),
            ["2025-04-01", "2026-03-31", "2024-04-01", "2025-03-31", "2025-03-31"],
        )
        self.assertEqual(
            self.years(date(2026, 4, 1)),
            ["2026-04-01", "2027-03-31", "2025-04-01", "2026-03-31", "2025-04-01"],
        )

    def test_a_year_to_29_february_ends_on_the_28th_of_common_years(self):
        self.assertEqual(
            self.years(date(2028, 2, 29), day=29, month=2),
            ["2027-03-01", "2028-02-29", "2026-03-01", "2027-02-28", "2027-02-28"],
        )
        # All of a common year compares with all of a leap one.
        self.assertEqual(
            self.years(date(2029, 2, 28), day=29, month=2),
            ["2028-03-01", "2029-02-28", "2027-03-01", "2028-02-29", "2028-02-29"],
        )
        self.assertEqual(
            self.years(date(2029, 2, 27), day=29, month=2)[-1], "2028-02-27"
        )

    def test_a_year_to_28_february_begins_on_29_february_of_leap_years(self):
        self.assertEqual(
            self.years(date(2028, 2, 29), day=28, month=2),
            ["2028-02-29", "2029-02-28", "2027-03-01", "2028-02-28", "2027-03-01"],
        )

    def test_29_february_compares_with_28_february(self):
        self.assertEqual(self.years(date(2028, 2, 29))[-1], "2027-02-28")

    def test_the_31st_of_a_shorter_month_is_its_last_day(self):
        self.assertEqual(
            self.years(date(2026, 7, 1), day=31, month=6)[:2],
            ["2026-07-01", "2027-06-30"],
        )

    def test_without_a_year_end_it_is_the_calendar_year(self):
        for ending in ({"day": 0, "month": 0}, {"day": 31, "month": 13}):
            self.assertEqual(
                self.years(date(2026, 7, 1), **ending)[:2], ["2026-01-01", "2026-12-31"]
            )

    def test_every_day_lies_in_its_year_whatever_the_year_end(self):
        start = date(2026, 1, 1).toordinal()
        for month in range(1, 13):
            for ending_day in (1, 15, 28, 29, 30, 31):
                ending = organisation(ending_day, month)
                for ordinal in range(start, start + 1600, 29):
                    day = date.fromordinal(ordinal)
                    year = FinancialYear.of(ending, day)
                    self.assertLessEqual(year.first, day)
                    self.assertLessEqual(day, year.last)
                    self.assertEqual((year.first - year.last_last).days, 1)
                    self.assertLessEqual(year.last_first, year.last_same_day)
                    self.assertLessEqual(year.last_same_day, year.last_last)
