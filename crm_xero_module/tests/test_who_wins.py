# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase
from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.imports.plan import Planner
from odoo.addons.crm_xero_module.services.imports.who_wins import (
    KEEP,
    TAKE,
    WRITE,
    verdict_of,
)

from .common import XeroCase, contact, phone


class TestVerdict(BaseCase):
    """Xero's value, the CRM's value, and what was last applied."""

    def test_follow(self):
        for value, held, last, verdict in (
            ("new", None, None, WRITE),
            ("new", "typed", None, KEEP),
            ("same", "same", None, TAKE),
            ("new", "old", ["old", "old"], WRITE),
            ("new", "typed", ["old", "old"], KEEP),
            ("old", "typed", ["old", "old"], KEEP),
            ("new", None, ["old", "old"], KEEP),
            (None, "old", ["old", "old"], WRITE),
            (None, "typed", ["old", "old"], KEEP),
            (None, "typed", None, KEEP),
            (None, None, None, KEEP),
            ("a.nz", "http://a.nz", ["a.nz", "http://a.nz"], TAKE),
            ("b.nz", "http://a.nz", ["a.nz", "http://a.nz"], WRITE),
            (True, False, None, KEEP),
            (1.0, 1.0000000001, None, TAKE),
            (5, 0, None, WRITE),
            (5.0, 0.0, None, WRITE),
            (5, 0, [5, 5], KEEP),
            (None, 5.0, [5.0, 5.0], WRITE),
            (None, 0.0, [None, 0.0], TAKE),
            (None, 0, [None, 0], TAKE),
        ):
            with self.subTest(value=value, held=held, last=last):
                self.assertEqual(verdict_of("follow", value, held, last), verdict)

    def test_always(self):
        for value, held, last, verdict in (
            ("new", "typed", None, WRITE),
            ("new", "typed", ["new", "new"], WRITE),
            ("a.nz", "http://a.nz", ["a.nz", "http://a.nz"], TAKE),
            (None, "typed", None, KEEP),
            (None, "old", ["old", "old"], WRITE),
        ):
            with self.subTest(value=value, held=held, last=last):
                self.assertEqual(verdict_of("always", value, held, last), verdict)

    def test_when_empty_and_on_create(self):
        self.assertEqual(verdict_of("when_empty", "new", None, None), WRITE)
        self.assertEqual(verdict_of("when_empty", "new", "old", ["old", "old"]), KEEP)
        self.assertEqual(verdict_of("when_empty", 5, 0, None), WRITE)
        self.assertEqual(verdict_of("when_empty", 0, 0, None), KEEP)
        self.assertEqual(verdict_of("when_empty", True, False, None), KEEP)
        self.assertEqual(verdict_of("on_create", "new", None, None), KEEP)

    def test_follow_again(self):
        for value, held, last, verdict in (
            ("new", "typed", None, WRITE),
            ("old", "typed", ["old", "old"], WRITE),
            (None, "typed", ["old", "old"], WRITE),
            (None, "typed", None, WRITE),
            ("same", "same", None, TAKE),
            ("same", "same", ["old", "old"], TAKE),
            (None, None, None, TAKE),
            ("a.nz", "http://a.nz", ["a.nz", "http://a.nz"], TAKE),
        ):
            with self.subTest(value=value, held=held, last=last):
                self.assertEqual(verdict_of("follow_again", value, held, last), verdict)


class TestWhoWins(XeroCase):
    """The same on partners, from sync to sync."""

    def policy(self, field, policy):
        lines = self.companies.mapping_ids
        lines.filtered(lambda line: line.target_field == field).policy = policy

    def test_what_a_person_changed_stays(self):
        self.bring(contact(1, Phones=[phone(number="1")], Website="a.nz"))
        partner = self.partner(1)
        partner.phone = "my own"
        self.bring(contact(1, "New Name", Phones=[phone(number="2")], Website="b.nz"))
        self.assertRecordValues(
            partner,
            [{"name": "New Name", "phone": "my own", "website": "http://b.nz"}],
        )
        self.assertEqual(self.mirror(1).applied["phone"], ["1", "1"])

    def test_agreeing_with_xero_again_is_following_again(self):
        self.bring(contact(1, Phones=[phone(number="1")]))
        self.partner(1).phone = "2"
        self.bring(contact(1, Phones=[phone(number="2")]))
        self.bring(contact(1, Phones=[phone(number="3")]))
        self.assertEqual(self.partner(1).phone, "3")

    def test_what_goes_in_xero_goes_in_the_crm(self):
        self.bring(contact(1, Phones=[phone(number="1")]))
        self.bring(contact(1))
        self.assertFalse(self.partner(1).phone)

    def follow_again(self, *names):
        """What the plans of all contacts would write."""
        planner = Planner(self.companies.sudo(), self.env, follow_again=names)
        return [item.values for item in planner.plan(planner.rows(SQL("TRUE")))]

    def test_following_single_fields_again(self):
        self.bring(contact(1, Phones=[phone(number="1")], Website="a.nz"))
        self.partner(1).write({"phone": "typed", "website": "typed", "city": "typed"})
        self.assertEqual(self.follow_again(), [{}])
        self.assertEqual(self.follow_again("phone"), [{"phone": "1"}])
        self.assertEqual(self.follow_again("city"), [{"city": None}])

    def test_only_who_leads_is_followed_again(self):
        self.bring(contact(1, Phones=[phone(number="1")]), contact(2))
        self.mirror(2).sudo().write(
            {"partner_id": self.partner(1).id, "is_leading": False}
        )
        self.env.flush_all()
        self.partner(1).phone = "typed"
        self.assertEqual(self.follow_again("phone"), [{"phone": "1"}, {}])

    def test_a_name_is_not_taken_away_by_following_again(self):
        self.bring(contact(1, "Bayside Club"))
        self.land(contact(1, ""))
        self.assertEqual(self.follow_again("name"), [{}])

    def test_always(self):
        self.policy("phone", "always")
        self.bring(contact(1, Phones=[phone(number="1")]))
        self.partner(1).phone = "my own"
        self.bring(contact(1, "Other", Phones=[phone(number="1")]))
        self.assertEqual(self.partner(1).phone, "1")

    def test_only_when_empty(self):
        self.policy("phone", "when_empty")
        self.bring(contact(1, Phones=[phone(number="1")]))
        self.bring(contact(1, Phones=[phone(number="2")]))
        self.assertEqual(self.partner(1).phone, "1")

    def test_a_name_is_never_taken_away(self):
        self.bring(contact(1, "Bayside Club"))
        self.bring(contact(1, "", Phones=[phone()]))
        self.assertEqual(self.partner(1).name, "Bayside Club")
        self.assertEqual(self.partner(1).phone, "555 1234")

    def test_a_deleted_customer_is_not_made_again(self):
        self.bring(contact(1))
        self.partner(1).unlink()
        self.env.invalidate_all()
        line = self.bring(contact(1, "Again"))
        self.assertEqual(line.code, "record_deleted")
        self.assertEqual(self.mirror(1).link_state, "ignored")
        self.assertFalse(self.bring(contact(1, "And again")))
        self.assertFalse(self.partner(1))
        line.action_retry()
        self.assertEqual(self.partner(1).name, "And again", "but on demand")

    def test_an_archived_customer_is_left_alone(self):
        self.bring(contact(1))
        partner = self.partner(1)
        partner.active = False
        line = self.bring(contact(1, "Again"))
        self.assertEqual(line.code, "record_archived")
        self.assertEqual(partner.name, "Company 1")
        self.assertFalse(partner.active)
        partner.active = True
        line.action_retry()
        self.assertEqual(self.partner(1), partner)

    def test_nothing_is_said_in_the_chatter_field_by_field(self):
        self.bring(contact(1, Phones=[phone(number="1")]))
        partner = self.partner(1)
        self.env.flush_all()
        before = partner.message_ids
        self.bring(contact(1, "New Name", Phones=[phone(number="2")]))
        self.env.cr.precommit.run()
        self.assertEqual(partner.message_ids, before)
