# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..services.sales.days import today_of
from ..services.to_xero.builders import BUILDERS, CannotBuild
from ..services.xero.our_numbers import invoice_reference, nth_invoice
from .books import BooksCase, invoice, item
from .common import contact, xero_id
from .outbox import OutboxCase
from .screen_costs import ScreenCosts


class DraftCase(OutboxCase, BooksCase):
    """An organisation that takes drafts, its customer Bayside Club, two items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write({"with_invoicing": True, "with_writing": True})
        cls.sam = new_test_user(
            cls.env, "drafting_sam", "sales_team.group_sale_salesman"
        )

    def setUp(self):
        super().setUp()
        self.bring(contact(1, "Bayside Club"))
        self.land_books(item(1), item(2))
        self.lead = self.opportunity(self.partner(1))

    def opportunity(self, partner, **values):
        return self.env["crm.lead"].create(
            {
                "name": "New shelves",
                "type": "opportunity",
                "partner_id": partner.id,
                "expected_revenue": 1200,
                "user_id": self.sam.id,
                **values,
            }
        )

    def draft(self, lead=None, user=None):
        """The dialog as it is opened on an opportunity."""
        lead = (lead or self.lead).with_user(user or self.sam)
        action = lead.action_xero_draft_invoice()
        self.assertEqual(action["res_model"], "xero.draft.invoice")
        return (
            self.env["xero.draft.invoice"]
            .with_user(user or self.sam)
            .browse(action["res_id"])
        )

    def send(self, draft):
        """Press the button; what is in the outbox then."""
        action = draft.action_send()
        self.assertEqual(action["tag"], "xero_send")
        return self.env["xero.outbox"].sudo().browse(action["params"]["outbox_id"])

    def drafted(self, lead=None, number=7, **values):
        """An invoice of the opportunity, as it landed."""
        values = {"Status": "DRAFT", **values}
        self.land_books(invoice(number, 1, 1200, **values))
        found = self.transaction(invoice(number, 1, 1200))
        found._link_lead(lead or self.lead)
        self.env.invalidate_all()
        return found


@tagged("post_install", "-at_install")
class TestDraftInvoice(DraftCase):
    def test_expected_revenue_is_one_line(self):
        draft = self.draft()
        self.assertEqual(draft.line_ids.description, "New shelves")
        self.assertEqual(draft.line_ids.quantity, 1)
        self.assertEqual(draft.line_ids.unit_price, 1200)
        self.assertEqual(draft.total, 1200)
        self.assertEqual(draft.contact_id, self.mirror(1))
        self.assertFalse(draft.problem)

    def test_what_is_sent(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "web.base.url", "https://crm.example.com"
        )
        draft = self.draft()
        draft.currency_id = self.nzd
        draft.line_ids.write(
            {
                "item_id": self.mirrored_item(1).id,
                "quantity": 2.5,
                "unit_price": 33.33335,
                "discount": 10,
            }
        )
        entry = self.send(draft)
        reference = invoice_reference(self.env, self.lead.id, 1)
        self.assertEqual(
            entry.body,
            {
                "Contact": {"ContactID": xero_id(1)},
                "Date": today_of(self.connection).isoformat(),
                "LineAmountTypes": "Exclusive",
                "Reference": reference,
                "CurrencyCode": "NZD",
                "Url": f"https://crm.example.com/odoo/crm.lead/{self.lead.id}",
                "LineItems": [
                    {
                        "Description": "New shelves",
                        "Quantity": 2.5,
                        "UnitAmount": 33.3334,
                        "DiscountRate": 10.0,
                        "ItemCode": "P001",
                    }
                ],
            },
        )
        self.assertEqual(entry.kind, "draft_invoice")
        self.assertEqual(entry.lead_id, self.lead)
        self.assertEqual(entry.user_id, self.sam)
        self.assertEqual(entry.contact_id, self.mirror(1))
        self.assertIn(reference, [row["value"] for row in entry.shown])
        self.assertEqual(nth_invoice(self.env, self.lead.id, reference), 1)

    def test_no_address_that_is_not_safe_goes(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "web.base.url", "http://localhost:8069"
        )
        self.assertNotIn("Url", self.send(self.draft()).body)

    def test_pressed_twice_it_is_one(self):
        draft = self.draft()
        entry = self.send(draft)
        again = draft.action_send()
        self.assertEqual(again["params"]["outbox_id"], entry.id)
        action = self.lead.with_user(self.sam).action_xero_draft_invoice()
        self.assertEqual(action["params"]["outbox_id"], entry.id)
        self.assertEqual(len(self.lead._xero_open_entry()), 1)

    def test_from_the_button_to_the_mirror(self):
        entry = self.send(self.draft())
        self.press(entry, user=self.sam.id)
        self.assertEqual(entry.state, "done")
        found = entry.transaction_id
        self.assertEqual(found.lead_id, self.lead)
        self.assertEqual(found.state, "draft")
        lead = self.lead.with_user(self.sam)
        self.assertEqual(lead.xero_invoice_state, "Draft")
        self.assertFalse(lead.xero_can_draft)
        self.assertEqual(len(self.connector.all_invoices()), 1)
        action = lead.action_xero_draft_invoice()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("xero.transaction", found.id)
        )

    def test_a_lost_answer_makes_no_second_one(self):
        self.connector.lost = 1
        entry = self.send(self.draft())
        self.press(entry, user=self.sam.id)
        self.assertEqual(entry.state, "waiting")
        self.press(entry, user=self.sam.id)
        self.assertEqual(entry.state, "done")
        self.assertEqual(len(self.connector.all_invoices()), 1)

    def test_a_voided_one_may_be_made_anew(self):
        self.send(self.draft())._end("done")
        gone = self.drafted(Status="VOIDED")
        lead = self.lead.with_user(self.sam)
        self.assertEqual(lead.xero_invoice_state, "Voided")
        self.assertTrue(lead.xero_can_draft)
        entry = self.send(self.draft())
        self.assertEqual(
            entry.body["Reference"], invoice_reference(self.env, self.lead.id, 2)
        )
        entry._end("done", transaction_id=gone.id)
        new = self.drafted(number=8)
        self.assertEqual(lead.xero_invoice_state, "Draft")
        self.assertEqual(lead.action_open_xero_invoice()["res_id"], new.id)

    def test_what_was_cancelled_keeps_its_number(self):
        self.send(self.draft())._end("cancelled")
        entry = self.send(self.draft())
        self.assertTrue(entry.body["Reference"].endswith("-2"))

    def test_a_restored_database_finds_what_it_drafted(self):
        reference = invoice_reference(self.env, self.lead.id, 3)
        self.land_books(invoice(7, 1, 1200, Status="DRAFT", Reference=reference))
        lead = self.lead.with_user(self.sam)
        self.assertFalse(lead.xero_invoice_state)
        action = lead.action_xero_draft_invoice()
        found = self.transaction(invoice(7, 1, 1200))
        self.assertEqual(action["res_id"], found.id)
        self.assertEqual(found.lead_id, self.lead)
        self.assertTrue(self.lead._xero_next_reference().endswith("-4"))

    def test_other_references_are_none_of_its_own(self):
        longer = invoice_reference(self.env, int(f"{self.lead.id}0"), 1)
        for reference in ("", None, longer, "ODOO-1-x", longer + "x"):
            self.assertFalse(nth_invoice(self.env, self.lead.id, reference))
        self.land_books(invoice(7, 1, 1200, Status="DRAFT", Reference=longer))
        self.draft()
        self.assertFalse(self.lead._xero_invoices())

    def test_a_sync_keeps_the_opportunity(self):
        found = self.drafted()
        later = fields.Datetime.now() + timedelta(days=1)
        self.land_books(
            invoice(7, 1, 1200, Status="AUTHORISED", due="2020-01-01"), read_at=later
        )
        self.env.invalidate_all()
        self.assertEqual(found.lead_id, self.lead)
        self.assertEqual(self.lead.with_user(self.sam).xero_invoice_state, "Overdue")

    def test_its_state_is_that_of_the_document(self):
        for number, values in enumerate(
            (
                {"Status": "DRAFT"},
                {"Status": "SUBMITTED"},
                {"Status": "AUTHORISED", "due": "2099-01-01"},
                {"Status": "AUTHORISED", "due": "2020-01-01"},
                {"Status": "PAID", "paid": [("2026-11-02", 1200)]},
                {"Status": "DELETED"},
                {"Status": "SOMETHING"},
            ),
            start=20,
        ):
            lead = self.opportunity(self.partner(1))
            found = self.drafted(lead, number=number, **values)
            lead = lead.with_user(self.sam)
            self.assertEqual(lead.xero_invoice_state, found.state_name, values)
            self.assertEqual(lead.xero_invoice_is_bad, found.state == "overdue")
            self.assertEqual(lead.xero_invoice_amount, "1,200.00 NZD")
            is_over = values["Status"] == "DELETED"
            self.assertEqual(lead.xero_can_draft, is_over, values)

    def test_a_draft_is_shown_where_lists_leave_drafts_out(self):
        self.connection.show_drafts = False
        found = self.drafted()
        self.assertFalse(found.is_listed)
        lead = self.lead.with_user(self.sam)
        self.assertEqual(lead.xero_invoice_state, "Draft")
        self.assertEqual(lead.action_open_xero_invoice()["res_id"], found.id)

    # What keeps it

    def test_without_a_customer_it_says_so(self):
        draft = self.draft(self.opportunity(self.env["res.partner"]))
        self.assertIn("no customer", draft.problem)
        self.assertFalse(draft.can_create)
        with self.assertRaises(UserError):
            draft.action_send()

    def test_who_is_not_in_xero_is_created_first(self):
        draft = self.draft(self.opportunity(self.customer("Harbour Club")))
        self.assertIn("Harbour Club", draft.problem)
        self.assertTrue(draft.can_create)
        with self.assertRaises(UserError):
            draft.action_send()

    def test_a_draft_follows_a_customer_that_is_on_its_way(self):
        partner = self.customer("Harbour Club")
        first = self.queue(partner)
        draft = self.draft(self.opportunity(partner))
        self.assertFalse(draft.problem)
        self.assertIn("on its way", draft.note)
        entry = self.send(draft)
        self.assertEqual(entry.body["Contact"], {})
        with self.assertRaises(CannotBuild) as caught:
            BUILDERS["draft_invoice"](entry)
        self.assertEqual(caught.exception.code, "contact_not_linked")
        self.press(first)
        self.press(entry, user=self.sam.id)
        self.assertEqual(entry.state, "done")
        (made,) = self.connector.all_invoices()
        created = partner.xero_contact_ids.xero_id
        self.assertEqual(made["Contact"], {"ContactID": created})

    def test_an_archived_contact_takes_no_invoice(self):
        self.land(contact(1, "Bayside Club", ContactStatus="ARCHIVED"))
        self.assertIn("archived", self.draft().problem)

    def test_a_person_s_opportunity_is_its_company_s(self):
        person = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.partner(1).id}
        )
        self.assertEqual(
            self.draft(self.opportunity(person)).contact_id, self.mirror(1)
        )

    def test_a_currency_that_xero_may_not_have_is_told(self):
        draft = self.draft()
        draft.currency_id = self.eur
        self.assertIn("EUR", draft.note)
        self.assertFalse(draft.problem)
        self.land_books(invoice(5, 1, 10, CurrencyCode="EUR"))
        draft.invalidate_recordset()
        self.assertFalse(draft.note)
        draft.currency_id = self.nzd
        self.assertFalse(draft.note)

    def test_lines_that_xero_would_refuse_are_told(self):
        draft = self.draft()
        draft.currency_id = self.nzd
        line = draft.line_ids
        nameless = self.mirrored_item(2).sudo()
        for values, told in (
            ({"description": " \n"}, "says nothing"),
            ({"description": "x" * 4001}, "4001"),
            ({"unit_price": 1e11}, "larger than Xero"),
            ({"quantity": -1}, "below zero"),
            ({"discount": 101}, "between 0 and 100"),
            ({"discount": -1}, "between 0 and 100"),
            ({"item_id": nameless.id}, "no code"),
            ({"is_text": True}, "nothing to invoice"),
        ):
            if "item_id" in values:
                nameless.code = False
            before = line.read(list(values), load=None)[0]
            before.pop("id")
            line.write(values)
            self.assertIn(told, draft.problem, values)
            with self.assertRaises(UserError):
                draft.action_send()
            line.write(before)
        self.assertFalse(draft.problem)
        draft.line_ids.unlink()
        self.assertIn("nothing to invoice", draft.problem)
        draft.line_ids = [(0, 0, {"description": "y" * 4000, "unit_price": 1})]
        self.assertFalse(draft.problem)
        draft.line_ids = [(0, 0, {}), (0, 0, {"is_text": True})]
        self.assertFalse(draft.problem)
        draft.line_ids = [(0, 0, {"description": "z"}) for _number in range(200)]
        self.assertIn("201 lines", draft.problem)

    def test_hostile_texts_are_texts(self):
        text = "<script>alert(1)</script>\r\n=1+1 %s\u202e 😀\x07\ufffe"
        draft = self.draft()
        draft.line_ids.description = text
        entry = self.send(draft)
        sent = entry.body["LineItems"][0]["Description"]
        self.assertEqual(sent, "<script>alert(1)</script>\n=1+1 %s\u202e 😀")

    def test_an_item_fills_what_is_not_said(self):
        draft = self.draft()
        draft.currency_id = self.nzd
        with Form(draft) as form, form.line_ids.new() as line:
            line.item_id = self.mirrored_item(1)
            self.assertEqual(line.description, "Product 1, as agreed")
            self.assertEqual(line.unit_price, 10)
            self.assertEqual(line.amount, 10)
        self.assertEqual(draft.total, 1210)

    def test_what_xero_refused_is_made_again(self):
        draft = self.draft()
        entry = self.send(draft)
        entry._end("failed", "xero_validation", {"message": "The item is not sold."})
        self.env.flush_all()
        lead = self.lead.with_user(self.sam)
        self.assertEqual(lead.xero_invoice_state, "Needs a person")
        self.assertTrue(lead.xero_invoice_is_bad)
        again = self.draft()
        self.assertIn("not sold", again.entry_note)
        self.assertEqual(again.line_ids.description, "New shelves")
        again.line_ids.description = "Other shelves"
        self.assertEqual(self.send(again), entry)
        self.assertEqual(entry.state, "waiting")
        self.assertEqual(entry.body["LineItems"][0]["Description"], "Other shelves")
        self.assertTrue(entry.body["Reference"].endswith("-1"))

    def test_what_may_have_arrived_is_not_made_again(self):
        entry = self.send(self.draft())
        entry._end("failed", "xero_validation", may_have_arrived=True)
        with self.assertRaises(UserError):
            self.draft().action_send()

    # Rights

    def test_a_salesperson_drafts_for_own_opportunities_only(self):
        other = new_test_user(
            self.env, "drafting_other", "sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            self.lead.with_user(other).action_xero_draft_invoice()
        draft = self.draft()
        with self.assertRaises(AccessError):
            draft.with_user(other).action_send()
        with self.assertRaises(AccessError):
            draft.with_user(other).line_ids.read(["description"])
        self.lead.user_id = other
        with self.assertRaises(AccessError):
            draft.with_user(self.sam).action_send()

    def test_who_reads_only_may_not_draft(self):
        outsider = new_test_user(self.env, "drafting_out", "base.group_user")
        with self.assertRaises(AccessError):
            self.lead.with_user(outsider).action_xero_draft_invoice()
        with self.assertRaises(AccessError):
            self.lead.with_user(outsider).action_open_xero_invoice()

    def test_another_organisation_s_things_are_refused(self):
        other = self.env["xero.connection"].create({"name": "Other books"})
        draft = self.draft()
        draft.connection_id = other
        with self.assertRaises(UserError):
            draft.action_send()
        draft = self.draft()
        self.bring(contact(2, "Harbour Club"))
        draft.contact_id = self.mirror(2)
        with self.assertRaises(UserError):
            draft.action_send()

    def test_companies_stay_apart(self):
        company = self.env["res.company"].create({"name": "Other company"})
        self.sam.company_ids += company
        self.admin.company_ids += company
        lead = self.opportunity(
            self.partner(1), company_id=company.id, team_id=False, user_id=False
        )
        both = {"allowed_company_ids": (self.env.company | company).ids}
        lead = lead.with_context(**both)
        self.assertFalse(lead.xero_can_draft)
        with self.assertRaises(UserError):
            lead.action_xero_draft_invoice()
        shared = self.opportunity(self.partner(1), team_id=False, user_id=False)
        shared.company_id = False
        self.drafted(shared)
        there = shared.with_context(allowed_company_ids=company.ids)
        self.assertFalse(there.xero_invoice_state)
        self.assertTrue(shared.xero_invoice_state)

    def test_where_no_organisation_takes_drafts_there_is_no_button(self):
        lead = self.lead.with_user(self.sam)
        self.assertTrue(lead.xero_can_draft)
        for values in (
            {"with_invoicing": False},
            {"granted_features": ["contacts"]},
            {"granted_features": False},
            {"state": "reconnect"},
        ):
            before = self.connection.read(list(values))[0]
            before.pop("id")
            self.connection.sudo().write(values)
            self.env.invalidate_all()
            self.assertFalse(lead.xero_can_draft, values)
            with self.assertRaises(UserError):
                lead.action_xero_draft_invoice()
            self.connection.sudo().write(before)
        self.env.invalidate_all()
        self.assertTrue(lead.xero_can_draft)
        self.lead.type = "lead"
        self.assertFalse(lead.xero_can_draft)

    def test_an_opportunity_that_is_gone_leaves_its_invoice(self):
        found = self.drafted()
        self.lead.unlink()
        self.assertTrue(found.exists())
        self.assertFalse(found.lead_id)


@tagged("post_install", "-at_install")
class TestDraftInvoiceCosts(ScreenCosts, DraftCase):
    def test_the_form_costs_two_queries_more_at_most(self):
        """The overdue banner is one of them."""
        self.drafted(Status="AUTHORISED", due="2020-01-01")
        self.send(self.draft(self.opportunity(self.partner(1))))
        for lead in self.env["crm.lead"].search([("name", "=", "New shelves")]):
            lead = lead.with_user(self.sam).with_context(
                lang="en_US", allowed_company_ids=self.env.company.ids
            )
            spec = self.spec_of(lead, "form")
            self.assertIn("xero_invoice_state", spec)
            bare = {name: s for name, s in spec.items() if not name.startswith("xero_")}
            self.queries(lambda: lead.web_read(spec))  # noqa: B023
            cost = self.queries(lambda: lead.web_read(spec))  # noqa: B023
            cost -= self.queries(lambda: lead.web_read(bare))  # noqa: B023
            self.assertLessEqual(cost, 2)
