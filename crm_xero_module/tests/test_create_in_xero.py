# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.crm_xero_module.services.xero.our_numbers import contact_number

from .common import XeroCase, contact, xero_id

WRITING = ["contacts", "contacts_write", "items", "sales", "report"]


class CreateCase(XeroCase):
    """A customer, a salesman, and an organisation that may be written to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.sudo().write({"with_writing": True, "granted_features": WRITING})
        cls.club = cls.env["res.partner"].create(
            {
                "name": "Bayside Club",
                "is_company": True,
                "email": "info@bayside.example",
                "street": "1 Main Road",
            }
        )
        cls.ann = cls.env["res.partner"].create(
            {"name": "Ann Lee", "parent_id": cls.club.id, "type": "contact"}
        )
        cls.sam = new_test_user(
            cls.env, "sam", "sales_team.group_sale_salesman_all_leads"
        )

    def setUp(self):
        super().setUp()
        self.connector.features = WRITING

    def dialog(self, partner=None, user=None, **values):
        partner = (partner or self.club).with_user(user or self.sam)
        action = partner.action_create_in_xero()
        return (
            self.env["xero.create.contact"]
            .with_user(user or self.sam)
            .with_context(**action["context"])
            .create(values)
        )

    def entry_of(self, action):
        self.assertEqual(action["tag"], "xero_send")
        return self.env["xero.outbox"].browse(action["params"]["outbox_id"])

    def send(self, action):
        """Do what the client action does, in transactions of its own."""
        entry = self.entry_of(action)
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cursor:
            own = api.Environment(cursor, self.sam.id, {})["xero.outbox"]
            own.browse(entry.id).send_now()
            own.browse(entry.id).settle_now()
        self.env.invalidate_all()
        return entry

    def stops(self, dialog):
        return [stop["happened"] for stop in dialog.sheet["stops"]]


@tagged("post_install", "-at_install")
class TestCreateInXero(CreateCase):
    # What is shown

    def test_the_dialog_shows_what_is_sent_before_it_is(self):
        dialog = self.dialog()
        rows = {row["label"]: row["value"] for row in dialog.sheet["rows"]}
        self.assertEqual(rows["Name"], "Bayside Club")
        self.assertEqual(rows["Postal address"], "1 Main Road")
        self.assertTrue(dialog.can_send)
        self.assertFalse(dialog.sheet["alikes"])
        self.assertFalse(dialog.sheet["on_its_way"])
        self.assertEqual(self.connector.written, [])

    def test_of_a_person_its_company_or_by_choice_the_person_itself(self):
        dialog = self.dialog(self.ann)
        self.assertEqual(dialog.sheet["name"], "Bayside Club")
        with Form(dialog) as form:
            form.subject = "person"
        rows = [(row["value"], row["origin"]) for row in dialog.sheet["rows"]]
        self.assertIn(("Ann Lee", ""), rows)
        self.assertIn(("1 Main Road", "address of Bayside Club, its company"), rows)

    def test_what_looks_alike_is_told_with_the_reason_and_the_customer_it_is(self):
        self.bring(contact(1, "Other", EmailAddress="info@bayside.example"))
        (alike,) = self.dialog().sheet["alikes"]
        self.assertEqual(alike["reasons"], ["Same email: info@bayside.example"])
        self.assertEqual(alike["customer"]["name"], "Other")
        self.assertTrue(self.dialog().can_send)

    def test_a_name_that_xero_has_stops_it(self):
        self.land(contact(1, "bayside club"))
        dialog = self.dialog()
        self.assertFalse(dialog.can_send)
        self.assertIn("bayside club", self.stops(dialog)[0])
        with self.assertRaisesRegex(UserError, "this name already"):
            dialog.action_send()

    def test_a_name_of_another_customer_s_contact_cannot_be_linked(self):
        self.bring(contact(1, "Bayside Club"))
        dialog = self.dialog()
        self.assertIn("another customer here", self.stops(dialog)[0])
        self.assertTrue(dialog.sheet["alikes"][0]["customer"])

    def test_the_name_of_an_archived_contact_is_free(self):
        self.land(contact(1, "Bayside Club", ContactStatus="ARCHIVED"))
        dialog = self.dialog()
        self.assertTrue(dialog.can_send)
        self.assertTrue(dialog.sheet["alikes"][0]["archived"])

    def test_contacts_that_the_reader_may_not_see_are_counted_only(self):
        self.land(
            contact(
                1,
                "Supplies Ltd",
                IsCustomer=False,
                IsSupplier=True,
                EmailAddress="info@bayside.example",
            )
        )
        sheet = self.dialog().sheet
        self.assertEqual((len(sheet["alikes"]), sheet["hidden"]), (0, 1))

    # Sending

    def test_it_is_created_and_linked_and_opens_in_xero(self):
        entry = self.send(self.dialog().action_send())
        self.assertEqual(entry.state, "done")
        (made,) = self.connector.all_contacts()
        self.assertEqual(made["ContactNumber"], contact_number(self.env, self.club.id))
        linked = self.club.xero_contact_ids
        self.assertEqual(linked.xero_id, made["ContactID"])
        self.assertTrue(linked.is_leading)
        self.assertEqual(self.club.name, "Bayside Club")
        self.assertEqual(len(self.club.child_ids), 1)

    def test_pressed_twice_it_is_the_same_entry(self):
        first = self.entry_of(self.dialog().action_send())
        self.assertEqual(self.entry_of(self.dialog().action_send()), first)
        self.assertEqual(self.dialog().sheet["on_its_way"]["state"], "Waiting")
        self.send(self.dialog().action_send())
        self.assertEqual(len(self.connector.all_contacts()), 1)

    def test_once_it_is_linked_there_is_nothing_to_create(self):
        self.send(self.dialog().action_send())
        dialog = self.dialog()
        self.assertFalse(dialog.can_send)
        self.assertIn("linked to", self.stops(dialog)[0])

    def test_one_created_before_is_offered_again_only_by_choice(self):
        number = contact_number(self.env, self.club.id)
        self.land(contact(1, "Renamed at Xero", ContactNumber=number))
        dialog = self.dialog()
        self.assertFalse(dialog.can_send)
        self.assertTrue(dialog.was_created_before)
        with Form(dialog) as form:
            form.once_more = True
        self.assertTrue(dialog.can_send)
        entry = self.entry_of(dialog.action_send())
        self.assertEqual(entry.body["ContactNumber"], f"{number}-2")

    def test_a_failed_entry_goes_again_as_the_customer_is_now(self):
        self.connector.put(contact(1, "Bayside Club"))
        entry = self.send(self.dialog().action_send())
        self.assertEqual((entry.state, entry.code), ("failed", "contact_exists"))
        self.club.name = "Bayside Sailing Club"
        again = self.send(self.dialog().action_send())
        self.assertEqual(again, entry)
        self.assertEqual(entry.state, "done")

    def test_what_went_by_itself_is_taken_up_and_another_person_s_is_theirs(self):
        entry = self.entry_of(self.dialog(user=self.admin).action_send())
        with self.assertRaisesRegex(UserError, self.admin.name):
            self.dialog().action_send()
        (told,) = self.club.with_user(self.sam).xero_on_its_way()
        self.assertFalse(told["can_open"])
        entry.sudo().is_automatic = True
        self.assertEqual(self.entry_of(self.dialog().action_send()), entry)
        self.assertEqual(entry.user_id, self.sam)

    def test_what_may_have_arrived_goes_again_as_it_was(self):
        entry = self.entry_of(self.dialog().action_send())
        key, body = entry.key, entry.body
        entry.sudo().write({"state": "failed", "may_have_arrived": True})
        self.club.name = "Bayside Sailing Club"
        self.dialog().action_send()
        self.assertEqual((entry.key, entry.body), (key, body))
        self.assertEqual(entry.state, "waiting")

    def test_what_stays_behind_is_told_in_the_outbox_too(self):
        self.club.email = "not an email"
        dialog = self.dialog()
        self.assertEqual(len(dialog.sheet["notes"]), 1)
        entry = self.entry_of(dialog.action_send())
        self.assertEqual(entry.shown[-1]["label"], "Left out")

    # Who and where

    def test_where_it_is_not_allowed_it_says_who_does_what(self):
        for values, word in (
            ({"with_writing": False, "granted_features": []}, "ticks"),
            ({"with_writing": True, "granted_features": []}, "allows it"),
            ({"state": "reconnect"}, "connects it again"),
        ):
            with self.subTest(word=word):
                self.connection.sudo().write(values)
                dialog = self.dialog()
                self.assertFalse(dialog.can_send)
                (stop,) = dialog.sheet["stops"]
                self.assertIn(word, stop["remedy"])
                self.assertIn(self.admin.name, stop["remedy"])

    def test_without_an_organisation_it_says_so(self):
        self.connection.sudo().state = "draft"
        dialog = self.dialog()
        self.assertFalse(dialog.can_send)
        self.assertIn("No Xero organisation", self.stops(dialog)[0])

    def test_of_several_organisations_the_one_where_it_is_not_yet_goes_first(self):
        self.send(self.dialog().action_send())
        other = self.connection.sudo().create(
            {
                "name": "AAA Other",
                "state": "connected",
                "connector_ref": "connection-2",
                "with_writing": True,
                "granted_features": WRITING,
            }
        )
        dialog = self.dialog()
        self.assertEqual(dialog.connection_id, other)
        self.assertTrue(dialog.has_several)
        self.assertTrue(dialog.can_send)
        entry = self.entry_of(dialog.action_send())
        self.assertEqual(entry.connection_id, other)

    def test_who_may_not_write_the_customer_may_not_create_it(self):
        reader = new_test_user(self.env, "reader", "crm_xero_module.group_xero_user")
        with self.assertRaises(AccessError):
            self.dialog(user=reader)

    # Link instead

    def test_link_instead_of_creating(self):
        self.land(contact(1, "Bayside Club", EmailAddress="other@bayside.example"))
        self.dialog().action_link(self.mirror(1).id)
        self.assertEqual(self.partner(1), self.club)
        self.assertFalse(self.connector.written)

    def test_link_chosen_by_hand(self):
        self.land(contact(1, "Nobody like it"))
        dialog = self.dialog(mode="link", other_contact_id=self.mirror(1).id)
        dialog.action_link()
        self.assertEqual(self.partner(1), self.club)

    def test_what_is_another_customer_s_is_not_linked(self):
        self.bring(contact(1, "Bayside Club"))
        with self.assertRaisesRegex(UserError, "another customer"):
            self.dialog().action_link(self.mirror(1).id)

    def test_linking_ends_what_failed_in_the_outbox(self):
        self.connector.put(contact(1, "Bayside Club"))
        entry = self.send(self.dialog().action_send())
        self.land(contact(1, "Bayside Club"))
        self.dialog().action_link(self.mirror(1).id)
        self.assertEqual(entry.state, "done")
        self.assertEqual(entry.contact_id, self.mirror(1))

    def test_what_is_on_its_way_is_not_linked_meanwhile(self):
        self.dialog().action_send()
        self.land(contact(1, "Other"))
        with self.assertRaisesRegex(UserError, "on its way"):
            self.dialog().action_link(self.mirror(1).id)

    # The customer's form

    def test_the_button_is_there_where_nothing_is_linked(self):
        club = self.club.with_user(self.sam)
        self.assertTrue(club.xero_can_create)
        self.assertTrue(self.ann.with_user(self.sam).xero_can_create)
        address = self.ann.copy({"type": "delivery", "parent_id": self.club.id})
        self.assertFalse(address.with_user(self.sam).xero_can_create)
        self.send(self.dialog().action_send())
        self.env.invalidate_all()
        self.assertFalse(club.xero_can_create)
        self.assertFalse(self.ann.with_user(self.sam).xero_can_create)

    def test_no_button_without_a_connection(self):
        self.connection.sudo().state = "draft"
        self.assertFalse(self.club.with_user(self.sam).xero_can_create)

    def test_the_tab_tells_what_is_on_its_way(self):
        self.assertEqual(self.ann.with_user(self.sam).xero_on_its_way(), [])
        self.dialog().action_send()
        (told,) = self.ann.with_user(self.sam).xero_on_its_way()
        self.assertEqual(told["state"], "waiting")
        self.assertEqual(told["kind"], "Create customer")


@tagged("post_install", "-at_install")
class TestCreateMany(CreateCase):
    def many(self, partners, user=None):
        action = partners.with_user(user or self.sam).action_create_in_xero()
        return (
            self.env["xero.create.contacts"]
            .with_user(user or self.sam)
            .browse(action["res_id"])
        )

    def test_those_that_can_go_do_and_the_others_are_told(self):
        named = {
            name: self.env["res.partner"].create({"name": name, "is_company": True})
            for name in ("Alike", "<Tag>", "Archived", "Linked")
        }
        named["Archived"].active = False
        self.land(contact(1, "Alike"), contact(2, "Linked"))
        partners = self.club | self.ann
        for partner in named.values():
            partners |= partner
        self.dialog(named["Linked"]).action_link(self.mirror(2).id)
        partners |= self.sam.partner_id
        one = self.many(partners, self.admin)
        self.assertEqual(one.sheet["goes"], ["Bayside Club"])
        self.assertEqual(one.sheet["linked"], 1)
        named["Sam"] = self.sam.partner_id
        del named["Linked"]
        self.assertEqual(
            sorted(left["id"] for left in one.sheet["left"]),
            sorted(partner.id for partner in named.values()),
        )
        one.action_send()
        entry = self.env["xero.outbox"].search([("kind", "=", "create_contact")])
        self.assertEqual(entry.partner_id, self.club)
        # Again, it is in the outbox already.
        self.assertEqual(self.many(partners, self.admin).going_count, 0)

    def test_where_it_is_not_allowed_nothing_goes(self):
        self.connection.sudo().granted_features = []
        one = self.many(self.club | self.env["res.partner"].create({"name": "X"}))
        self.assertTrue(one.sheet["stops"])
        with self.assertRaises(UserError):
            one.action_send()

    def test_as_many_queries_for_many_as_for_a_few(self):
        partners = self.env["res.partner"].create(
            [{"name": f"C{n}", "is_company": True} for n in range(60)]
        )
        few, many = self.many(partners[:5]), self.many(partners)

        def queries(one):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(one.sheet)
            return self.env.cr.sql_log_count - before

        # What rules say is kept: the first look fills it.
        queries(few)
        self.assertEqual(queries(many), queries(few))


@tagged("post_install", "-at_install")
class TestReadAgain(CreateCase):
    def test_a_contact_is_read_from_xero_and_imported(self):
        self.bring(contact(1, "Bayside"))
        self.connector.put(contact(1, "Bayside Ltd"))
        self.mirror(1).with_user(self.admin).action_read_again()
        self.assertEqual(self.mirror(1).name, "Bayside Ltd")
        self.assertEqual(self.partner(1).name, "Bayside Ltd")

    def test_nothing_changed(self):
        self.connector.put(found := contact(1, "Bayside"))
        self.bring(found)
        told = self.mirror(1).action_read_again()
        self.assertIn("Nothing has changed", told["params"]["message"])

    def test_a_contact_that_xero_does_not_know(self):
        self.land(contact(1))
        with self.assertRaises(UserError):
            self.mirror(1).action_read_again()
        self.assertEqual(
            self.connector.called(
                "GET", f"/v1/connections/connection-1/contacts/{xero_id(1)}"
            ),
            1,
        )

    def test_only_operators_may(self):
        self.land(contact(1))
        with self.assertRaises(AccessError):
            self.mirror(1).with_user(self.sam).action_read_again()
