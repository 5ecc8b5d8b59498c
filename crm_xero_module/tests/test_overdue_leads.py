# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .owing import OwingCase
from .screen_costs import ScreenCosts


@tagged("post_install", "-at_install")
class TestOverdueLeads(ScreenCosts, OwingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "owing_sam", "sales_team.group_sale_salesman_all_leads"
        )
        cls.company = cls.connection.company_id

    def overdue_leads(self, **values):
        return self.env["crm.lead"].search([("xero_is_overdue", "=", True)])

    def assertOverdue(self, lead, amount):
        """Both ways to ask give the same answer."""
        self.env.invalidate_all()
        self.assertEqual(bool(amount), lead.xero_is_overdue)
        self.assertEqual(bool(amount), lead in self.overdue_leads())
        others = self.env["crm.lead"].search([("xero_is_overdue", "=", False)])
        self.assertEqual(not amount, lead in others)
        self.assertIn(amount or "", lead.xero_overdue or "")
        self.assertIn(amount or "", lead.xero_overdue_note or "")

    def test_what_is_overdue_is_said_with_its_days(self):
        partner = self.owes(1, 4200, 37)
        partner.name = "Bayside Club"
        lead = self.opportunity(partner)
        self.assertEqual(
            lead.xero_overdue_note,
            "Bayside Club owes 4,200.00 NZD, 37 days overdue.",
        )
        self.assertEqual(lead.xero_overdue, "4,200.00 NZD, 37 days overdue")
        self.assertOverdue(lead, "4,200.00 NZD")

    def test_one_day_is_said_so(self):
        lead = self.opportunity(self.owes(1, 4200, 1))
        self.assertEqual(lead.xero_overdue, "4,200.00 NZD, 1 day overdue")

    def test_an_opportunity_of_a_person_tells_of_its_company(self):
        company = self.owes(1, 10)
        company.name = "Bayside Club"
        person = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": company.id}
        )
        lead = self.opportunity(person)
        self.assertIn("Bayside Club owes", lead.xero_overdue_note)
        self.assertOverdue(lead, "10.00 NZD")

    def test_nothing_is_said_of_those_that_are_not_overdue(self):
        owed_not_due = self.owes(
            1, 0, outstanding=500, current=500, open_count=1, oldest_due=False
        )
        self.assertOverdue(self.opportunity(owed_not_due), None)
        self.assertOverdue(self.opportunity(self.env["res.partner"]), None)
        nobody = self.env["res.partner"].create({"name": "Nobody of Xero"})
        self.assertOverdue(self.opportunity(nobody), None)

    def test_the_threshold_is_reached_by_as_much(self):
        lead = self.opportunity(self.owes(1, 500))
        self.company.xero_overdue_threshold = 500
        self.assertOverdue(lead, "500.00 NZD")
        self.company.xero_overdue_threshold = 500.01
        self.assertOverdue(lead, None)

    def test_days_of_grace_are_to_be_over(self):
        lead = self.opportunity(self.owes(1, 500, 7))
        self.company.xero_overdue_days = 6
        self.assertOverdue(lead, "500.00 NZD")
        self.company.xero_overdue_days = 7
        self.assertOverdue(lead, None)

    def test_contacts_of_one_customer_count_together(self):
        partner = self.owes(1, 300, 5)
        self.owes(2, 250, 40)
        self.mirror(2).sudo().partner_id = partner
        self.company.xero_overdue_threshold = 550
        self.company.xero_overdue_days = 30
        lead = self.opportunity(partner)
        self.assertEqual(lead.xero_overdue, "550.00 NZD, 40 days overdue")
        self.assertOverdue(lead, "550.00 NZD")

    def test_amounts_that_are_not_converted_stand_beside(self):
        lead = self.opportunity(
            self.owes(1, 100, unconverted={"USD": {"overdue": 1200.5}})
        )
        self.assertIn("100.00 NZD + 1,200.50 USD", lead.xero_overdue_note)
        only_foreign = self.owes(
            2, 0, overdue_count=1, unconverted={"USD": {"overdue": 70}}
        )
        self.assertOverdue(self.opportunity(only_foreign), "70.00 USD")

    def second_organisation(self, company):
        connection = self.env["xero.connection"].create({"company_id": company.id})
        connection.sudo().write(
            {"name": "Other Books", "base_currency": "EUR", "timezone": "UTC"}
        )
        mirrored = self.mirror(1).sudo()
        other = mirrored.copy(
            {"connection_id": connection.id, "company_id": company.id}
        )
        other.partner_id = mirrored.partner_id
        row = self.figures(other)
        row.write(
            {
                "day": self.today,
                "overdue": 90,
                "overdue_count": 1,
                "oldest_due": self.today - timedelta(days=3),
            }
        )
        self.env.flush_all()
        return connection

    def test_each_organisation_has_its_sentence(self):
        partner = self.owes(1, 4200, 37)
        partner.name = "Bayside Club"
        self.second_organisation(self.company)
        self.connection.sudo().name = "Books"
        self.assertEqual(
            self.opportunity(partner).xero_overdue_note.splitlines(),
            [
                "Bayside Club owes 4,200.00 NZD to Books, 37 days overdue.",
                "Bayside Club owes 90.00 EUR to Other Books, 3 days overdue.",
            ],
        )

    def test_only_the_allowed_companies_tell(self):
        partner = self.owes(1, 4200, 37)
        other = self.env["res.company"].create({"name": "Other company"})
        self.admin.company_ids += other
        self.second_organisation(other)
        self.company.xero_overdue_threshold = 5000
        here = self.env(context={"allowed_company_ids": self.company.ids})
        lead = self.opportunity(partner).with_env(here)
        self.assertFalse(lead.xero_is_overdue)
        self.assertNotIn(lead, lead.search([("xero_is_overdue", "=", True)]))
        both = self.env(context={"allowed_company_ids": (self.company | other).ids})
        self.assertEqual(lead.with_env(both).xero_overdue, "90.00 EUR, 3 days overdue")
        self.assertIn(lead, both["crm.lead"].search([("xero_is_overdue", "=", True)]))

    def test_who_is_no_xero_user_is_told_nothing(self):
        lead = self.opportunity(self.owes(1, 4200))
        outsider = new_test_user(self.env, "owing_out", "base.group_user")
        self.env["ir.model.access"].create(
            {
                "name": "reads leads, by another addon",
                "model_id": self.env.ref("crm.model_crm_lead").id,
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        lead = lead.with_user(outsider)
        self.assertEqual(lead.read(["name"])[0]["name"], "New shelves")
        for kind in ("form", "kanban", "list", "search"):
            self.assertNotIn("xero", lead.get_view(view_type=kind)["arch"])
        with self.assertRaises(AccessError):
            lead.read(["xero_overdue_note"])
        with self.assertRaises(AccessError):
            lead.search([("xero_is_overdue", "=", True)])
        with self.assertRaises(AccessError):
            lead.action_open_xero_overdue()

    def test_a_new_opportunity_tells_as_soon_as_its_customer_is_chosen(self):
        partner = self.owes(1, 4200)
        form = Form(self.env["crm.lead"].with_user(self.salesman))
        self.assertFalse(form.xero_overdue_note)
        form.partner_id = partner
        self.assertIn("4,200.00 NZD", form.xero_overdue_note)

    def test_the_link_opens_what_is_not_paid(self):
        partner = self.owes(1, 4200)
        action = self.opportunity(partner).action_open_xero_overdue()
        self.assertEqual(action["res_model"], "xero.transaction")
        self.assertIn(("contact_id", "in", self.mirror(1).ids), action["domain"])

    def as_client(self, records):
        """The records as the salesman's web client asks for them."""
        context = {"lang": "en_US", "allowed_company_ids": self.company.ids}
        return records.with_user(self.salesman).with_context(**context)

    def added_cost(self, read, spec):
        bare = {name: s for name, s in spec.items() if not name.startswith("xero_")}
        self.assertLess(len(bare), len(spec))
        self.queries(lambda: read(spec))  # rules are kept from the second read on
        return self.queries(lambda: read(spec)) - self.queries(lambda: read(bare))

    def test_a_pipeline_of_80_cards_costs_one_query_more(self):
        partners = [self.owes(number, number) for number in range(1, 9)]
        for number in range(80):
            self.opportunity(partners[number % 8], user_id=self.salesman.id)
        leads = self.as_client(self.env["crm.lead"])
        domain = [("user_id", "=", self.salesman.id)]
        for kind in ("kanban", "list"):
            spec = self.spec_of(leads, kind)
            self.assertIn("xero_overdue", spec)
            cost = self.added_cost(
                lambda fields: leads.web_search_read(domain, fields, limit=80), spec
            )
            self.assertLessEqual(cost, 1, kind)

    def test_the_form_costs_two_queries_more_at_most(self):
        lead = self.as_client(self.opportunity(self.owes(1, 4200)))
        spec = self.spec_of(lead, "form")
        self.assertIn("xero_overdue_note", spec)
        self.assertLessEqual(self.added_cost(lead.web_read, spec), 2)

    def test_settings_are_the_company_s(self):
        with Form(self.env["res.config.settings"]) as settings:
            settings.xero_overdue_threshold = 250
            settings.xero_overdue_days = 14
            settings.xero_overdue_activity = True
        settings.save().execute()
        self.assertEqual(self.company.xero_overdue_threshold, 250)
        self.assertEqual(self.company.xero_overdue_days, 14)
        self.assertTrue(self.company.xero_overdue_activity)

    def test_the_filter_stands_in_both_searches(self):
        for view in (
            "crm.view_crm_case_opportunities_filter",
            "crm.view_crm_case_leads_filter",
        ):
            view = self.env.ref(view)
            arch = self.env["crm.lead"].get_view(view.id, "search")["arch"]
            self.assertTrue(
                etree.fromstring(arch).xpath("//filter[@name='xero_overdue']")
            )
