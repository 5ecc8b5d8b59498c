# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..services.sales.days import local_day
from ..services.sales.lists import states_on
from ..services.to_xero.outbox import OPEN_STATES
from ..services.xero.our_numbers import invoice_reference, nth_invoice

GROUP = "crm_xero_module.group_xero_user"
# What is no invoice any more: another one may be drafted.
GONE = ("VOIDED", "DELETED")


class XeroTransaction(models.Model):
    _inherit = "xero.transaction"

    # Not among the columns that a page of Xero's fills, so that it stays.
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The opportunity that it was drafted from.",
    )

    def _link_lead(self, lead):
        """Let these be invoices of an opportunity."""
        self.sudo().lead_id = lead


class CrmLead(models.Model):
    """The invoice in Xero that was drafted from an opportunity."""

    _inherit = "crm.lead"

    xero_can_draft = fields.Boolean(
        compute="_compute_xero_invoice",
        groups=GROUP,
        help="Its organisation takes draft invoices, and has none of it.",
    )
    xero_invoice_state = fields.Char(
        string="Invoice in Xero", compute="_compute_xero_invoice", groups=GROUP
    )
    xero_invoice_amount = fields.Char(
        string="Amount of the invoice in Xero",
        compute="_compute_xero_invoice",
        groups=GROUP,
    )
    xero_invoice_is_bad = fields.Boolean(
        compute="_compute_xero_invoice",
        groups=GROUP,
        help="It is overdue, or needs a person.",
    )

    @api.depends_context("allowed_company_ids", "lang")
    @api.depends("company_id", "type", "active")
    def _compute_xero_invoice(self):
        found = self._xero_invoice_rows()
        for lead in self:
            row = found.get(lead._origin.id, {})
            companies = row.get("companies") or []
            may = not lead.company_id or lead.company_id.id in companies
            is_over = row.get("status") in (None, *GONE) and not row.get("entry")
            is_real = lead._origin and lead.type == "opportunity" and lead.active
            lead.xero_can_draft = bool(is_real and companies and may and is_over)
            lead.update(lead._xero_invoice_told(row))

    def _xero_invoice_rows(self):
        """{lead id: its newest invoice and what is in the outbox of it}, in one query
        for any number of opportunities."""
        ids = self._origin.ids
        if not ids:
            return {}
        for name in ("xero.transaction", "xero.outbox", "xero.connection"):
            self.env[name].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT lead.id AS lead, entry.state AS entry, invoice.*, (
                           SELECT array_agg(DISTINCT company_id)
                             FROM xero_connection
                            WHERE with_invoicing AND state = 'connected'
                              AND granted_features ? 'invoices_write'
                              AND company_id = ANY(%(companies)s)
                       ) AS companies
                  FROM unnest(%(leads)s) AS lead(id)
                  LEFT JOIN LATERAL (
                       SELECT t.status, t.kind, t.total, t.open_amount, t.due_date,
                              t.date, t.currency_code, c.timezone
                         FROM xero_transaction t
                         JOIN xero_connection c ON c.id = t.connection_id
                        WHERE t.lead_id = lead.id AND t.company_id = ANY(%(companies)s)
                        ORDER BY t.status IN %(gone)s, t.id DESC LIMIT 1
                  ) AS invoice ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT o.state FROM xero_outbox o
                        WHERE o.lead_id = lead.id AND o.kind = 'draft_invoice'
                          AND o.state IN ('waiting', 'answered', 'failed')
                          AND o.company_id = ANY(%(companies)s)
                        ORDER BY o.id DESC LIMIT 1
                  ) AS entry ON TRUE
                """,
                leads=ids,
                companies=self.env.companies.ids,
                gone=GONE,
            )
        )
        return {row["lead"]: row for row in rows}

    def _xero_invoice_told(self, row):
        if row.get("entry"):
            label = (
                self.env._("Needs a person")
                if row["entry"] == "failed"
                else self.env._("On its way")
            )
            return _shown(label, is_bad=row["entry"] == "failed")
        if not row.get("status"):
            return _shown(False)
        transactions = self.env["xero.transaction"]
        document = transactions.new(
            {name: row[name] for name in ("status", "kind", "open_amount", "date")}
            | {"due_date": row["due_date"]}
        )
        states = states_on(local_day(row["timezone"]))
        names = dict(transactions._fields["state"]._description_selection(self.env))
        state = next(
            (
                name
                for name, domain in states.items()
                if document.filtered_domain(domain)
            ),
            None,
        )
        amount = formatLang(self.env, row["total"] or 0, digits=2)
        return _shown(
            names.get(state) or row["status"],
            amount=f"{amount} {row['currency_code'] or ''}".strip(),
            is_bad=state == "overdue",
        )

    # Buttons

    def action_xero_draft_invoice(self):
        """Make a draft invoice in Xero, or show the one that is there."""
        self.ensure_one()
        self._check_xero_drafter()
        self._xero_adopt_invoices()
        entry = self._xero_open_entry()
        if entry and entry.state != "failed":
            return entry._send_action()
        if not entry and self._xero_invoices(live=True):
            return self.action_open_xero_invoice()
        return self.env["xero.draft.invoice"]._open(self, entry)

    def action_open_xero_invoice(self):
        """Show the invoice that was drafted, or what keeps it."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_user")
        entry = self._xero_open_entry()
        if entry and entry.with_env(self.env).has_access("read"):
            if entry.state == "failed" and self.has_access("write"):
                return self.action_xero_draft_invoice()
            return self._xero_form("xero.outbox", entry)
        invoices = self._xero_invoices()
        if not invoices:
            raise UserError(
                self.env._("Somebody else is sending it; ask who wrote it.")
            )
        live = invoices.filtered(lambda row: row.status not in GONE)
        return self._xero_form("xero.transaction", (live or invoices)[:1])

    def _xero_form(self, model, record):
        return {
            "type": "ir.actions.act_window",
            "name": record.display_name,
            "res_model": model,
            "res_id": record.id,
            "views": [[False, "form"]],
        }

    def _check_xero_drafter(self):
        self.env["xero.connection"]._require("group_xero_user")
        self.check_access("write")

    def _xero_open_entry(self):
        """What is in the outbox of its invoice and not over."""
        return (
            self.env["xero.outbox"]
            .sudo()
            .search(
                [
                    ("lead_id", "=", self.id),
                    ("kind", "=", "draft_invoice"),
                    ("state", "in", OPEN_STATES),
                    ("company_id", "in", self.env.companies.ids),
                ],
                limit=1,
            )
        )

    def _xero_invoices(self, live=False):
        """Its invoices in the mirror, the newest first; all that the companies of
        the reader have."""
        domain = [
            ("lead_id", "=", self.id),
            ("company_id", "in", self.env.companies.ids),
        ]
        if live:
            domain.append(("status", "not in", GONE))
        return self.env["xero.transaction"].sudo().search(domain, order="id desc")

    def _xero_adopt_invoices(self):
        """Link invoices that carry its Reference: a database that was restored does
        not know any more what it drafted."""
        companies = self.env.companies
        self._xero_referring().filtered(
            lambda row: not row.lead_id and row.company_id in companies
        )._link_lead(self)

    def _xero_referring(self):
        pattern = invoice_reference(self.env, self.id, "%")
        rows = (
            self.env["xero.transaction"]
            .sudo()
            .search([("reference", "=like", pattern), ("kind", "=", "invoice")])
        )
        return rows.filtered(lambda row: nth_invoice(self.env, self.id, row.reference))

    def _xero_next_reference(self):
        """The Reference of the next invoice; none is ever used twice."""
        entries = self.env["xero.outbox"].sudo()
        domain = [("lead_id", "=", self.id), ("kind", "=", "draft_invoice")]
        used = [(entry.body or {}).get("Reference") for entry in entries.search(domain)]
        used += self._xero_referring().mapped("reference")
        nth = max((nth_invoice(self.env, self.id, one) for one in used), default=0)
        return invoice_reference(self.env, self.id, nth + 1)


def _shown(state, *, amount=False, is_bad=False):
    return {
        "xero_invoice_state": state,
        "xero_invoice_amount": amount,
        "xero_invoice_is_bad": is_bad,
    }
