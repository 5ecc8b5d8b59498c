# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .common import XeroCase, address, contact, person, phone


class TestProfileForm(XeroCase):
    """What the form of an import profile says, corrects and refuses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["xero.import.mapping"]

    def line(self, target, sources, profile=None, **values):
        profile = profile or self.companies
        profile.mapping_ids.filtered(lambda row: row.target_field == target).unlink()
        return self.lines.create(
            {
                "profile_id": profile.id,
                "target_field": target,
                "source_fields": sources,
                **values,
            }
        )

    def refused(self, target, sources, **values):
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            self.line(target, sources, **values)
        return caught.exception.args[0]

    # Target and source

    def test_choosing_the_target_brings_its_source_and_fields(self):
        form = Form(self.env["xero.import.profile"])
        form.name = "People"
        self.assertEqual(form.source, "organisation")
        form.target = "contact"
        self.assertEqual(form.source, "contact")
        names = [row["name"] for row in form.field_choices["sources"]]
        self.assertIn("Organisation", names)
        self.assertNotIn("ContactID", names)
        self.assertEqual(form.save().source, "contact")

    def test_a_source_of_the_other_kind_is_put_right(self):
        with Form(self.companies) as form:
            with self.assertLogs("odoo.tests.form.onchange", "WARNING"):
                form.source = "contact"
            self.assertEqual(form.source, "organisation")

    def test_what_can_be_mapped(self):
        self.env["ir.model.fields"].sudo().create(
            {
                "name": "x_region",
                "field_description": "Sales region",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": "char",
            }
        )
        choices = self.companies.field_choices
        targets = {row["name"]: row for row in choices["targets"]}
        self.assertEqual(targets["x_region"]["label"], "Sales region")
        self.assertEqual(targets["country_id"]["type"], "record")
        self.assertTrue(targets["street"]["marked"])
        self.assertFalse(targets["city"]["marked"])
        forbidden = {
            "active",
            "company_id",
            "user_id",
            "create_uid",
            "display_name",
            "commercial_partner_id",
        }
        self.assertFalse(forbidden & targets.keys())
        sources = {row["name"]: row for row in choices["sources"]}
        self.assertEqual(sources["LegalName"]["hint"], "empty in Xero today")
        self.assertEqual(sources["UpdatedDateUTC"]["type"], "date")
        json.dumps(choices)

    # Lines

    def test_a_pair_of_types_that_do_not_fit_is_refused_in_words(self):
        for target, sources in (
            ("phone", "UpdatedDateUTC"),
            ("phone", "Phone,UpdatedDateUTC"),
            ("phone", "IsCustomer"),
            ("country_id", "Discount"),
            ("parent_id", "Name"),
        ):
            with self.subTest(f"{sources} → {target}"):
                self.assertIn("does not fit", self.refused(target, sources))
        self.assertEqual(
            self.refused("phone", "UpdatedDateUTC"),
            "“Changed in Xero” (date) does not fit “Phone” (text): choose another"
            " field.",
        )

    def test_pairs_that_fit(self):
        for target, sources in (
            ("ref", "ContactID"),
            ("comment", "Balances.AccountsReceivable.Outstanding"),
            ("color", "Discount"),
            ("color", "AccountNumber"),
            ("lang", "DefaultCurrency"),
            ("country_id", "Country"),
        ):
            self.assertFalse(self.line(target, sources).problem)

    def test_an_unknown_field_is_refused(self):
        self.assertIn("choose another one", self.refused("user_id", "Name"))
        self.assertIn("choose another one", self.refused("nonsense", "Name"))
        self.assertIn("take it out", self.refused("phone", "Nonsense"))
        self.assertIn("take it out", self.refused("phone", "Id"))

    def test_a_line_without_source_and_default_is_refused(self):
        self.assertIn("neither", self.refused("phone", ""))
        self.assertIn("neither", self.refused("phone", " , "))

    def test_a_default_that_does_not_convert_is_refused(self):
        for target, wrong, right in (
            ("color", "red", "7"),
            ("lang", "Klingon", "en_US"),
            ("country_id", "Nowhere", "new zealand"),
            ("country_id", "Nowhere", "NZ"),
            ("employee", "maybe", "yes"),
        ):
            with self.subTest(target):
                said = self.refused(target, "", default_value=wrong)
                self.assertIn(f"“{wrong}”", said)
                self.assertFalse(self.line(target, "", default_value=right).problem)
        said = self.refused(
            "parent_id", "Organisation", profile=self.contacts, default_value="Us"
        )
        self.assertIn("no default", said)

    def test_a_wrong_pair_is_said_before_saving(self):
        with Form(self.companies) as form:
            with form.mapping_ids.new() as line:
                line.target_field = "comment"
                line.source_fields = "Name"
                self.assertFalse(line.problem)
                line.source_fields = "UpdatedDateUTC"
                self.assertIn("does not fit", line.problem)
                line.source_fields = "Name"

    def test_changing_the_target_says_which_lines_no_longer_fit(self):
        form = Form(self.companies)
        form.target = "contact"
        problems = [row["problem"] for row in form.mapping_ids._records]
        self.assertIn("Xero has no field “ContactID” here: take it out.", problems)
        with self.assertRaises(ValidationError):
            form.save()

    # The key

    def test_the_key_moves_in_whatever_order_lines_are_written(self):
        name, ref = self.companies.mapping_ids[:2]
        self.assertEqual(self.companies.key_mapping, ref)
        for new, old in ((name, ref), (ref, name)):
            for commands in (
                [
                    Command.update(new.id, {"is_key": True}),
                    Command.update(old.id, {"is_key": False}),
                ],
                [
                    Command.update(old.id, {"is_key": False}),
                    Command.update(new.id, {"is_key": True}),
                ],
            ):
                old.is_key = True
                self.companies.mapping_ids = commands
                self.assertEqual(self.companies.key_mapping, new)

    def test_the_key_is_shown_by_name(self):
        self.assertEqual(self.companies.key_label, "Reference = Contact ID")
        self.companies.mapping_ids.is_key = False
        self.assertFalse(self.companies.key_label)

    def test_update_without_a_key_says_what_to_do(self):
        self.companies.mapping_ids.is_key = False
        with self.assertRaisesRegex(ValidationError, "mark one line as the key"):
            self.companies.mode = "update"

    def test_what_cannot_be_compared_is_no_key(self):
        said = self.refused("country_id", "Country", is_key=True)
        self.assertIn("cannot be the key", said)
        for target, source in (("vat", "TaxNumber"), ("color", "Discount")):
            self.line(target, source, is_key=True)

    # Examples

    def test_examples_are_from_the_first_record(self):
        self.land(
            contact(
                1,
                "Bayside Club",
                Addresses=[address(line1="1 Main Road", Country="NZ")],
                Phones=[phone("DDI", "555 1234", "04")],
                TaxNumber="",
            ),
            contact(2, "Other", TaxNumber="12"),
        )
        examples = {
            line.target_field: line.example for line in self.companies.mapping_ids
        }
        self.assertEqual(self.companies.example_name, "Bayside Club")
        self.assertEqual(examples["name"], "Bayside Club")
        self.assertEqual(examples["phone"], "(04) 555 1234")
        self.assertEqual(examples["country_id"], "NZ")
        self.assertFalse(examples["vat"])

    def test_examples_of_every_kind(self):
        self.land(
            contact(1, "A", Discount=2.5, FirstName="Jo", LastName="Lee"),
        )
        self.assertEqual(self.line("comment", "LegalName").example, self.absent)
        self.assertEqual(self.line("employee", "IsCustomer").example, "Yes")
        self.assertEqual(self.line("color", "Discount").example, "2.5")
        self.assertEqual(self.line("function", "", default_value="x").example, "x")
        examples = self.contacts.mapping_ids.mapped("example")
        self.assertIn("Lee", examples)
        self.assertIn("A", examples, "the company")
        self.assertIn(self.absent, examples, "Skype")

    absent = "empty in Xero today"

    def test_examples_of_lines_and_filters_that_are_not_saved(self):
        self.land(
            contact(1, "Active", AccountNumber="A1"),
            contact(2, "Gone", AccountNumber="A2", ContactStatus="ARCHIVED"),
        )
        with Form(self.companies) as form:
            with form.mapping_ids.new() as line:
                line.target_field = "comment"
                line.source_fields = "AccountNumber"
                self.assertEqual(line.example, "A1")
            form.status = "archived"
            self.assertEqual(form.example_name, "Gone")
            self.assertEqual(form.record_count, 1)
            rows = {row["target_field"]: row for row in form.mapping_ids._records}
            self.assertEqual(rows["comment"]["example"], "A2")
            self.assertEqual(rows["name"]["example"], "Gone")

    def test_no_examples_where_nothing_matches(self):
        self.assertFalse(any(self.companies.mapping_ids.mapped("example")))
        self.assertFalse(self.companies.example_name)

    def test_opening_costs_the_same_with_more_lines(self):
        self.land(*(contact(n) for n in range(1, 6)))
        lines = {"example": {}, "problem": {}, "target_field": {}, "is_key": {}}
        spec = {
            "name": {},
            "field_choices": {},
            "key_label": {},
            "record_count": {},
            "example_name": {},
            "mapping_ids": {"fields": lines},
        }

        def cost():
            # As a call from the browser: what the tests read before is not known.
            profile = self.env["xero.import.profile"].browse(self.companies.id)
            profile.web_read(spec)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            profile.web_read(spec)
            return self.env.cr.sql_log_count - before

        few = cost()
        self.assertLessEqual(few, 10)
        taken = set(self.companies.mapping_ids.mapped("target_field"))
        more = [
            row["name"]
            for row in self.companies.field_choices["targets"]
            if row["type"] == "text" and row["name"] not in taken
        ]
        for name in more:
            self.line(name, "AccountNumber")
        self.assertGreater(len(self.companies.mapping_ids), 25)
        self.assertEqual(cost(), few)

    # Saved, copied, run

    def test_a_copy_is_a_new_profile_that_runs_when_told_to(self):
        self.land(contact(1))
        group = (
            self.env["xero.contact.group"]
            .sudo()
            .create(
                {
                    "connection_id": self.connection.id,
                    "company_id": self.connection.company_id.id,
                    "xero_id": "g1",
                    "name": "Wholesale",
                }
            )
        )
        self.companies.write(
            {
                "which": "groups",
                "group_ids": group.ids,
                "mode": "import",
                "delivery_addresses": False,
            }
        )
        self.companies.action_run()
        self.companies.position = 7
        before = self.companies.copy_data()[0]
        action = self.companies.action_duplicate()
        copy = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(copy.name, "Companies (copy)")
        self.assertFalse(copy.auto_run)
        self.assertFalse(copy.last_sync_id)
        self.assertFalse(copy.run_needed)
        self.assertEqual(copy.position, 0)
        self.assertEqual(copy.group_ids, group)
        self.assertEqual(copy.mode, "import")
        self.assertFalse(copy.delivery_addresses)
        self.assertEqual(
            copy.mapping_ids.mapped("target_field"),
            self.companies.mapping_ids.mapped("target_field"),
        )
        copy.mapping_ids[0].policy = "always"
        self.assertEqual(self.companies.copy_data()[0], before, "is left alone")
        self.assertEqual(self.companies.copy({"name": "Mine"}).name, "Mine")

    def test_saving_changes_the_profile_itself(self):
        count = self.env["xero.import.profile"].search_count([])
        with Form(self.companies) as form:
            form.name = "Customers of Xero"
        self.assertEqual(self.companies.name, "Customers of Xero")
        self.assertEqual(self.env["xero.import.profile"].search_count([]), count)

    def test_what_changed_since_the_last_run_asks_for_a_run(self):
        changes = (
            lambda: self.companies.write({"mode": "import"}),
            lambda: self.companies.write({"status": "all"}),
            lambda: self.companies.write({"delivery_addresses": False}),
            lambda: self.companies.mapping_ids[0].write({"policy": "always"}),
            lambda: self.line("comment", "AccountNumber"),
            lambda: self.companies.mapping_ids[-1].unlink(),
        )
        for change in changes:
            self.companies.action_run()
            self.assertFalse(self.companies.run_needed)
            change()
            self.assertTrue(self.companies.run_needed)
        self.companies.action_run()
        self.companies.name = "Other title"
        self.companies.mapping_ids[0].sequence = 99
        self.assertFalse(self.companies.run_needed)

    def test_a_profile_that_never_ran_asks_for_nothing(self):
        self.companies.mode = "import"
        self.assertFalse(self.companies.run_needed)

    def test_the_usual_lines_are_added_once(self):
        fields_before = self.companies.mapping_ids.mapped("target_field")
        self.companies.mapping_ids.filtered(
            lambda line: line.target_field in ("ref", "city")
        ).unlink()
        self.line("vat", "CompanyNumber", is_key=True)
        for _again in range(2):
            self.lines.with_context(
                profile_id=self.companies.id
            ).action_add_usual_lines()
        after = self.companies.mapping_ids
        self.assertEqual(sorted(after.mapped("target_field")), sorted(fields_before))
        self.assertEqual(self.companies.key_mapping.target_field, "vat")
        vat = after.filtered("is_key")
        self.assertEqual(vat.source_fields, "CompanyNumber", "the person's own stays")

    # Who may

    def test_operators_look_run_and_export_only(self):
        operator = new_test_user(
            self.env, "operator", groups="sales_team.group_sale_manager"
        )
        self.land(contact(1, "A", ContactPersons=[person("B", "C")]))
        profile = self.companies.with_user(operator)
        self.assertTrue(profile.field_choices["targets"])
        self.assertEqual(profile.mapping_ids[0].example, "A")
        self.assertEqual(profile.record_count, 1)
        profile.action_run()
        self.assertIn(str(profile.id), profile.action_export()["url"])
        for forbidden in (
            lambda: profile.write({"mode": "import"}),
            lambda: profile.action_duplicate(),
            lambda: profile.mapping_ids[0].write({"policy": "always"}),
            lambda: profile.unlink(),
        ):
            with self.assertRaises(AccessError):
                forbidden()
