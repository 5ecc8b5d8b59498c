# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""That "Do exactly this" makes the changes that the preview showed, and no others."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.services.imports.apply import Applier

from .common import address, contact, person, phone, xero_id
from .test_preview import RUN_LOGGER, PreviewCase

# What every write changes.
NOT_COMPARED = {"write_date", "write_uid"}


class TestPreviewDone(PreviewCase):
    def state_of_partners(self):
        """{partner id: its row of the table}, written or computed."""
        self.env.flush_all()
        self.env.cr.execute("SELECT id, to_jsonb(p) FROM res_partner p")
        return dict(self.env.cr.fetchall())

    def all_kinds(self):
        """A mirror with every kind of row, in the order in which they come."""
        self.use_account_numbers()
        self.bring(
            contact(1, Phones=[phone()], AccountNumber="A1"),
            contact(2, AccountNumber="A2"),
            contact(3, AccountNumber="A3"),
            contact(4, AccountNumber="A4"),
            contact(5, AccountNumber="A5"),
        )
        self.partners.create(
            [
                {"name": "There", "ref": "K1", "phone": "typed"},
                {"name": "Empty", "ref": "K2"},
                {"name": "One", "ref": "DUP"},
                {"name": "Two", "ref": "DUP"},
                {"name": "Nobody of Xero"},
            ]
        )
        self.partner(3).unlink()
        self.partner(4).active = False
        self.partner(2).phone = "typed here"
        self.land(
            contact(6, AccountNumber="T1"),
            contact(7, ""),
            contact(1, "Renamed", AccountNumber="A1", Phones=[phone(number="9")]),
            contact(8, AccountNumber="K1", Phones=[phone()]),
            contact(9, AccountNumber="DUP"),
            contact(10, AccountNumber="K2", Addresses=[address(Country="NZ")]),
            contact(11, AccountNumber="T1"),
            contact(12, AccountNumber="k2", Phones=[phone()]),
            contact(13, Addresses=[address(Country="Narnia")]),
            contact(14, "Bo Chu", FirstName="Bo", LastName="Chu"),
            contact(15, AccountNumber="t1 ", Phones=[phone()]),
            contact(16, ContactStatus="ARCHIVED"),
            contact(17, IsSupplier=True, IsCustomer=False),
            contact(18),
        )
        self.mirror(18).sudo().link_state = "ignored"

    def assert_exact(self, before, preview, run):
        """The partners changed as the preview's lines say, and nothing else."""
        after = self.state_of_partners()
        self.assertFalse(set(before) - set(after), "deleted")
        made = preview.line_ids.filtered(lambda line: line.outcome == "create")
        self.assertEqual(set(after) - set(before), set(made.partner_id.ids))
        compared = self.compared_fields(preview.profile_id)
        written = {
            partner: {
                name
                for name in compared & set(old)
                if old[name] != after[partner][name]
            }
            for partner, old in before.items()
            if old != after[partner]
        }
        shown = {}
        for line in preview.line_ids.filtered(
            lambda line: line.outcome in ("update", "link") and line.changes
        ):
            shown.setdefault(line.partner_id.id, set()).update(line.changes)
        self.assertEqual(written, shown)
        for line in preview.line_ids:
            self.assert_shown(line)
        for name in ("created_count", "updated_count", "linked_count"):
            self.assertEqual(run[name], preview[name], name)
        self.assertEqual((run.left_count, run.state), (0, "done"))

    def compared_fields(self, profile):
        """All that is not computed by Odoo or another module, and what is mapped."""
        mapped = set(profile.mapping_ids.mapped("target_field"))
        partner_fields = self.env["res.partner"]._fields
        return {
            name
            for name, field in partner_fields.items()
            if (not field.compute or name in mapped) and name not in NOT_COMPARED
        }

    def assert_shown(self, line):
        """The partner of a line holds the values that the line shows."""
        for name, (_old, new) in (line.changes or {}).items():
            value = line.partner_id[name]
            shown = value.display_name if hasattr(value, "ids") else value
            self.assertEqual(shown or None, new, (line.record_name, name))

    def test_every_kind_of_row(self):
        for size in (500, 3, 1):
            with self.subTest(size=size), self.env.cr.savepoint() as savepoint:
                self.in_batches_of(size)
                self.all_kinds()
                preview = self.preview()
                self.assertEqual(
                    self.told(preview),
                    {
                        "Company 3": "skipped",
                        "Company 4": "skipped",
                        "Company 6": "create",
                        xero_id(7): "skipped",
                        "Renamed": "update",
                        "Company 8": "link",
                        "Company 9": "conflict",
                        "Company 10": "link",
                        "Company 11": "link",
                        "Company 12": "link",
                        "Company 13": "create",
                        "Bo Chu": "create",
                        "Company 15": "link",
                    },
                )
                before = self.state_of_partners()
                run = self.do(preview)
                self.assertFalse(self.left(run))
                self.assert_exact(before, preview, run)
                self.assertEqual(self.partner(6), self.partner(15))
                self.assertEqual(self.mirror(3).link_state, "ignored")
                self.assertEqual(self.partner(6).xero_contact_count, 3)
                again = self.preview()
                self.assertFalse(again.change_count, self.told(again))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_every_kind_of_person(self):
        for size in (500, 2, 1):
            with self.subTest(size=size), self.env.cr.savepoint() as savepoint:
                self.in_batches_of(size)
                self.bring(
                    contact(1, ContactPersons=[person("Ann", "Baker", "ann@x.nz")]),
                    contact(2, ContactPersons=[person("Cy", "Dee", "cy@x.nz")]),
                    contact(3),
                )
                self.persons(2).partner_id.unlink()
                self.land(
                    contact(
                        1,
                        FirstName="New",
                        LastName="Primary",
                        ContactPersons=[
                            person("Ann", "Barker", "ann@x.nz"),
                            person("Ed", ""),
                            person("Flo", "Gee"),
                        ],
                    ),
                    contact(3, ContactPersons=[person("Ann", "Baker", "ann@x.nz")]),
                    contact(4, ContactPersons=[person("Has", "No Company")]),
                )
                preview = self.preview(self.contacts)
                self.assertEqual(
                    self.told(preview),
                    {
                        "New Primary": "create",
                        "Ann Barker": "update",
                        "Ed": "skipped",
                        "Flo Gee": "create",
                        "Cy Dee": "skipped",
                        "Ann Baker": "create",
                        "Has No Company": "skipped",
                    },
                )
                before = self.state_of_partners()
                run = self.do(preview)
                self.assert_exact(before, preview, run)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_delivery_address(self):
        def addresses(street, city="Auckland"):
            return [address(City="Wellington"), address("STREET", street, City=city)]

        self.land(contact(1, Addresses=addresses("2 Back Road")))
        preview = self.preview()
        line = preview.line_ids
        self.assertEqual(line.changes["delivery.street"], [None, "2 Back Road"])
        self.assertIn("Delivery address: Street: 2 Back Road", line.changes_text)
        self.do(preview)
        there = self.partner(1).child_ids
        self.assertEqual((there.type, there.street), ("delivery", "2 Back Road"))
        self.land(contact(1, Addresses=addresses("3 Back Road")))
        preview = self.preview()
        self.assertEqual(
            preview.line_ids.changes,
            {"delivery.street": ["2 Back Road", "3 Back Road"]},
        )
        before = self.state_of_partners()
        run = self.do(preview)
        self.assertEqual((run.updated_count, run.left_count), (1, 0))
        self.assertEqual(there.street, "3 Back Road")
        after = self.state_of_partners()
        self.assertEqual(
            [partner for partner in after if after[partner] != before.get(partner)],
            there.ids,
        )

    def test_a_delivery_address_that_changed_meanwhile(self):
        both = [address(), address("STREET", "2 Back Road")]
        self.land(contact(1, Addresses=both))
        preview = self.preview()
        self.land(contact(1, Addresses=[address(), address("STREET", "9 Back Road")]))
        reason = self.left(self.do(preview))["Company 1"]
        self.assertIn("“9 Back Road” for “Delivery address: Street”", reason)
        self.assertFalse(self.partner(1))

    def test_what_does_not_come_is_told_as_in_any_run(self):
        self.land(contact(1, ""), contact(2))
        run = self.do(self.preview())
        self.assertEqual(run.line_ids.code, "name_missing")
        self.assertEqual(run.not_imported_count, 1)
        self.assertRecordValues(run, [{"created_count": 1, "skipped_count": 1}])

    # What changed since is left alone and named

    def left(self, run):
        """{record: what changed} of the records that were left alone."""
        lines = run.line_ids.filtered(lambda line: line.code == "changed_since_preview")
        self.assertEqual(run.left_count, len(lines))
        return {line.record_name: line.reason for line in lines}

    def test_a_customer_that_was_edited(self):
        self.bring(contact(1, Phones=[phone()]), contact(2), contact(3))
        self.land(
            contact(1, Phones=[phone(number="9")]), contact(2, "B"), contact(3, "C")
        )
        preview = self.preview()
        self.partner(1).phone = "typed"
        self.partner(2).phone = "of no concern"
        run = self.do(preview)
        left = self.left(run)
        self.assertEqual(set(left), {"Company 1"})
        self.assertIn("nothing to do", left["Company 1"])
        self.assertEqual(self.partner(1).phone, "typed")
        self.assertEqual(self.partner(2).name, "B")
        self.assertEqual(run.updated_count, 2)
        line = self.line(run, "Company 1")
        self.assertEqual((line.state, line.partner_id), ("retried", self.partner(1)))

    def test_a_customer_that_was_edited_and_still_follows(self):
        self.companies.mapping_ids.policy = "always"
        self.bring(contact(1, Phones=[phone()]))
        self.land(contact(1, Phones=[phone(number="9")]))
        preview = self.preview()
        self.partner(1).write({"phone": "typed", "street": "typed too"})
        run = self.do(preview)
        reason = self.left(run)["Company 1"]
        self.assertIn("“Phone” is “typed” now", reason)
        self.assertEqual(self.partner(1).phone, "typed")
        self.assertEqual(run.line_ids.changes["phone"], ["typed", "9"])
        self.assertEqual(run.line_ids.state, "open")

    def test_a_contact_that_changed_in_xero(self):
        self.land(contact(1), contact(2), contact(3))
        preview = self.preview()
        self.land(contact(1, Phones=[phone()]), contact(2, ""))
        run = self.do(preview)
        left = self.left(run)
        self.assertEqual(set(left), {"Company 1", "Company 2"})
        self.assertIn("“Phone” would change too", left["Company 1"])
        self.assertIn("has no name", left["Company 2"])
        self.assertEqual(run.created_count, 1)
        self.assertFalse(self.partner(1) | self.partner(2))
        self.assertTrue(self.partner(3))

    def test_a_value_that_changed_in_xero(self):
        self.land(contact(1, Phones=[phone()]))
        preview = self.preview()
        self.land(contact(1, Phones=[phone(number="9")]))
        reason = self.left(self.do(preview))["Company 1"]
        self.assertIn("Xero gives “9” for “Phone”", reason)

    def test_a_customer_that_was_deleted(self):
        self.bring(contact(1), contact(2))
        self.land(contact(1, "A"), contact(2, "B"))
        preview = self.preview()
        self.partner(1).unlink()
        run = self.do(preview)
        self.assertIn("was deleted", self.left(run)["A"])
        self.assertEqual(self.partner(2).name, "B")

    def test_a_customer_made_by_hand_meanwhile(self):
        self.land(contact(1), contact(2))
        preview = self.preview()
        there = self.partners.create({"name": "By hand", "ref": xero_id(1)})
        run = self.do(preview)
        self.assertIn("Now: Linked", self.left(run)["Company 1"])
        self.assertFalse(there.xero_contact_count)
        self.assertTrue(self.partner(2))

    def test_a_key_made_double(self):
        self.use_account_numbers()
        self.partners.create({"name": "There", "ref": "A1"})
        self.land(contact(1, AccountNumber="A1"), contact(2))
        preview = self.preview()
        self.partners.create({"name": "Double", "ref": "a1"})
        run = self.do(preview)
        self.assertIn("More than one", self.left(run)["Company 1"])
        self.assertTrue(self.partner(2))

    def test_a_twin_goes_with_the_one_that_it_joins(self):
        self.use_account_numbers()
        self.land(contact(1, AccountNumber="A1"), contact(2, AccountNumber="A1"))
        preview = self.preview()
        self.land(contact(1, "Renamed", AccountNumber="A1"))
        run = self.do(preview)
        self.assertEqual(set(self.left(run)), {"Company 1", "Company 2"})
        self.assertFalse(self.partner(1) | self.partner(2))

    def test_a_contact_that_left_the_import(self):
        self.land(contact(1), contact(2))
        preview = self.preview()
        self.land(contact(1, ContactStatus="ARCHIVED"))
        run = self.do(preview)
        self.assertIn("no longer looks at", self.left(run)["Company 1"])
        self.assertTrue(self.partner(2))

    def test_a_mirror_row_that_is_gone(self):
        self.land(contact(1), contact(2))
        preview = self.preview()
        self.mirror(1).sudo().unlink()
        run = self.do(preview)
        self.assertIn("no longer looks at", self.left(run)["Company 1"])
        self.assertTrue(self.partner(2))

    def test_a_customer_that_the_user_may_not_see_any_more(self):
        self.bring(contact(1), contact(2))
        self.land(contact(1, "A"), contact(2, "B"))
        preview = self.preview()
        self.env["ir.rule"].sudo().create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("id", "!=", self.partner(1).id)],
            }
        )
        name = self.partner(1).sudo().name
        run = self.do(preview)
        self.assertIn("may not see", self.left(run)["A"])
        self.assertEqual(self.partner(1).sudo().name, name)
        self.assertEqual(self.partner(2).name, "B")

    def test_a_user_without_rights_does_nothing(self):
        clerk = new_test_user(
            self.env, "clerk", "base.group_user,base.group_partner_manager"
        )
        self.companies.run_as = clerk
        self.land(contact(1))
        preview = self.preview()
        self.assertTrue(preview.can_be_done)
        clerk.sudo().group_ids -= self.env.ref("base.group_partner_manager")
        run = self.do(preview)
        self.assertRecordValues(
            run, [{"state": "failed", "code": "profile_not_allowed"}]
        )
        self.assertFalse(self.partner(1))

    def test_all_done_by_a_sync_meanwhile(self):
        self.land(contact(1), contact(2))
        preview = self.preview()
        self.import_all(self.companies)
        before = self.state_of_partners()
        run = self.do(preview)
        self.assertEqual(len(self.left(run)), 2)
        self.assertEqual(self.state_of_partners(), before)
        self.assertEqual(set(run.line_ids.mapped("state")), {"retried"})

    def test_preview_again_shows_what_was_left(self):
        self.land(contact(1))
        preview = self.preview()
        self.land(contact(1, "Renamed"))
        run = self.do(preview)
        action = run.with_env(self.env).action_preview_again()
        again = self.work_off(self.env["xero.sync"].sudo().browse(action["res_id"]))
        self.assertEqual(self.told(again), {"Renamed": "create"})
        self.do(again)
        self.assertEqual(self.partner(1).name, "Renamed")
        self.env.invalidate_all()
        self.assertEqual(set(run.line_ids.mapped("state")), {"retried"})

    # Once, and only while it is true

    def test_it_is_done_once(self):
        self.land(contact(1))
        preview = self.preview()
        self.start_doing(preview)
        with self.assertRaises(UserError):
            preview.with_env(self.env).action_do_preview()
        self.work_off(preview.done_ids)
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            preview.with_env(self.env).action_do_preview()

    def test_one_that_was_stopped_goes_on(self):
        self.in_batches_of(1)
        self.land(contact(1), contact(2), contact(3))
        preview = self.preview()
        run = self.start_doing(preview)
        self.step(run)
        run.with_env(self.env).action_cancel()
        self.assertTrue(preview.can_be_done)
        rest = self.do(preview)
        self.assertEqual((run.created_count, rest.created_count), (1, 2))
        self.assertFalse(rest.left_count)

    def test_an_outdated_one_is_not_done(self):
        self.land(contact(1))
        preview = self.preview()
        self.companies.mode = "import"
        with self.assertRaises(UserError):
            self.do(preview)

    def test_a_profile_that_changes_meanwhile_stops_it(self):
        self.in_batches_of(1)
        self.land(contact(1), contact(2))
        run = self.start_doing(self.preview())
        self.step(run)
        self.companies.mapping_ids[3].default_value = "Main Road"
        self.work_off(run)
        self.assertRecordValues(run, [{"state": "failed", "code": "preview_outdated"}])
        self.assertFalse(self.partner(2))

    def test_only_operators_do_it(self):
        self.land(contact(1))
        preview = self.preview()
        salesman = new_test_user(self.env, "salesman", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            preview.with_user(salesman).action_do_preview()

    def test_a_crash_between_batches_makes_nobody_twice(self):
        self.in_batches_of(3)
        self.all_kinds()
        preview = self.preview()
        before = self.state_of_partners()
        run = self.start_doing(preview)
        apply = Applier.apply

        def crash(applier, items):
            apply(applier, items)
            raise RuntimeError("power cut")

        while run.is_open:
            with (
                patch.object(Applier, "apply", crash),
                mute_logger(RUN_LOGGER),
                self.assertRaises(ZeroDivisionError),
                self.env.cr.savepoint(),
            ):
                run._work().run_whole_batch()
                raise ZeroDivisionError
            self.env.invalidate_all()
            self.step(run)
        self.assert_exact(before, preview, run)
