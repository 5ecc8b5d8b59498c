# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import new_test_user, tagged

from .common import XeroCase, address, contact, person, phone


@tagged("post_install", "-at_install")
class TestChangedHere(XeroCase):
    """Fields that follow Xero, where people changed them in the CRM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env, "changed_sam", "sales_team.group_sale_salesman_all_leads"
        )
        cls.manager = new_test_user(
            cls.env, "changed_mia", "sales_team.group_sale_manager"
        )

    def changed(self, partner):
        """{field: (the CRM's value, Xero's)}"""
        return {
            field["name"]: (field["here"], field["xero"])
            for field in partner.xero_changed_here()
        }

    def company(self, **values):
        self.bring(contact(1, Phones=[phone(number="1")], Website="a.nz", **values))
        return self.partner(1)

    def policy(self, field, policy):
        lines = self.companies.mapping_ids
        lines.filtered(lambda line: line.target_field == field).policy = policy

    def test_nothing_changed(self):
        self.assertFalse(self.changed(self.company()))

    def test_both_values_are_shown(self):
        partner = self.company()
        partner.phone = "my own"
        self.assertEqual(self.changed(partner), {"phone": ("my own", "1")})
        self.land(contact(1, Phones=[phone(number="2")], Website="a.nz"))
        self.assertEqual(self.changed(partner), {"phone": ("my own", "2")})
        (field,) = partner.xero_changed_here()
        self.assertEqual(field["label"], "Phone")

    def test_what_was_emptied_on_either_side(self):
        partner = self.company()
        partner.write({"phone": False, "website": "other.nz"})
        self.land(contact(1, Phones=[phone(number="1")]))
        self.assertEqual(
            self.changed(partner),
            {"phone": (None, "1"), "website": ("http://other.nz", None)},
        )

    def test_a_value_that_was_there_before_the_link(self):
        partner = self.env["res.partner"].create(
            {"name": "Mine", "ref": contact(1)["ContactID"], "city": "Here"}
        )
        self.bring(contact(1, "Theirs"))
        self.assertEqual(self.changed(partner), {"name": ("Mine", "Theirs")})

    def test_what_the_next_import_brings_is_no_change_of_ours(self):
        partner = self.company()
        self.land(contact(1, Phones=[phone(number="2")], Website="b.nz"))
        self.assertFalse(self.changed(partner))

    def test_an_import_that_people_run_by_hand_counts_from_its_first_run(self):
        partner = self.company()
        partner.phone = "my own"
        self.companies.auto_run = False
        self.companies.last_sync_id = False
        self.assertFalse(self.changed(partner))
        self.companies.action_run()
        self.assertEqual(self.changed(partner), {"phone": ("my own", "1")})

    def test_only_lines_that_follow_xero(self):
        partner = self.company()
        for policy in ("always", "when_empty", "on_create"):
            self.policy("phone", policy)
            partner.phone = "my own"
            self.assertFalse(self.changed(partner), policy)

    def test_an_import_that_changes_nothing_follows_nothing(self):
        partner = self.company()
        partner.phone = "my own"
        self.companies.mode = "import"
        self.assertFalse(self.changed(partner))

    def test_relations_are_shown_by_name(self):
        partner = self.company(Addresses=[address(Country="New Zealand")])
        partner.country_id = self.env.ref("base.au")
        self.assertEqual(
            self.changed(partner), {"country_id": ("Australia", "New Zealand")}
        )

    def test_a_field_is_followed_again(self):
        partner = self.company()
        partner.write({"phone": "my own", "website": "other.nz"})
        self.connector.handle = None
        told = partner.xero_follow_again(["phone"])["params"]
        self.assertEqual(told["type"], "success")
        self.assertEqual(partner.phone, "1")
        self.assertEqual(list(self.changed(partner)), ["website"])
        del self.connector.handle
        self.bring(contact(1, Phones=[phone(number="2")], Website="b.nz"))
        self.assertRecordValues(partner, [{"phone": "2", "website": "http://other.nz"}])

    def test_all_fields_are_followed_again_even_where_xero_has_nothing(self):
        partner = self.company()
        partner.write({"phone": "my own", "website": "other.nz"})
        self.land(contact(1, Phones=[phone(number="3")]))
        partner.xero_follow_again(list(self.changed(partner)))
        self.assertRecordValues(partner, [{"phone": "3", "website": False}])
        self.assertFalse(self.changed(partner))

    def test_what_does_not_follow_xero_is_not_written_on_demand_either(self):
        partner = self.company()
        self.policy("phone", "on_create")
        partner.write({"phone": "my own", "comment": "mine"})
        partner.xero_follow_again(["phone", "comment", "no_such_field"])
        self.assertEqual(partner.phone, "my own")

    def test_persons_too(self):
        self.bring(contact(1, ContactPersons=[person("Ann", "Lee", "ann@x.nz")]))
        ann = self.persons(1).partner_id
        ann.write({"email": "private@x.nz", "xero_first_name": "Anna"})
        self.assertEqual(
            self.changed(ann),
            {
                "email": ("private@x.nz", "ann@x.nz"),
                "xero_first_name": ("Anna", "Ann"),
            },
        )
        ann.xero_follow_again(["email"])
        self.assertEqual(ann.email, "ann@x.nz")
        self.assertEqual(list(self.changed(ann)), ["xero_first_name"])

    def test_a_person_who_was_moved_to_another_company(self):
        self.bring(contact(1, ContactPersons=[person("Ann", "Lee")]))
        ann = self.persons(1).partner_id
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        ann.parent_id = other
        self.assertEqual(self.changed(ann), {"parent_id": ("Other", "Company 1")})
        ann.xero_follow_again(["parent_id"])
        self.assertEqual(ann.parent_id, self.partner(1))

    def test_no_field_at_all(self):
        partner = self.company()
        partner.phone = "my own"
        partner.xero_follow_again([])
        self.assertEqual(partner.phone, "my own")

    def test_an_individual(self):
        self.bring(
            contact(1, "Ann Lee", FirstName="Ann", LastName="Lee", Phones=[phone()])
        )
        ann = self.partner(1)
        self.assertEqual(ann, self.persons(1).partner_id)
        ann.phone = "my own"
        self.assertEqual(self.changed(ann), {"phone": ("my own", "555 1234")})
        ann.xero_follow_again(["phone"])
        self.assertEqual(ann.phone, "555 1234")
        self.assertFalse(self.changed(ann))

    def test_only_the_leading_contact_counts(self):
        partner = self.company()
        self.companies.mapping_ids.filtered("is_key").source_fields = "AccountNumber"
        partner.ref = "A-1"
        self.bring(contact(2, "Other name", AccountNumber="A-1"))
        self.assertEqual(self.partner(2), partner)
        self.assertFalse(self.changed(partner))

    def test_a_customer_that_xero_does_not_know(self):
        partner = self.env["res.partner"].create({"name": "Nobody of Xero"})
        self.assertFalse(self.changed(partner))

    def test_a_value_that_is_refused_is_told(self):
        partner = self.company()
        partner.phone = "my own"

        def refuse(records, values):
            raise UserError(records.env._("No phones today"))

        with patch.object(self.registry["res.partner"], "write", refuse):
            told = partner.xero_follow_again(["phone"])["params"]
        self.assertEqual(told["type"], "warning")
        self.assertIn("No phones today", told["message"])
        self.assertEqual(partner.phone, "my own")

    def test_while_a_run_works(self):
        partner = self.company()
        partner.phone = "my own"
        connections = self.registry["xero.connection"]
        with (
            patch.object(connections, "lock_for_update", side_effect=LockError("x")),
            self.assertRaisesRegex(UserError, "A run is working"),
        ):
            partner.xero_follow_again(["phone"])

    def test_who_may(self):
        partner = self.company()
        partner.phone = "my own"
        outsider = new_test_user(self.env, "changed_out", "base.group_user")
        with self.assertRaises(AccessError):
            partner.with_user(outsider).xero_changed_here()
        self.assertEqual(len(partner.with_user(self.salesman).xero_changed_here()), 1)
        with self.assertRaises(AccessError):
            partner.with_user(self.salesman).xero_follow_again(["phone"])
        partner.with_user(self.manager).xero_follow_again(["phone"])
        self.assertEqual(partner.phone, "1")

    def test_the_import_writes_as_its_own_user(self):
        partner = self.company()
        partner.phone = "my own"
        self.companies.run_as = new_test_user(self.env, "changed_ro", "base.group_user")
        with self.assertRaises(AccessError):
            partner.with_user(self.manager).xero_follow_again(["phone"])

    def test_a_field_that_the_reader_may_not_see(self):
        partner = self.company()
        partner.write({"phone": "my own", "website": "other.nz"})
        field = self.registry["res.partner"]._fields["phone"]
        with patch.object(field, "groups", "base.group_system"):
            self.env.registry.clear_cache()
            shown = self.changed(partner.with_user(self.salesman))
        self.assertEqual(list(shown), ["website"])

    def test_an_import_that_is_broken_shows_nothing(self):
        partner = self.company()
        partner.phone = "my own"
        self.env.cr.execute(
            "UPDATE xero_import_mapping SET target_field = 'x_gone'"
            " WHERE profile_id = %s AND target_field = 'zip'",
            [self.companies.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self.changed(partner))
        with self.assertRaisesRegex(UserError, "x_gone"):
            partner.xero_follow_again(["phone"])

    def test_nothing_is_written_by_looking(self):
        partner = self.company()
        partner.write({"phone": "my own", "website": "other.nz"})
        self.env.flush_all()
        with self.count_partner_writes() as written:
            self.changed(partner)
        self.assertFalse(written)

    def test_the_tab_costs_the_same_for_many_fields_as_for_one(self):
        def cost(partner):
            self.changed(partner)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.changed(partner)
            return self.env.cr.sql_log_count - before

        place = [address(City="A", PostalCode="1", Country="NZ", AddressLine2="x")]
        partner = self.company(Addresses=place)
        one = cost(partner)
        partner.write(
            {"phone": "0", "city": "B", "zip": "2", "street2": "y", "website": "b.nz"}
        )
        self.env.flush_all()
        self.assertEqual(len(self.changed(partner)), 5)
        self.assertLessEqual(cost(partner), one + 1)
        self.assertLessEqual(one, 20)
