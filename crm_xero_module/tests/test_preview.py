# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a preview tells, and that it does nothing else."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.services.imports.plan import Planner
from odoo.addons.crm_xero_module.services.previews import done as preview_done

from .common import XeroCase, address, contact, person, phone, xero_id

RUN_LOGGER = "odoo.addons.crm_xero_module.services.imports.run"


class PreviewCase(XeroCase):
    """Previews, and runs that do them, without a cron."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sync_run._finish("done")

    def work_off(self, run):
        """Let a run go on as the worker does."""
        while run.is_open:
            self.step(run)
        return run

    def step(self, run):
        run._work().run_whole_batch()
        self.env.flush_all()
        self.env.invalidate_all()

    def start_preview(self, profile=None):
        action = (profile or self.companies).action_preview()
        return self.env["xero.sync"].sudo().browse(action["res_id"])

    def preview(self, profile=None):
        return self.work_off(self.start_preview(profile))

    def start_doing(self, preview):
        action = preview.with_env(self.env).action_do_preview()
        return self.env["xero.sync"].sudo().browse(action["res_id"])

    def do(self, preview):
        return self.work_off(self.start_doing(preview))

    def told(self, run):
        """{record: outcome} of a run's lines."""
        return {line.record_name: line.outcome for line in run.line_ids}

    def line(self, run, name):
        return run.line_ids.filtered(lambda line: line.record_name == name)

    def in_batches_of(self, size):
        """Plans this many rows at a time."""
        rows = Planner.rows

        def few(planner, condition, limit=size):
            return rows(planner, condition, limit)

        self.patch(Planner, "rows", few)
        self.patch(preview_done, "BATCH", size)

    def use_account_numbers(self):
        """Let the customer's reference be Xero's account number."""
        self.companies.mapping_ids.filtered("is_key").source_fields = "AccountNumber"


class TestPreview(PreviewCase):
    def test_new_with_its_fields(self):
        self.land(contact(1, Phones=[phone()], Addresses=[address(Country="NZ")]))
        line = self.preview().line_ids
        self.assertRecordValues(
            line,
            [{"outcome": "create", "state": "preview", "record_name": "Company 1"}],
        )
        self.assertEqual(
            line.changes,
            {
                "name": [None, "Company 1"],
                "ref": [None, xero_id(1)],
                "street": [None, "1 Main Road"],
                "country_id": [None, "New Zealand"],
                "phone": [None, "555 1234"],
            },
        )
        self.assertEqual(line.changed_fields[0], ["Name", None, "Company 1"])
        self.assertIn("Country: New Zealand", line.changes_text)

    def test_changed_with_old_and_new(self):
        self.bring(
            contact(1, Phones=[phone()], Addresses=[address(Country="NZ")]), contact(2)
        )
        self.land(contact(1, "Renamed", Addresses=[address(Country="Australia")]))
        preview = self.preview()
        self.assertEqual(self.told(preview), {"Renamed": "update"})
        self.assertEqual(
            preview.line_ids.changes,
            {
                "name": ["Company 1", "Renamed"],
                "country_id": ["New Zealand", "Australia"],
                "phone": ["555 1234", None],
            },
        )
        self.assertEqual(preview.line_ids.partner_id, self.partner(1))
        self.assertEqual(preview.unchanged_count, 1)

    def test_linked_by_the_key(self):
        there = self.partners.create({"name": "Old name", "ref": xero_id(1)})
        self.land(contact(1))
        line = self.preview().line_ids
        self.assertEqual((line.outcome, line.partner_id), ("link", there))
        self.assertIn(xero_id(1), line.reason)

    def test_skipped_and_in_conflict_with_the_reason(self):
        self.use_account_numbers()
        self.partners.create([{"name": n, "ref": "A1"} for n in ("One", "Two")])
        self.land(contact(1, "", ContactNumber="1"), contact(2, AccountNumber="A1"))
        preview = self.preview()
        self.assertEqual(
            self.told(preview), {xero_id(1): "skipped", "Company 2": "conflict"}
        )
        self.assertIn("no name", self.line(preview, xero_id(1)).reason)
        self.assertRecordValues(
            preview, [{"skipped_count": 1, "failed_count": 1, "created_count": 0}]
        )

    def test_a_value_left_out_is_a_remark(self):
        self.land(contact(1, Addresses=[address(Country="Narnia")]))
        line = self.preview().line_ids
        self.assertEqual(line.outcome, "create")
        self.assertIn("Narnia", line.reason)
        self.assertNotIn("country_id", line.changes)

    def test_twins_across_batches_become_one(self):
        self.in_batches_of(2)
        self.use_account_numbers()
        self.land(*(contact(n, AccountNumber="A1") for n in range(1, 6)))
        preview = self.preview()
        outcomes = sorted(self.told(preview).items())
        self.assertEqual([outcome for _name, outcome in outcomes].count("create"), 1)
        self.assertEqual(self.told(preview)["Company 1"], "create")
        self.assertIn("Company 1", self.line(preview, "Company 5").reason)

    def test_persons_of_a_company(self):
        self.bring(contact(1))
        self.land(contact(1, ContactPersons=[person("Ann", "Baker", "a@x.nz")]))
        line = self.preview(self.contacts).line_ids
        self.assertEqual((line.record_name, line.outcome), ("Ann Baker", "create"))
        self.assertEqual(line.changes["parent_id"], [None, "Company 1"])
        self.assertTrue(line.person_id)

    def test_persons_of_companies_that_are_new_wait(self):
        self.land(contact(1, ContactPersons=[person("Ann", "Baker")]))
        line = self.preview(self.contacts).line_ids
        self.assertEqual((line.outcome, line.code), ("skipped", "company_missing"))

    def test_the_modes(self):
        self.bring(contact(1))
        self.land(contact(1, "Renamed"), contact(2))
        self.companies.mode = "import"
        self.assertEqual(self.told(self.preview()), {"Company 2": "create"})
        self.companies.mode = "update"
        self.assertEqual(self.told(self.preview()), {"Renamed": "update"})

    def test_ignored_ones_are_not_told(self):
        self.land(contact(1), contact(2))
        self.mirror(1).sudo().link_state = "ignored"
        preview = self.preview()
        self.assertEqual(self.told(preview), {"Company 2": "create"})
        self.assertEqual(preview.unchanged_count, 1)

    def test_no_customer_is_written(self):
        self.in_batches_of(2)
        self.bring(*(contact(n) for n in range(1, 4)))
        self.partners.create({"name": "There", "ref": xero_id(5)})
        self.land(contact(1, "Renamed"), *(contact(n) for n in range(4, 9)))
        self.partner(2).unlink()
        self.env.flush_all()
        mirror = self.mirror_state()
        with self.count_partner_writes() as written:
            preview = self.preview()
            self.env.flush_all()
        self.assertFalse(written)
        self.assertEqual(self.mirror_state(), mirror)
        self.assertEqual(preview.change_count, 6)
        self.assertFalse(self.companies.last_sync_id)

    def mirror_state(self):
        self.env.cr.execute("SELECT to_jsonb(c) FROM xero_contact c ORDER BY id")
        return self.env.cr.fetchall()

    def test_it_costs_the_same_queries_for_many_as_for_few(self):
        def cost():
            preview = self.start_preview()
            self.step(preview)
            before = self.env.cr.sql_log_count
            preview._work()._batch(preview, 0)
            return self.env.cr.sql_log_count - before

        self.land(*(contact(n) for n in range(3)))
        few = cost()
        self.env["xero.sync"].sudo().search([("kind", "=", "preview")]).unlink()
        self.land(*(contact(n) for n in range(3, 200)))
        self.assertLessEqual(cost(), few + 1)

    # What it does to what else is told

    def test_it_is_not_among_what_was_not_imported(self):
        lines = self.bring(contact(1, ""))
        preview = self.preview()
        self.assertEqual(lines.state, "open", "settled by imports alone")
        self.assertEqual(self.connection.not_imported_count, 1)
        self.assertEqual(preview.not_imported_count, 0)
        self.assertEqual(preview.line_ids.state, "preview")

    def test_only_operators_read_it(self):
        self.land(contact(1, IsSupplier=True, IsCustomer=False), contact(2))
        self.connection.vendors = "all"
        salesman = new_test_user(self.env, "s", "sales_team.group_sale_salesman")
        manager = new_test_user(self.env, "m", "sales_team.group_sale_manager")
        vendors, customers = self.preview(self.vendors), self.preview()
        lines = vendors.line_ids | customers.line_ids
        self.assertEqual(len(lines), 2)
        seen = self.env["xero.sync.line"].with_user(manager).search([])
        self.assertEqual(seen, customers.line_ids, "no values of suppliers")
        for record in (customers, customers.line_ids):
            record.with_user(manager).check_access("read")
        for record in (vendors, customers, *lines):
            with self.assertRaises(AccessError):
                record.with_user(salesman).check_access("read")
        with self.assertRaises(AccessError):
            self.companies.with_user(salesman).action_preview()

    # Its life

    def test_one_under_way_is_opened_again(self):
        self.land(contact(1))
        first = self.start_preview()
        self.assertEqual(self.start_preview(), first)
        self.work_off(first)
        self.assertNotEqual(self.start_preview(), first)

    def test_a_newer_one_takes_the_lines_of_the_older(self):
        self.land(contact(1))
        done, older, other = self.preview(), self.preview(), None
        other = self.preview(self.contacts)
        self.assertFalse(done.line_ids)
        self.do(older)
        newer = self.preview()
        self.assertTrue(older.line_ids, "it was done")
        self.assertTrue(done.are_lines_gone)
        self.assertFalse(other.are_lines_gone)
        self.assertFalse(newer.are_lines_gone)
        self.assertFalse(done.can_be_done)

    def test_a_changed_profile_makes_it_outdated(self):
        self.land(contact(1))
        preview = self.preview()
        self.assertTrue(preview.can_be_done)
        for values in (
            {"mode": "import"},
            {"status": "all"},
            {"changed_since": "2026-01-01"},
            {"picked_ids": [(6, 0, self.mirror(1).ids)]},
            {
                "mapping_ids": [
                    (1, self.companies.mapping_ids[3].id, {"policy": "always"})
                ]
            },
        ):
            before = self.companies.copy_data()[0]
            self.companies.write(values)
            self.env.invalidate_all()
            self.assertTrue(preview.is_outdated, values)
            self.assertFalse(preview.can_be_done)
            self.companies.write(
                {name: before.get(name) for name in values if name != "mapping_ids"}
            )
            self.companies.mapping_ids[3].policy = "follow"
            self.env.invalidate_all()
            self.assertFalse(preview.is_outdated, values)
        self.companies.write({"name": "Other", "sequence": 9, "auto_run": False})
        self.import_all(self.companies)
        self.env.invalidate_all()
        self.assertFalse(preview.is_outdated, "nothing that it does has changed")

    def test_a_profile_that_changes_meanwhile_ends_it(self):
        self.in_batches_of(1)
        self.land(contact(1), contact(2))
        preview = self.start_preview()
        self.step(preview)
        self.companies.mode = "import"
        self.work_off(preview)
        self.assertRecordValues(
            preview, [{"state": "failed", "code": "preview_outdated"}]
        )
        self.assertIn("Preview again", preview.message)
        self.assertFalse(preview.can_be_done)

    def test_rows_that_change_meanwhile_are_for_the_next(self):
        self.in_batches_of(2)
        self.land(*(contact(n) for n in range(1, 6)))
        preview = self.start_preview()
        self.step(preview)
        self.land(contact(1, "Renamed"), contact(9))
        self.work_off(preview)
        names = preview.line_ids.mapped("record_name")
        self.assertEqual(sorted(names), [f"Company {n}" for n in range(1, 6)])
        self.assertEqual(preview.newer_count, 2)
        step = preview.steps[0]
        self.assertEqual((step["done"], step["total"]), (5, 5))

    def test_cancelled(self):
        self.in_batches_of(1)
        self.land(contact(1), contact(2))
        preview = self.start_preview()
        self.step(preview)
        preview.with_env(self.env).action_cancel()
        self.assertEqual(preview.state, "cancelled")
        self.assertFalse(preview.can_be_done)

    def test_by_the_cron(self):
        self.land(contact(1), contact(2, ""))
        preview = self.start_preview()
        self.run_cron()
        self.assertRecordValues(
            preview, [{"state": "done", "progress": 100, "created_count": 1}]
        )
        run = self.start_doing(preview)
        self.run_cron()
        self.assertRecordValues(
            run, [{"state": "done", "progress": 100, "created_count": 1}]
        )
        self.assertTrue(self.partner(1))

    def test_of_a_deleted_profile(self):
        self.land(contact(1))
        preview = self.start_preview()
        self.companies.unlink()
        self.run_cron()
        self.assertEqual(preview.state, "cancelled")

    def test_a_crash_between_batches_tells_nothing_twice(self):
        self.in_batches_of(2)
        self.use_account_numbers()
        self.land(*(contact(n, AccountNumber=f"A{n % 3}") for n in range(1, 8)))
        preview = self.start_preview()
        insert = "odoo.addons.crm_xero_module.services.previews.run.insert_lines"
        while preview.is_open:
            with (
                patch(insert, side_effect=RuntimeError("power cut")),
                mute_logger(RUN_LOGGER),
                self.assertRaises(ZeroDivisionError),
                self.env.cr.savepoint(),
            ):
                preview._work().run_whole_batch()
                raise ZeroDivisionError
            self.env.invalidate_all()
            self.step(preview)
        self.assertEqual(len(preview.line_ids), 7)
        self.assertEqual(preview.created_count, 3)
        self.assertEqual(preview.linked_count, 4)
