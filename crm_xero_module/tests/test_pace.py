# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase

from odoo.addons.crm_xero_module.services.runs.pace import begun, noted, time_left
from odoo.addons.crm_xero_module.services.runs.progress import measure

from .test_progress import step


class Course:
    """A run that goes the way it was told, and what is estimated on that way.

    `told` has (second, seconds that are estimated, whether that is the least, share).
    """

    def __init__(self, *steps):
        self.steps = [dict(one) for one in steps]
        self.now = 1000.0
        self.pace = begun(self.now)
        self.told = []

    def go(self, name, seconds, records, **values):
        """So many records came in a step after so many seconds."""
        self.now += seconds
        [one] = [one for one in self.steps if one["name"] == name]
        one.update(state="running", done=one["done"] + records)
        one.update(values)
        if one["done"] == one["total"]:
            one["state"] = "done"
        self.pace = noted(self.pace, name, records, self.now)
        left, is_least = time_left(self.steps, self.pace)
        self.told.append((self.now, left, is_least, measure(self.steps)[2]))

    def errors(self, after=0.0):
        """How far each estimate was off, as a share of what was really left."""
        return [
            abs(left - (self.now - at)) / max(self.now - at, 5.0)
            for at, left, is_least, _share in self.told
            if at >= 1000.0 + after and left is not None and not is_least
        ]

    def farthest(self, after, before):
        """The most seconds that an estimate of these seconds was off."""
        return max(
            abs(left - (self.now - at))
            for at, left, *_rest in self.told
            if left is not None and 1000.0 + after <= at < 1000.0 + before
        )


def first_import(contacts=20000, companies=0.9, persons=0.3, page=1.2):
    """Pages of 1,000 contacts, each followed by its imports, as a first sync goes: the
    seconds of a page, and of 500 rows of each import, as seen on two cores."""
    course = Course(
        step("organisation", "done", 1),
        step("contacts", "running"),
        step("profile:1"),
        step("profile:2"),
    )
    for _page in range(contacts // 1000):
        course.go("contacts", page, 1000, total=contacts)
        for name, seconds in (("profile:1", companies), ("profile:2", persons)):
            course.go(name, seconds, 500)
            course.go(name, seconds, 500)
    for one in course.steps:
        one["state"] = "done"
    return course


class TestPace(BaseCase):
    """The time left is worth reading: it comes near, and never grows silly."""

    def test_an_even_course_is_known_after_seconds(self):
        course = first_import()
        self.assertLess(max(course.errors(after=10)), 0.15)
        self.assertEqual(course.told[-1][1], None, "nothing is left")

    def test_the_time_left_only_goes_down_on_an_even_course(self):
        lefts = [left for at, left, *_rest in first_import().told[10:] if left]
        rises = [b - a for a, b in zip(lefts, lefts[1:], strict=False) if b > a]
        self.assertLess(max(rises, default=0), 5)

    def test_a_course_that_becomes_slow_is_followed_within_a_minute(self):
        course = Course(step("profile:1", "running", 0, 60000))
        for _batch in range(60):
            course.go("profile:1", 0.5, 500)
        for _batch in range(60):
            course.go("profile:1", 2.0, 500)
        # 30 s quickly; by 30 + 60 s the pace is about known again.
        self.assertLess(max(course.errors(after=90)), 0.3)
        self.assertLess(max(left for _at, left, *_rest in course.told if left), 240)

    def test_bursts_are_evened_out(self):
        course = Course(step("invoices", "running", 0, 40000))
        for _page in range(10):
            course.go("invoices", 8.0, 1000)
            for _part in range(3):
                course.go("invoices", 0.1, 1000)
        self.assertLess(course.farthest(30, 60), 25)
        self.assertLess(course.farthest(60, 90), 15)
        self.assertLess(course.farthest(80, 90), 9)

    def test_a_long_pause_does_not_frighten(self):
        course = Course(step("invoices", "running", 0, 20000))
        for _page in range(10):
            course.go("invoices", 1.0, 1000)
        course.go("invoices", 6 * 3600.0, 1000)
        self.assertLess(course.told[-1][1], 15 * 60)
        for _page in range(8):
            course.go("invoices", 1.0, 1000)
        self.assertLess(course.told[-1][1], 10)

    def test_nothing_is_said_at_once(self):
        course = Course(step("profile:1", "running", 0, 1000))
        course.go("profile:1", 0.2, 10)
        self.assertIsNone(course.told[-1][1])

    def test_what_xero_has_not_counted_makes_it_the_least(self):
        course = Course(step("contacts", "running", 0, 4000), step("invoices"))
        course.go("contacts", 4.0, 1000)
        self.assertEqual(course.told[-1][2], True)
        self.assertAlmostEqual(course.told[-1][1], 12.0, places=3)
        course.go("contacts", 4.0, 1000)
        course.steps[1]["total"] = 2000
        course.go("contacts", 4.0, 1000)
        # A thousand contacts, and two thousand invoices at the same pace.
        self.assertEqual(course.told[-1][2], False)
        self.assertAlmostEqual(course.told[-1][1], 12.0, places=3)

    def test_what_xero_gives_whole_makes_no_doubt(self):
        course = Course(step("contacts", "running", 0, 2000), step("items"))
        course.go("contacts", 4.0, 1000)
        self.assertEqual(course.told[-1][2], False)

    def test_an_import_that_has_not_begun_is_taken_for_one_of_the_others(self):
        course = Course(
            step("contacts", "done", 2000, 2000),
            step("profile:1", "running", 0, 2000),
            step("profile:2"),
        )
        course.go("profile:1", 4.0, 1000)
        self.assertAlmostEqual(course.told[-1][1], 12.0, places=3)

    def test_figures_count_while_they_are_worked_out(self):
        course = Course(step("contacts", "done", 10, 10), step("figures", total=9000))
        course.go("figures", 4.0, 3000)
        self.assertAlmostEqual(course.told[-1][1], 8.0, places=3)

    def test_a_clock_that_goes_back(self):
        course = Course(step("profile:1", "running", 0, 4000))
        course.go("profile:1", 4.0, 1000)
        course.go("profile:1", -100.0, 1000)
        course.go("profile:1", 4.0, 1000)
        self.assertGreaterEqual(course.told[-1][1], 0)
