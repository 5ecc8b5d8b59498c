# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo.exceptions import AccessError, MissingError

from .books import credit_note, invoice
from .common import contact, person, xero_id
from .rights import RightsCase
from .test_rights_models import DIALOGS, MODELS

# In every name of the supplier: sales must not come across it anywhere.
SECRET = "Vxqsupplier"
SUPPLIER = 7


class TestSuppliersAreHidden(RightsCase):
    """Who only sells to us is no business of sales, unless it became a partner.

    It has everything that a customer has: persons, a draft and a credit with lines,
    figures, what it owed on a day, a suggestion, a line of a run.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Drafts are documents like others here.
        cls.connection.sudo().show_drafts = True

    def fill(self):  # pylint: disable=missing-return
        super().fill()
        known = {"ContactID": xero_id(SUPPLIER), "Name": SECRET}
        self.land_books(
            contact(
                SUPPLIER,
                SECRET,
                IsCustomer=False,
                IsSupplier=True,
                EmailAddress="vx@qsupplier.nz",
                ContactPersons=[person("Vera", SECRET)],
            ),
            invoice(77, SUPPLIER, 40, Status="DRAFT", Reference=SECRET, Contact=known),
            credit_note(78, SUPPLIER, 30, Reference=SECRET, Contact=known),
            credit_note(
                79,
                SUPPLIER,
                10,
                Reference=SECRET,
                allocated=[(1, "2026-11-03", 10)],
                Contact=known,
            ),
        )
        self.supplier = self.mirror(SUPPLIER)
        self.assertFalse(self.supplier.is_customer)
        company = {"company_id": self.connection.company_id.id}
        own = {"connection_id": self.connection.id, "contact_id": self.supplier.id}
        look_alike = self.customer(f"{SECRET} of the CRM", email="other@zq.nz")
        self.env["xero.match"].sudo().create(
            {**own, **company, "partner_id": look_alike.id, "score": 90, "rank": 1}
        )
        self.env["xero.receivable.snapshot"].sudo().create(
            {**own, **company, "day": "2026-11-20"}
        )
        self.env["xero.sync.line"].sudo().create(
            {
                **own,
                **company,
                "sync_id": self.sync_run.id,
                "record_name": SECRET,
                "code": "name_missing",
                "outcome": "skipped",
            }
        )
        look_alike.sudo().name = "Nobody's secret"
        self.env.flush_all()
        self.env.invalidate_all()

    def rows_of_supplier(self, model):
        """The rows of a model that tell of it."""
        rows = self.env[model].sudo().with_context(active_test=False)
        path = {
            "xero.contact": "id",
            "xero.transaction.line": "transaction_id.contact_id",
            "xero.allocation": "transaction_id.contact_id",
        }.get(model, "contact_id")
        return rows.search([(path, "=", self.supplier.id)])

    def models(self):
        """Those that have rows of it."""
        named = [
            model
            for model in MODELS
            if model not in DIALOGS and "contact_id" in self.env[model]._fields
        ]
        others = ["xero.contact", "xero.transaction.line", "xero.allocation"]
        found = [model for model in named + others if self.rows_of_supplier(model)]
        self.assertGreater(len(found), 8, found)
        return found

    def test_no_row_is_found_or_read_by_sales(self):
        for model in self.models():
            rows = self.rows_of_supplier(model)
            for level in ("user", "operator"):
                if not self.env[model].with_user(self.users[level]).has_access("read"):
                    continue
                theirs = rows.sudo(False).with_user(self.users[level])
                self.env.invalidate_all()
                found = theirs.search([("id", "in", rows.ids)])
                self.assertFalse(found, (model, level))
                _answer, problem = self.attempt(
                    partial(theirs[:1].read, ["display_name"])
                )
                # A row of a view is missing to whom it is hidden from.
                self.assertIsInstance(problem, AccessError | MissingError, model)

    def test_administrators_see_all(self):
        for model in self.models():
            rows = self.rows_of_supplier(model)
            theirs = rows.sudo(False).with_user(self.users["administrator"])
            self.assertEqual(theirs.search([("id", "in", rows.ids)]), theirs, model)

    def test_its_name_is_in_nothing_that_sales_reads(self):
        """Everything of every model, names of what is linked to included."""
        for model in MODELS:
            for level in ("user", "operator"):
                rows = self.env[model].with_user(self.users[level])
                if model in DIALOGS or not rows.has_access("read"):
                    continue
                self.env.invalidate_all()
                rows = rows.with_context(active_test=False)
                told = rows.search_read([], self.readable(rows))
                self.assertNotIn(SECRET, str(told), (model, level))
                self.assertNotIn(SECRET, str(rows.name_search(SECRET)), (model, level))

    def readable(self, rows):
        """The fields that may be read, without those that point where nobody may."""
        return [
            name
            for name, field in rows.fields_get().items()
            if not field.get("relation")
            or rows.env[field["relation"]].has_access("read")
        ]

    def test_no_count_and_no_sum_has_it(self):
        admin, user = self.users["administrator"], self.users["user"]
        for model in self.models():
            rows = self.env[model].with_user(user)
            if not rows.has_access("read"):
                continue
            [[hidden]] = self.env[model].sudo()._read_group([], [], ["__count"])
            [[seen]] = rows._read_group([], [], ["__count"])
            [[every]] = rows.with_user(admin)._read_group([], [], ["__count"])
            self.assertEqual(every, hidden, model)
            self.assertEqual(seen, hidden - len(self.rows_of_supplier(model)), model)

    def test_the_card_agrees_with_the_list_behind_it(self):
        self.env["xero.customer.figures"].sudo().search([]).write({"outstanding": 0})
        rows = self.rows_of_supplier("xero.customer.figures")
        rows.write({"outstanding": -30, "day": "2026-11-20", "stale": False})
        self.env.flush_all()
        for level, owed in (("user", None), ("operator", None), ("administrator", -30)):
            connection = self.connection.with_user(self.users[level])
            connection.invalidate_recordset(["overview_sales"])
            card = connection.overview_sales or {}
            self.assertEqual(card.get("outstanding"), owed, level)

    def test_links_to_it_lead_nowhere(self):
        group = self.env["xero.contact.group"].sudo().search([], limit=1)
        self.supplier.sudo().group_ids = group
        self.connection.sudo().write(
            {"vendors": "picked", "vendor_ids": [(6, 0, self.supplier.ids)]}
        )
        self.env.flush_all()
        for level in ("user", "operator"):
            self.env.invalidate_all()
            user = self.users[level]
            connection = self.connection.with_user(user)
            self.assertEqual(connection.read(["vendor_ids"])[0]["vendor_ids"], [])
            of_group = group.sudo(False).with_user(user).read(["contact_ids"])
            self.assertNotIn(self.supplier.id, of_group[0]["contact_ids"])
            told = connection.web_read({"vendor_ids": {"fields": {"display_name": {}}}})
            self.assertNotIn(SECRET, str(told))

    def test_the_workbench_does_not_offer_it(self):
        self.connection.sudo().vendors = "all"
        for level, seen in (("operator", False), ("administrator", True)):
            matches = self.env["xero.match"].with_user(self.users[level])
            told = str(matches.load_matches(self.connection.id, {}))
            self.assertEqual(SECRET in told, seen, level)

    def test_a_chosen_vendor_is_seen_like_any_partner(self):
        partner = self.partners.create({"name": SECRET})
        self.supplier.sudo().write({"partner_id": partner.id, "link_state": "linked"})
        self.env.flush_all()
        for model in self.models():
            rows = self.rows_of_supplier(model).sudo(False)
            theirs = rows.with_user(self.users["operator"])
            self.env.invalidate_all()
            found = theirs.search([("id", "in", rows.ids)])
            self.assertEqual(found, theirs, model)
