# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's sales documents in the mirror: what lands, whose it is, what it is worth."""

import json
from datetime import timedelta
from itertools import permutations

from odoo.addons.crm_xero_module.services.mirror.base_amounts import (
    rewrite_base_amounts,
)
from odoo.addons.crm_xero_module.services.mirror.merges import follow_merges
from odoo.addons.crm_xero_module.services.mirror.transactions import land_documents
from odoo.addons.crm_xero_module.services.xero.documents import DOCUMENT_KINDS
from odoo.addons.crm_xero_module.services.xero.pieces import pieces_of

from .books import (
    BooksCase,
    allocation,
    credit_note,
    invoice,
    invoice_id,
    item,
    line,
    overpayment,
    prepayment,
    resource_of,
)
from .common import READ_AT, contact, person, xero_id

LATER = READ_AT + timedelta(minutes=1)
# What any write changes: each row's place and transaction.
_VERSIONS = (
    "SELECT md5(string_agg(format('%%s %%s %%s', id, xmin, ctid), ',' ORDER BY id))"
    " FROM %s"
)
_TABLES = (
    "xero_transaction",
    "xero_transaction_line",
    "xero_allocation",
    "xero_customer_figures",
    "xero_contact",
    "xero_item",
)

# What the mirror holds, but for when something came and in which row it lies.
_PICTURES = {
    "documents": """
        SELECT t.xero_id, t.kind, t.status, t.number, t.reference, t.date, t.due_date,
               t.total, t.open_amount, t.base_total, t.base_open, t.currency_code,
               t.currency_id, c.xero_id, t.sent_to_contact, t.updated_at
          FROM xero_transaction t
          LEFT JOIN xero_contact c ON c.id = t.contact_id
         ORDER BY t.xero_id
    """,
    "lines": """
        SELECT t.xero_id, l.position, l.description, l.net_amount, l.base_net,
               l.quantity, l.item_code, i.xero_id
          FROM xero_transaction_line l
          JOIN xero_transaction t ON t.id = l.transaction_id
          LEFT JOIN xero_item i ON i.id = l.item_id
         ORDER BY t.xero_id, l.position
    """,
    "settlements": """
        SELECT t.xero_id, a.kind, a.xero_id, a.date, a.amount, a.invoice_xero_id,
               i.xero_id
          FROM xero_allocation a
          JOIN xero_transaction t ON t.id = a.transaction_id
          LEFT JOIN xero_transaction i ON i.id = a.invoice_id
         ORDER BY 1, 2, 3, 4, 5, 6
    """,
    "items": """
        SELECT xero_id, active, code, name, sale_price, payload
          FROM xero_item ORDER BY xero_id
    """,
    "customers": """
        SELECT c.xero_id, c.is_customer, f.stale
          FROM xero_contact c
          LEFT JOIN xero_customer_figures f ON f.contact_id = c.id
         ORDER BY c.xero_id
    """,
}


class MirrorCase(BooksCase):
    def settle_figures(self):
        """As if they had been worked out."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE xero_customer_figures SET stale = FALSE")
        self.env.invalidate_all()

    def stale(self):
        """The numbers of contacts whose figures are to be worked out again."""
        self.env.invalidate_all()
        found = self.env["xero.customer.figures"].search([("stale", "=", True)])
        return sorted(int(row.contact_id.xero_id[-12:]) for row in found)

    def versions(self):
        self.env.flush_all()
        found = []
        for table in _TABLES:
            self.env.cr.execute(_VERSIONS % table)
            found.append(self.env.cr.fetchone())
        return found

    def shown(self):
        """What the mirror holds, in comparable form."""
        found = {}
        for name, query in _PICTURES.items():
            self.env.cr.execute(query)
            found[name] = self.env.cr.fetchall()
        return found

    def merge(self, loser, winner, read_at=LATER):
        """Xero's contact `loser` was merged into `winner`."""
        gone = contact(
            loser, ContactStatus="ARCHIVED", MergedToContactID=xero_id(winner)
        )
        self.land_books(gone, read_at=read_at)
        follow_merges(self.connection.sudo(), self.sync_run)


class TestLanding(MirrorCase):
    def test_columns_hold_what_xero_says(self):
        sold = invoice(
            7,
            1,
            [line(price=100, tax=15)],
            day="2026-04-01",
            due="2026-04-20",
            paid=[("2026-04-18", 15)],
            Reference="PO 12",
            ExpectedPaymentDateString="2026-05-01T00:00:00",
        )
        self.land_books(contact(1), sold)
        row = self.transaction(sold)
        self.assertEqual(
            (row.kind, row.number, row.reference, row.status),
            ("invoice", "INV-0007", "PO 12", "AUTHORISED"),
        )
        days = (row.date, row.due_date, row.expected_payment_date, row.fully_paid_on)
        told = [str(day) for day in days]
        self.assertEqual(told, ["2026-04-01", "2026-04-20", "2026-05-01", "False"])
        self.assertEqual(
            (row.sub_total, row.total_tax, row.total, row.amount_paid, row.open_amount),
            (100.0, 15.0, 115.0, 15.0, 100.0),
        )
        self.assertEqual(
            (row.base_sub_total, row.base_total, row.base_open), (100.0, 115.0, 100.0)
        )
        self.assertEqual((row.currency_id, row.base_currency_id), (self.nzd, self.nzd))
        self.assertEqual(row.company_id, self.connection.company_id)
        self.assertEqual(
            (row.contact_id, row.contact_name), (self.mirror(1), "Company 1")
        )
        [paid] = row.settlement_ids
        self.assertEqual((paid.kind, paid.amount), ("payment", 15.0))
        self.assertEqual((str(paid.date), paid.transaction_id), ("2026-04-18", row))

    def test_credits_are_negative_in_base(self):
        made = [credit_note(1, 1, 80), overpayment(1, 1, 50), prepayment(1, 1, 20)]
        self.land_books(contact(1), *made)
        rows = [self.transaction(document) for document in made]
        self.assertEqual([row.total for row in rows], [80.0, 50.0, 20.0])
        self.assertEqual([row.base_total for row in rows], [-80.0, -50.0, -20.0])
        self.assertEqual([row.base_open for row in rows], [-80.0, -50.0, -20.0])
        self.assertEqual([row.line_ids.base_net for row in rows], [-80.0, -50.0, -20.0])

    def test_only_what_is_authorised_owes(self):
        for number, status in enumerate(
            ("DRAFT", "SUBMITTED", "VOIDED", "DELETED", "PAID", "NEW", None), start=1
        ):
            with self.subTest(status):
                document = invoice(number, Status=status, AmountDue=100.0)
                self.land_books(contact(1), document)
                row = self.transaction(document)
                self.assertEqual((row.base_total, row.base_open), (100.0, 0.0))

    def test_zero_negative_and_more_credit_than_invoiced(self):
        documents = [
            invoice(1, 1, 0),
            invoice(2, 1, -50),
            invoice(3, 1, [line(price=100), line(price=-130)]),
            credit_note(1, 1, 500, allocated=[(2, "2026-11-02", 100)]),
            invoice(4, 1, []),
        ]
        self.land_books(contact(1), *documents)
        found = [self.transaction(document).base_open for document in documents]
        self.assertEqual(found, [0.0, -50.0, -30.0, -400.0, 0.0])

    def test_bills_and_credits_of_bills_stay_out(self):
        bought = [
            invoice(1, Type="ACCPAY"),
            credit_note(1, Type="ACCPAYCREDIT"),
            overpayment(1, Type="SPEND-OVERPAYMENT"),
            prepayment(1, Type="SPEND-PREPAYMENT"),
            {"Type": "ACCPAY"},
        ]
        self.land_books(contact(1), *bought[:4])
        kind = DOCUMENT_KINDS["invoices"]
        landed = land_documents(self.connection.sudo(), kind, bought[4:], READ_AT)
        self.assertFalse(landed.unusable)
        self.assertFalse(self.env["xero.transaction"].search([]))
        self.assertFalse(self.stale())

    def test_voided_and_deleted_change_the_figures(self):
        document = invoice(1)
        self.land_books(contact(1), document)
        for minutes, status in enumerate(("VOIDED", "DELETED"), start=1):
            self.settle_figures()
            gone = invoice(1, Status=status)
            self.land_books(gone, read_at=READ_AT + timedelta(minutes=minutes))
            row = self.transaction(document)
            self.assertEqual((row.status, row.base_open), (status, 0.0))
            self.assertEqual(self.stale(), [1])

    def test_an_older_page_changes_nothing(self):
        self.land_books(contact(1))
        self.land_books(invoice(1, 1, 200), read_at=LATER)
        self.land_books(invoice(1, 1, [line(price=1), line(price=2)]))
        row = self.transaction(invoice(1))
        self.assertEqual((row.total, len(row.line_ids)), (200.0, 1))

    def test_lines_and_settlements_are_those_of_the_newest(self):
        first = invoice(
            1, 1, [line(price=1), line(price=2)], paid=[("2026-11-05", 1)], credited=1
        )
        self.land_books(contact(1), first)
        again = invoice(1, 1, [line(price=5)], paid=[("2026-11-06", 2)])
        self.land_books(again, read_at=LATER)
        row = self.transaction(first)
        self.assertEqual(row.line_ids.mapped("net_amount"), [5.0])
        self.assertEqual(row.settlement_ids.mapped("amount"), [2.0])
        self.assertEqual(self.env["xero.transaction.line"].search([]), row.line_ids)

    def test_again_writes_nothing(self):
        documents = [
            invoice(1, 1, [line(item=item(1))], paid=[("2026-11-02", 10)]),
            credit_note(1, 1, 80, allocated=[(1, "2026-11-03", 5)]),
            invoice(2, 2, CurrencyCode="USD"),
        ]
        records = [contact(1), contact(2, IsCustomer=False), item(1), *documents]
        self.land_books(*records)
        self.settle_figures()
        before = self.versions()
        self.land_books(*records)
        self.assertEqual(self.versions(), before)
        self.land_books(*documents, read_at=LATER)
        self.assertEqual(self.versions(), before)

    def test_a_page_that_was_read_before_is_not_parsed(self):
        records = [invoice(number) for number in range(1, 4)]
        body = json.dumps({"Id": "x", "Invoices": records}).encode()
        self.land_books(contact(1))
        kind = DOCUMENT_KINDS["invoices"]
        pieces = pieces_of(body, "Invoices", "InvoiceID", 3)
        land_documents(self.connection.sudo(), kind, pieces, READ_AT)
        # What is no JSON cannot have been parsed.
        for piece in pieces.values():
            object.__setattr__(piece, "body", b"{")
        with self.assertQueryCount(1):
            again = land_documents(self.connection.sudo(), kind, pieces, LATER)
        self.assertEqual((again.seen, again.changed), (3, 0))

    def test_a_page_costs_the_same_whatever_is_in_it(self):
        self.land_books(contact(1))
        counts = []
        for start, size in ((0, 2), (100, 50)):
            self.env.flush_all()
            before = self.cr.sql_log_count
            numbers = range(start, start + size)
            self.land_books(*[invoice(n, paid=[("2026-11-02", 5)]) for n in numbers])
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_five_hundred_lines(self):
        lines = [line(f"Line {n}", price=n, tax=15) for n in range(1, 501)]
        document = invoice(1, 1, lines)
        self.land_books(contact(1), document)
        row = self.transaction(document)
        self.assertEqual(row.line_ids.mapped("position"), list(range(1, 501)))
        self.assertEqual(sum(row.line_ids.mapped("base_net")), 125250.0)
        self.assertEqual(row.sub_total, 125250.0)

    def test_text_stays_text(self):
        nasty = (
            "<script>alert(1)</script> שלום \u202eעולם 👨‍👩‍👧 =1+1 %s {0} " + "x" * 500
        )
        document = invoice(1, 1, [line(nasty)], Reference=nasty, InvoiceNumber=nasty)
        self.land_books(contact(1), document)
        row = self.transaction(document)
        self.assertEqual((row.reference, row.number), (nasty, nasty))
        self.assertEqual(row.line_ids.description, nasty)


class TestOwners(MirrorCase):
    """A document is of the contact that is left."""

    def test_a_contact_that_comes_later(self):
        document = invoice(1, 5)
        self.land_books(document)
        row = self.transaction(document)
        self.assertEqual((row.contact_id.id, row.contact_name), (False, "Company 5"))
        self.assertFalse(self.stale())
        self.land_books(contact(5))
        self.assertEqual(self.transaction(document).contact_id, self.mirror(5))
        self.assertEqual(self.stale(), [5])

    def test_merges_before_and_after_in_any_order(self):
        document = invoice(1, 1)
        loser = contact(1, MergedToContactID=xero_id(2))
        next_one = contact(2, MergedToContactID=xero_id(3))
        for order in permutations((document, loser, next_one, contact(3))):
            with self.subTest([resource_of(each) for each in order]):
                with self.cr.savepoint() as savepoint:
                    for each in order:
                        self.land_books(each)
                    self.assertEqual(
                        self.transaction(document).contact_id, self.mirror(3)
                    )
                    self.assertIn(3, self.stale())
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_a_merge_moves_what_was_there_and_both_figures_are_stale(self):
        documents = [invoice(1, 1), invoice(2, 2), credit_note(1, 1, 20)]
        self.land_books(contact(1), contact(2), *documents)
        self.settle_figures()
        self.merge(1, 2)
        found = {self.transaction(document).contact_id for document in documents}
        self.assertEqual(found, {self.mirror(2)})
        self.assertEqual(self.stale(), [1, 2])
        self.settle_figures()
        before = self.versions()
        self.merge(1, 2)
        self.assertEqual(self.versions(), before)

    def test_circles_and_unknown_winners_leave_it(self):
        self.land_books(*[contact(number) for number in range(1, 4)])
        self.land_books(*[invoice(number, number) for number in range(1, 4)])
        self.merge(1, 2)
        self.merge(2, 1, LATER + timedelta(minutes=1))
        self.merge(3, 99)
        self.land_books(invoice(4, 3), read_at=LATER)
        self.assertEqual(self.transaction(invoice(3)).contact_id, self.mirror(3))
        self.assertEqual(self.transaction(invoice(4)).contact_id, self.mirror(3))
        self.assertTrue(self.transaction(invoice(1)).contact_id)

    def test_another_contact_makes_both_figures_stale(self):
        self.land_books(contact(1), contact(2), invoice(1, 1))
        self.settle_figures()
        self.land_books(invoice(1, 2), read_at=LATER)
        self.assertEqual(self.transaction(invoice(1)).contact_id, self.mirror(2))
        self.assertEqual(self.stale(), [1, 2])

    def test_who_is_invoiced_is_a_customer(self):
        vendor = {"IsCustomer": False, "IsSupplier": True}
        self.bring(contact(1, **vendor, ContactPersons=[person("Ann", "Lee")]))
        self.assertFalse(self.partner(1))
        before = self.mirror(1).change_seq
        for number, status in enumerate(("DRAFT", "VOIDED", "DELETED"), start=1):
            self.land_books(invoice(number, Status=status))
        self.assertFalse(self.mirror(1).is_customer)
        self.land_books(invoice(9))
        self.env.invalidate_all()
        self.assertTrue(self.mirror(1).is_customer)
        self.assertGreater(self.mirror(1).change_seq, before)
        self.import_all()
        self.assertTrue(self.partner(1))
        self.assertTrue(self.persons(1).partner_id)
        after = self.mirror(1).change_seq
        self.land_books(invoice(9, due="2026-12-24"), read_at=LATER)
        self.env.invalidate_all()
        self.assertEqual(self.mirror(1).change_seq, after)

    def test_who_was_invoiced_before_it_came_is_a_customer(self):
        self.land_books(invoice(1, 1, paid=[("2026-11-02", 100)]))
        self.land_books(contact(1, IsCustomer=False, IsSupplier=True))
        self.assertTrue(self.mirror(1).is_customer)


class TestSettlements(MirrorCase):
    def test_an_allocation_before_and_after_its_invoice(self):
        credit = credit_note(1, 1, 80, allocated=[(7, "2026-11-03", 30)])
        sold = invoice(7, 1, 100, credited=30)
        for order in ((credit, sold), (sold, credit)):
            with self.subTest(order[0]["Type"]), self.cr.savepoint() as savepoint:
                self.land_books(contact(1), *order)
                [given] = self.transaction(sold).settlement_ids
                self.assertEqual(given, self.transaction(credit).use_ids)
                self.assertEqual((given.kind, given.amount), ("credit", 30.0))
                self.assertEqual(str(given.date), "2026-11-03")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_invoice_that_changes_keeps_what_credits_gave_it(self):
        credit = credit_note(1, 1, 80, allocated=[(7, "2026-11-03", 30)])
        self.land_books(contact(1), credit, invoice(7, 1, 100, credited=30))
        changed = invoice(7, 1, 100, credited=30, paid=[("2026-11-09", 70)])
        self.land_books(changed, read_at=LATER)
        found = self.transaction(changed).settlement_ids
        self.assertEqual(sorted(found.mapped("kind")), ["credit", "payment"])

    def test_an_invoice_that_never_comes(self):
        credit = credit_note(1, 1, 80, Allocations=[allocation(1, 99, "2026-11-03", 5)])
        self.land_books(contact(1), credit)
        given = self.transaction(credit).use_ids
        self.assertFalse(given.invoice_id)
        self.assertEqual(given.invoice_xero_id, invoice_id(99))


class TestCurrencies(MirrorCase):
    def foreign(self, number, kind=invoice, **values):
        return kind(
            number, 1, 60, **{"CurrencyCode": "USD", "CurrencyRate": 0.6, **values}
        )

    def test_no_base_amount_before_the_rate_is_proven(self):
        document = self.foreign(1)
        self.land_books(contact(1), document)
        self.env.cr.execute(
            "SELECT base_sub_total, base_total, base_open FROM xero_transaction"
        )
        self.assertEqual(self.env.cr.fetchall(), [(None, None, None)])
        self.env.cr.execute("SELECT base_net FROM xero_transaction_line")
        self.assertEqual(self.env.cr.fetchall(), [(None,)])
        row = self.transaction(document)
        self.assertEqual((row.total, row.currency_id), (60.0, self.usd))

    def test_the_direction_decides_and_a_rewrite_says_the_same(self):
        documents = [
            self.foreign(1),
            self.foreign(1, credit_note),
            self.foreign(2, Status="DRAFT"),
            self.foreign(3, CurrencyRate=0),
            invoice(4, 1, 60),
        ]
        connection = self.connection.sudo()
        for direction, worth in (("divide", 100.0), ("multiply", 36.0)):
            expected = [
                (worth, worth, worth),
                (-worth, -worth, -worth),
                (worth, 0.0, worth),
                (None, None, None),
                (60.0, 60.0, 60.0),
            ]
            with self.subTest(direction), self.cr.savepoint() as savepoint:
                connection.rate_direction = direction
                self.land_books(contact(1), *documents)
                self.assertEqual(self.amounts(documents), expected)
                savepoint.rollback()
                self.env.invalidate_all()
            with self.subTest(f"{direction}, later"), self.cr.savepoint() as savepoint:
                self.land_books(contact(1), *documents)
                self.settle_figures()
                connection.rate_direction = direction
                rewrite_base_amounts(connection)
                self.assertEqual(self.amounts(documents), expected)
                self.assertEqual(self.stale(), [1])
                self.settle_figures()
                before = self.versions()
                rewrite_base_amounts(connection)
                self.assertEqual(self.versions()[:3], before[:3])
                savepoint.rollback()
                self.env.invalidate_all()

    def amounts(self, documents):
        self.env.cr.execute(
            """
            SELECT t.xero_id, t.base_total, t.base_open, l.base_net
              FROM xero_transaction t
              JOIN xero_transaction_line l ON l.transaction_id = t.id
            """
        )
        found = {xero_id: amounts for xero_id, *amounts in self.env.cr.fetchall()}
        ids = [
            document[DOCUMENT_KINDS[resource_of(document)].id_name]
            for document in documents
        ]
        return [
            tuple(value if value is None else float(value) for value in found[xero_id])
            for xero_id in ids
        ]

    def test_a_third_of_a_cent(self):
        self.connection.sudo().rate_direction = "divide"
        lines = [line(price=33.33), line(price=33.33), line(price=33.34)]
        document = invoice(1, 1, lines, CurrencyCode="USD", CurrencyRate=0.7)
        self.land_books(contact(1), document)
        row = self.transaction(document)
        # 100 / 0.7 = 142.857…; 33.33 / 0.7 = 47.6143, 33.34 / 0.7 = 47.6286
        self.assertEqual(row.base_total, 142.86)
        nets = row.line_ids.mapped("base_net")
        self.assertEqual([round(net, 4) for net in nets], [47.6143, 47.6143, 47.6286])

    def test_a_currency_that_odoo_has_not_switched_on(self):
        self.eur.active = False
        document = self.foreign(1, CurrencyCode="EUR")
        self.land_books(contact(1), document)
        self.assertEqual(self.transaction(document).currency_id, self.eur)

    def test_a_currency_that_odoo_has_not_or_gets_later(self):
        document = self.foreign(1, CurrencyCode="XXQ")
        self.land_books(contact(1), document)
        row = self.transaction(document)
        self.assertEqual((row.currency_code, row.currency_id.id), ("XXQ", False))
        self.assertEqual(row.total, 60.0)
        made = self.env["res.currency"].sudo().create({"name": "XXQ", "symbol": "Q"})
        self.env.flush_all()
        self.run_a_sync()
        self.assertEqual(self.transaction(document).currency_id, made)

    def run_a_sync(self):
        self.connector.add_end()
        self.run_cron()

    def test_no_currency_is_the_organisation_s(self):
        document = invoice(1, 1, 60, CurrencyCode=None)
        self.land_books(contact(1), document)
        row = self.transaction(document)
        self.assertEqual((row.currency_code, row.base_total), ("NZD", 60.0))

    def test_a_base_currency_that_is_known_later(self):
        self.connection.sudo().base_currency = False
        document = invoice(1, 1, 60)
        self.land_books(contact(1), item(1), document)
        self.assertFalse(self.transaction(document).base_currency_id)
        self.connector.add_part(
            [{"OrganisationID": "o", "BaseCurrency": "NZD"}],
            resource="organisation",
            key="Organisations",
        )
        self.run_cron()
        row = self.transaction(document)
        self.assertEqual((row.base_currency_id, row.base_total), (self.nzd, 60.0))
        self.assertEqual(self.mirrored_item(1).currency_id, self.nzd)
