# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.imports.plan import Planner

from .common import address, contact, person, xero_id
from .test_keys import KeyCase

# Rows, keys, partners, who leads, countries and states; for persons their company.
LIMIT = 20
MANY = 100


def tax_number(number):
    """One of Belgium's, with its check digits."""
    start = 4_000_000 + number
    return f"{start:08d}{97 - start % 97:02d}"


class TestPlanCost(KeyCase):
    """A batch costs the same few queries, however many records are in it."""

    def club(self, number):
        return contact(
            number,
            TaxNumber=f"BE {tax_number(number)}",
            EmailAddress=f"info{number}@club.nz",
            Addresses=[
                address(Country=("Australia", "Belgium")[number % 2], Region="NSW")
            ],
            ContactPersons=[person("Ann", str(number), f"ann{number}@club.nz")],
        )

    def queries(self, profile, limit):
        """How many queries a plan of that many rows costs; the plan's actions."""
        self.env.flush_all()
        self.env.invalidate_all()
        planner = Planner(profile.sudo(), self.env)
        before = self.env.cr.sql_log_count
        items = planner.plan(planner.rows(SQL("TRUE"), limit))
        self.assertEqual(len(items), limit)
        return self.env.cr.sql_log_count - before, {item.action for item in items}

    def assertConstant(self, profile, *actions):
        self.queries(profile, 1)
        few, _actions = self.queries(profile, 20)
        many, planned = self.queries(profile, MANY)
        self.assertEqual(planned, set(actions))
        self.assertEqual(few, many)
        self.assertLessEqual(many, LIMIT)

    def test_companies(self):
        self.land(*[self.club(n) for n in range(MANY)])
        for field, source in (("ref", "ContactID"), ("vat", "TaxNumber")):
            self.set_key(field, source)
            with self.subTest(key=field, new=True):
                self.assertConstant(self.companies, "create")
        self.partners.create(
            [{"name": "There", "vat": f"BE{tax_number(n)}"} for n in range(MANY)]
        )
        with self.subTest(new=False):
            self.assertConstant(self.companies, "update")
        self.import_all(self.companies)
        with self.subTest(linked=True):
            self.assertConstant(self.companies, "unchanged")

    def test_persons(self):
        self.land(*[self.club(n) for n in range(MANY)])
        self.partners.create(
            [
                {"name": "There", "is_company": True, "ref": xero_id(n)}
                for n in range(MANY)
            ]
        )
        with self.subTest("company by key"):
            self.assertConstant(self.contacts, "create")
        self.import_all(self.companies)
        self.set_key("email", "EmailAddress", self.contacts)
        with self.subTest("company by link"):
            self.assertConstant(self.contacts, "create")
        self.import_all(self.contacts)
        with self.subTest("linked"):
            self.assertConstant(self.contacts, "unchanged")
