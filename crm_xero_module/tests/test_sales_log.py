# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .books import BooksCase, credit_note, invoice, item, line, overpayment, prepayment
from .common import contact
from .screen_costs import ScreenCosts

# In Auckland it is the 22nd already: 11:30 UTC of the 21st is 00:30.
JUST_22ND = "2026-11-21 11:30:00"
JUST_21ST = "2026-11-21 10:30:00"
DRAFTS = [
    invoice(1, Status="DRAFT"),
    invoice(2, Status="SUBMITTED"),
]


@tagged("post_install", "-at_install")
class TestSalesLog(ScreenCosts, BooksCase):
    """What a document is to people, and which are listed."""

    def setUp(self):
        super().setUp()
        self.documents = self.env["xero.transaction"]
        self.land(contact(1, "Bayside Club"), contact(2, "Harbour Club"))

    def numbers(self, *domain):
        found = self.documents.search(list(domain), order="number")
        return found.mapped("number")

    def test_state_of_each_status(self):
        self.land_books(
            *DRAFTS,
            invoice(3, due="2026-11-22"),
            invoice(4, due="2026-11-21"),
            invoice(5, paid=[("2026-11-10", 100)]),
            invoice(6, Status="VOIDED"),
            invoice(7, Status="DELETED"),
            invoice(8, Status="ARCHIVED"),
            invoice(9, 1, 0),
        )
        with freeze_time(JUST_22ND):
            states = {row.number: row.state for row in self.documents.search([])}
        self.assertEqual(
            states,
            {
                "INV-0001": "draft",
                "INV-0002": "submitted",
                "INV-0003": "open",
                "INV-0004": "overdue",
                "INV-0005": "paid",
                "INV-0006": "voided",
                "INV-0007": "deleted",
                "INV-0008": "other",
                "INV-0009": "paid",
            },
        )

    def test_searching_and_grouping_by_state_agree_with_the_state_itself(self):
        self.land_books(
            *DRAFTS,
            invoice(3, due="2026-11-22"),
            invoice(4, due="2026-11-21"),
            invoice(5, paid=[("2026-11-10", 100)]),
            invoice(6, Status="VOIDED"),
            invoice(7, Status="DELETED"),
            invoice(8, Status="ARCHIVED"),
            invoice(9, due=None, day="2026-11-21"),
            credit_note(10, day="2026-01-01"),
            {**invoice(11), "Status": None},
        )
        with freeze_time(JUST_22ND):
            every = self.documents.search([])
            by_state = every.grouped("state")
            for state, _label in self.documents._fields["state"].selection:
                with self.subTest(state=state):
                    found = self.documents.search([("state", "=", state)])
                    self.assertEqual(
                        set(found), set(by_state.get(state, self.documents))
                    )
                    left = self.documents.search([("state", "!=", state)])
                    self.assertEqual(set(left), set(every - found))
            groups = self.documents._read_group([], ["state"], ["__count"])
        self.assertEqual(
            dict(groups), {state: len(rows) for state, rows in by_state.items()}
        )

    def test_overdue_by_the_organisations_own_day(self):
        self.land_books(invoice(1, due="2026-11-21"))
        with freeze_time(JUST_21ST):
            self.assertEqual(self.documents.search([]).state, "open")
            self.assertFalse(self.numbers(("state", "=", "overdue")))
        self.env.invalidate_all()
        with freeze_time(JUST_22ND):
            late = self.documents.search([("state", "=", "overdue")])
            self.assertEqual((late.number, late.overdue_days), ("INV-0001", 1))

    def test_credits_are_open_and_never_overdue(self):
        self.land_books(credit_note(1, day="2020-01-01"))
        note = self.documents.search([])
        self.assertEqual((note.state, note.overdue_days), ("open", 0))

    def test_unknown_status_is_shown_as_it_came(self):
        self.land_books(invoice(1, Status="ON_HOLD"))
        self.assertEqual(self.documents.search([]).state_name, "ON_HOLD")

    def test_drafts_are_listed_by_choice(self):
        self.land_books(*DRAFTS, invoice(3))
        self.assertEqual(self.numbers(("is_listed", "=", True)), ["INV-0003"])
        self.connection.show_drafts = True
        self.assertEqual(
            self.numbers(("is_listed", "=", True)), ["INV-0001", "INV-0002", "INV-0003"]
        )

    def test_old_documents_are_listed_while_something_of_them_is_open(self):
        self.connection.sales_since = "2026-04-01"
        self.land_books(
            invoice(1, day="2026-03-31", paid=[("2026-04-02", 100)]),
            invoice(2, day="2026-03-31"),
            invoice(3, day="2026-04-01", paid=[("2026-04-02", 100)]),
            credit_note(4, day="2020-01-01"),
            invoice(5, Status="DELETED"),
        )
        self.assertEqual(
            self.numbers(("is_listed", "=", True)), ["CN-0004", "INV-0002", "INV-0003"]
        )
        self.assertEqual(
            self.numbers(("is_listed", "=", False)), ["INV-0001", "INV-0005"]
        )
        for row in self.documents.search([]):
            expected = row.number not in ("INV-0001", "INV-0005")
            self.assertEqual(row.is_listed, expected, row.number)

    def test_each_organisation_lists_by_its_own_choice(self):
        other = self.env["xero.connection"].create(
            {"name": "Other", "base_currency": "AUD", "show_drafts": True}
        )
        self.land_books(invoice(1, Status="DRAFT"))
        self.documents.search([]).copy_data()
        self.env.cr.execute(
            "UPDATE xero_transaction SET connection_id = %s WHERE number = 'INV-0001'",
            [other.id],
        )
        self.env.invalidate_all()
        self.land_books(invoice(2, Status="DRAFT"))
        self.assertEqual(self.numbers(("is_listed", "=", True)), ["INV-0001"])

    def test_periods_are_the_organisations_own(self):
        self.land_books(
            invoice(1, day="2025-03-31"),
            invoice(2, day="2025-04-01"),
            invoice(3, day="2026-03-31"),
            invoice(4, day="2026-04-01"),
            invoice(5, day="2026-10-31"),
            invoice(6, day="2026-11-01"),
            invoice(7, day="2026-11-30"),
            invoice(8, day="2027-03-31"),
            invoice(9, day="2027-04-01"),
        )
        expected = {
            "last_year": ["INV-0002", "INV-0003"],
            "this_year": [f"INV-000{n}" for n in (4, 5, 6, 7, 8)],
            "last_month": ["INV-0005"],
            "this_month": ["INV-0006", "INV-0007"],
        }
        with freeze_time(JUST_22ND):
            for period, numbers in expected.items():
                self.assertEqual(self.numbers(("period", "=", period)), numbers)

    def test_customer_is_the_linked_one_or_the_name_in_xero(self):
        self.import_all()
        self.partner(1).name = "Bayside (our name)"
        self.partner(2).unlink()
        late = invoice(3, 3)
        self.land_books(invoice(1, 1), invoice(2, 2), late)
        names = {row.number: row.customer_name for row in self.documents.search([])}
        self.assertEqual(
            names,
            {
                "INV-0001": "Bayside (our name)",
                "INV-0002": "Company 2",
                "INV-0003": "Company 3",
            },
        )
        self.assertEqual(self.numbers(("customer_name", "ilike", "our")), ["INV-0001"])
        self.assertEqual(
            self.numbers(("customer_name", "ilike", "company 3")), ["INV-0003"]
        )
        groups = self.documents._read_group([], ["customer_name"], ["__count"])
        self.assertEqual(dict(groups), dict.fromkeys(names.values(), 1))
        self.assertEqual(self.numbers(("partner_id", "=", False)), sorted(names)[1:])

    def test_found_by_product_salesperson_and_amount(self):
        self.import_all()
        self.partner(1).user_id = self.admin
        self.land_books(
            item(1),
            item(2),
            invoice(1, 1, [line(item=item(1)), line(item=item(1))]),
            invoice(2, 2, [line(price=12.34, item=item(2))]),
        )
        self.assertEqual(self.numbers(("item_id", "ilike", "P001")), ["INV-0001"])
        self.assertEqual(
            self.numbers(("item_id", "=", self.mirrored_item(2).id)), ["INV-0002"]
        )
        self.assertEqual(self.numbers(("user_id", "=", self.admin.id)), ["INV-0001"])
        self.assertEqual(self.numbers(("total", "=", 12.34)), ["INV-0002"])

    def test_base_amounts_are_added_up_in_one_currency_only(self):
        other = self.env["xero.connection"].create(
            {"name": "Other", "base_currency": "USD"}
        )
        self.land_books(invoice(1, 1, 100), invoice(2, 1, 50))
        self.env.cr.execute(
            "UPDATE xero_transaction SET base_currency_id = %s, connection_id = %s"
            " WHERE number = 'INV-0002'",
            [self.usd.id, other.id],
        )
        self.env.invalidate_all()
        groups = self.documents.formatted_read_group(
            [], ["kind"], ["base_total:sum", "base_total:sum_currency"]
        )
        self.assertEqual(groups[0]["base_total:sum"], False)
        self.assertEqual(groups[0]["base_total:sum_currency"], False)
        by_organisation = self.documents._read_group(
            [], ["connection_id"], ["base_total:sum_currency"]
        )
        self.assertEqual(dict(by_organisation), {self.connection: 100.0, other: 50.0})
        for name in ("total", "open_amount", "sub_total", "amount_paid"):
            self.assertIsNone(self.documents._fields[name].aggregator)

    def test_a_sum_that_would_lack_an_amount_is_none(self):
        self.land_books(
            invoice(1, 1, 100),
            invoice(2, 1, 50, CurrencyCode="USD", CurrencyRate=0.5),
        )
        self.assertEqual(self.numbers(("is_converted", "=", False)), ["INV-0002"])
        groups = self.documents._read_group([], ["currency_code"], ["base_total:sum"])
        self.assertEqual(dict(groups), {"NZD": 100.0, "USD": False})
        self.assertEqual(
            self.documents._read_group([], [], ["base_total:sum"])[0], (False,)
        )

    def test_drafts_and_voided_documents_are_in_no_sum(self):
        self.land_books(
            *DRAFTS,
            invoice(3, 1, 100),
            invoice(4, 1, 30, paid=[("2026-11-10", 30)]),
            invoice(5, 1, 50, Status="VOIDED"),
            invoice(6, 1, 7, Status="VOIDED", CurrencyCode="USD", CurrencyRate=0.5),
        )
        groups = self.documents._read_group(
            [], ["state"], ["__count", "base_total:sum"], order="state"
        )
        sums = {state: (count, total) for state, count, total in groups}
        self.assertEqual(sums["voided"], (2, 0))
        self.assertEqual(sums["draft"], (1, 0))
        total = self.documents._read_group([], [], ["base_total:sum"])
        self.assertEqual(total, [(130,)])

    def test_rate_is_said_in_words(self):
        foreign = invoice(1, CurrencyCode="USD", CurrencyRate=0.61)
        self.land_books(foreign, invoice(2))
        document = self.transaction(foreign)
        self.assertIn("not proven", document.rate_words)
        for direction, words in (
            ("divide", "1 NZD = 0.61 USD"),
            ("multiply", "1 USD = 0.61 NZD"),
        ):
            self.connection.rate_direction = direction
            self.env.invalidate_all()
            self.assertEqual(document.rate_words, words)
        self.assertFalse(self.transaction(invoice(2)).rate_words)

    def test_invoice_and_credit_lead_to_each_other(self):
        bill, note = (
            invoice(1, 1, 100, credited=30),
            credit_note(2, 1, 30, allocated=[(1, "2026-11-05", 30)]),
        )
        self.land_books(bill, note)
        row = self.transaction(bill).settlement_ids
        self.assertEqual(row.credit_id, self.transaction(note))
        self.assertEqual(row.action_open_credit()["res_id"], self.transaction(note).id)
        self.assertEqual(row, self.transaction(note).use_ids)
        self.assertEqual(row.action_open_invoice()["res_id"], self.transaction(bill).id)

    def test_other_companies_and_other_people_see_nothing(self):
        self.land_books(invoice(1))
        company = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere = new_test_user(
            self.env,
            "elsewhere",
            groups="sales_team.group_sale_salesman",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        clerk = new_test_user(self.env, "clerk", groups="base.group_user")
        for model in ("xero.transaction", "xero.sale.report"):
            self.assertFalse(self.env[model].with_user(elsewhere).search([]))
            with self.assertRaises(AccessError):
                self.env[model].with_user(clerk).search([])

    def test_a_page_of_the_list_costs_the_same_whatever_its_length(self):
        self.import_all()
        spec = self.spec_of(self.documents, "list")

        def queries_of(rows):
            self.land_books(
                *(
                    invoice(n, 1 + n % 2, 10, due="2026-11-01")
                    for n in range(1, rows + 1)
                )
            )
            return self.queries(
                lambda: self.documents.web_search_read([], spec, limit=80)
            )

        few, many = queries_of(5), queries_of(60)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 12)

    def test_export_has_document_amounts_and_currency(self):
        self.land_books(invoice(1, 1, 50, CurrencyCode="USD", CurrencyRate=0.5))
        names = ["number", "customer_name", "currency_code", "total", "state_name"]
        rows = self.documents.search([]).export_data(names)["datas"]
        self.assertEqual(rows, [["INV-0001", "Company 1", "USD", 50.0, "Overdue"]])

    def test_kinds_without_a_number_have_a_name(self):
        self.land_books(
            overpayment(1, Reference="For INV-9"), prepayment(2, InvoiceNumber=None)
        )
        names = set(self.documents.search([]).mapped("display_name"))
        self.assertEqual(names, {"Overpayment (For INV-9)", "Prepayment"})
