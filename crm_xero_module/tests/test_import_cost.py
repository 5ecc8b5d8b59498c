# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a batch costs in queries, and the notes that an import leaves."""

from odoo.addons.crm_xero_module.services.imports.rows import BATCH

from .common import XeroCase, address, contact


class TestImportCost(XeroCase):
    def queries(self, work):
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        return self.cr.sql_log_count - before

    def many(self, first, count, **values):
        self.land(*(contact(n, **values) for n in range(first, first + count)))

    def test_a_batch_of_new_companies_costs_queries_for_hundreds_not_for_each(self):
        self.many(1, 10)
        self.import_all(self.companies)
        self.many(1000, BATCH)
        cost = self.queries(lambda: self.import_all(self.companies))
        self.assertEqual(len(self.connection.sync_ids.line_ids), 0)
        # Odoo's own INSERT and UPDATE take 100 rows each.
        self.assertLess(cost, 120)

    def test_a_batch_that_changed_nothing_costs_a_few(self):
        self.many(1, BATCH)
        self.import_all(self.companies)
        self.companies.position = 0
        with self.count_partner_writes() as written:
            cost = self.queries(lambda: self.import_all(self.companies))
        self.assertFalse(written)
        self.assertLess(cost, 60)

    def test_notes_cost_the_same_for_any_number(self):
        self.companies.leave_note = True
        self.many(1, 40, Addresses=[address(line1="Old")])
        self.import_all(self.companies)

        def change(numbers, street):
            self.land(*(contact(n, Addresses=[address(line1=street)]) for n in numbers))
            return self.queries(lambda: self.import_all(self.companies))

        few, many = change(range(1, 3), "New"), change(range(1, 39), "Newer")
        # What is written one by one is the partners.
        self.assertLess(many - few, 4 * 36)
        notes = self.partner(5).message_ids.filtered("body")
        self.assertIn("Old → Newer", notes[0].body)


class TestNotes(XeroCase):
    def test_a_note_says_what_changed_and_is_escaped(self):
        self.companies.leave_note = True
        self.bring(contact(1, "Old & Co", TaxNumber="1"))
        self.assertFalse(self.notes(1))
        self.bring(contact(1, "<b>New</b>", TaxNumber=""))
        [note] = self.notes(1)
        self.assertIn("Old &amp; Co → &lt;b&gt;New&lt;/b&gt;", note.body)
        self.assertIn("1 → –", note.body)
        self.assertTrue(note.is_internal)

    def test_nothing_changed_leaves_no_note(self):
        self.companies.leave_note = True
        self.bring(contact(1))
        self.bring(contact(1, EmailAddress="other@example.com"))
        self.assertFalse(self.notes(1))

    def test_no_note_unless_asked_for(self):
        self.bring(contact(1, "Old"))
        self.bring(contact(1, "New"))
        self.assertEqual(self.partner(1).name, "New")
        self.assertFalse(self.notes(1))

    def notes(self, number):
        title = self.companies.name
        messages = self.partner(number).message_ids
        return messages.filtered(lambda message: f"“{title}”" in (message.body or ""))
