# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from ..services.sales import overdue_activities
from ..services.sales.overdue_activities import tell_overdue
from .books import invoice
from .owing import OwingCase

LOGGER = "odoo.addons.crm_xero_module.services.sales.overdue_activities"


@tagged("post_install", "-at_install")
class TestOverdueActivities(OwingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.connection.company_id
        cls.company.xero_overdue_activity = True
        cls.sam = new_test_user(
            cls.env, "told_sam", "sales_team.group_sale_salesman", lang="en_US"
        )
        cls.mia = new_test_user(cls.env, "told_mia", "sales_team.group_sale_salesman")

    def tell(self):
        """One pass; the activities about overdue customers that are open then."""
        tell_overdue(self.connection)
        self.env.invalidate_all()
        return self.told()

    def told(self):
        return self.env["mail.activity"].search([("xero_contact_id", "!=", False)])

    def figures_of(self, number):
        return self.figures(self.mirror(number))

    def pays(self, number):
        """As the figures' own refresh leaves them."""
        self.figures_of(number).write(
            {
                "overdue": 0,
                "overdue_count": 0,
                "oldest_due": False,
                "overdue_told": False,
            }
        )

    def test_the_customer_s_salesperson_is_told_on_the_customer(self):
        partner = self.owes(1, 4200, 37)
        partner.write({"user_id": self.sam.id, "name": "Bayside Club"})
        activity = self.tell()
        self.assertEqual(activity.user_id, self.sam)
        self.assertEqual(
            (activity.res_model, activity.res_id), (partner._name, partner.id)
        )
        due = format_date(self.env(user=self.sam), self.today - timedelta(days=37))
        self.assertEqual(activity.summary, f"Overdue since {due}: 4,200.00 NZD")
        self.assertIn("Bayside Club has not paid 4,200.00 NZD", activity.note)
        self.assertEqual(
            activity.activity_type_id, self.env.ref("mail.mail_activity_data_todo")
        )
        self.assertEqual(self.figures_of(1).overdue_told, self.today)

    def test_it_is_on_that_person_s_newest_open_opportunity(self):
        partner = self.owes(1, 10)
        partner.user_id = self.sam
        person = self.env["res.partner"].create({"name": "A", "parent_id": partner.id})
        self.opportunity(partner, user_id=self.sam.id)
        newest = self.opportunity(person, user_id=self.sam.id)
        self.opportunity(partner, user_id=self.mia.id)
        self.opportunity(partner, user_id=self.sam.id).action_set_lost()
        self.opportunity(partner, user_id=self.sam.id, type="lead")
        activity = self.tell()
        self.assertEqual(
            (activity.res_model, activity.res_id), (newest._name, newest.id)
        )

    def test_without_one_the_newest_opportunity_s_salesperson_is_told(self):
        partner = self.owes(1, 10)
        self.opportunity(partner, user_id=self.sam.id)
        newest = self.opportunity(partner, user_id=self.mia.id)
        activity = self.tell()
        self.assertEqual(activity.user_id, self.mia)
        self.assertEqual(
            (activity.res_model, activity.res_id), (newest._name, newest.id)
        )

    def test_with_nobody_to_tell_it_waits(self):
        partner = self.owes(1, 10)
        self.assertFalse(self.tell())
        self.assertFalse(self.figures_of(1).overdue_told)
        partner.user_id = self.sam
        self.assertTrue(self.tell())

    def test_nobody_is_told_who_may_not_know(self):
        archived, outsider = (
            new_test_user(self.env, "told_gone", "sales_team.group_sale_salesman"),
            new_test_user(self.env, "told_out", "base.group_user"),
        )
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        away = new_test_user(
            self.env,
            "told_away",
            "sales_team.group_sale_salesman",
            company_id=elsewhere.id,
            company_ids=elsewhere.ids,
        )
        for number, user in enumerate((archived, outsider, away), 1):
            partner = self.owes(number, 10)
            self.env.cr.execute(
                "UPDATE res_partner SET user_id = %s WHERE id = %s",
                [user.id, partner.id],
            )
        archived.active = False
        self.env.invalidate_all()
        self.assertFalse(self.tell())

    def test_it_comes_once_until_it_is_paid(self):
        self.owes(1, 10).user_id = self.sam
        first = self.tell()
        self.assertEqual(self.tell(), first)
        first.action_done()
        self.assertFalse(self.tell())
        self.pays(1)
        self.assertFalse(self.tell())
        self.owes(1, 20)
        self.assertIn("20.00", self.tell().summary)

    def test_once_paid_it_is_done_and_says_why(self):
        partner = self.owes(1, 10)
        partner.user_id = self.sam
        self.tell()
        self.pays(1)
        self.assertFalse(self.tell())
        self.assertIn(
            "Nothing of it is overdue in Xero any more", partner.message_ids[0].body
        )

    def test_two_contacts_of_a_customer_are_one_activity(self):
        partner = self.owes(1, 30)
        partner.user_id = self.sam
        self.owes(2, 50)
        self.mirror(2).sudo().partner_id = partner
        activity = self.tell()
        self.assertIn("80.00 NZD", activity.summary)
        self.pays(2)
        self.assertEqual(self.tell(), activity)
        self.pays(1)
        self.assertFalse(self.tell())

    def test_limits_are_the_company_s(self):
        self.owes(1, 99).user_id = self.sam
        self.company.xero_overdue_threshold = 100
        self.assertFalse(self.tell())
        self.company.write({"xero_overdue_threshold": 99, "xero_overdue_days": 10})
        self.assertFalse(self.tell())
        self.company.xero_overdue_days = 9
        self.assertTrue(self.tell())

    def test_switched_off_nothing_happens(self):
        self.owes(1, 10).user_id = self.sam
        self.company.xero_overdue_activity = False
        with self.assertQueryCount(0):
            tell_overdue(self.connection)
        self.assertFalse(self.told())

    def test_the_largest_amounts_come_first_and_few_a_day(self):
        for number, amount in enumerate((10, 30, 20), 1):
            self.owes(number, amount).user_id = self.sam
        with patch.object(overdue_activities, "A_DAY", 2):
            self.assertEqual(len(self.tell()), 2)
            self.assertEqual(len(self.tell()), 2)
            self.assertFalse(self.figures_of(1).overdue_told)
            self.env["xero.customer.figures"].sudo().search(
                [("overdue_told", "!=", False)]
            ).overdue_told = "2026-01-01"
            self.assertEqual(len(self.tell()), 3)

    def test_a_customer_that_fails_does_not_stop_the_others(self):
        for number in (1, 2, 3):
            self.owes(number, number).user_id = self.sam
        create = type(self.env["mail.activity"]).create

        def refuse(activities, vals_list):
            if any("2.00" in vals["summary"] for vals in vals_list):
                raise ValueError("another addon does not like it")
            return create(activities, vals_list)

        with (
            patch.object(type(self.env["mail.activity"]), "create", refuse),
            self.assertLogs(LOGGER, "WARNING") as logs,
        ):
            self.assertEqual(len(self.tell()), 2)
        self.assertNotIn("another addon", "".join(logs.output))
        self.assertEqual(len(self.tell()), 2)

    def test_a_deleted_customer_or_opportunity_is_no_trouble(self):
        partner = self.owes(1, 10)
        lead = self.opportunity(partner, user_id=self.sam.id)
        self.assertTrue(self.tell())
        lead.unlink()
        partner.unlink()
        self.assertFalse(self.told())
        self.assertFalse(self.tell())

    def test_archived_customers_are_left_alone(self):
        partner = self.owes(1, 10)
        partner.write({"user_id": self.sam.id, "active": False})
        self.assertFalse(self.tell())

    def test_it_is_written_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.sam.lang = "fr_FR"
        self.owes(1, 4200.5).user_id = self.sam
        said = self.tell().summary
        self.assertRegex(said, r"4\s200,50 NZD")

    def test_a_sync_tells_what_it_brought(self):
        partner = self.owes(1, 0)
        partner.user_id = self.sam
        due = self.today - timedelta(days=3)
        self.connector.add_part(
            [invoice(1, 1, 640, day=due, due=due)],
            resource="invoices",
            key="Invoices",
            item_count=1,
        )
        self.connector.add_end()
        self.run_cron()
        self.env.invalidate_all()
        self.assertIn("640.00 NZD", self.told().summary)

    def test_many_cost_no_more_than_few(self):
        def cost(numbers):
            for number in numbers:
                self.owes(number, number).user_id = self.sam
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.tell()
            return self.env.cr.sql_log_count - before

        cost((1, 2))
        self.assertLessEqual(cost(range(10, 22)), cost((30, 31)) + 12)
