# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from ..services.reasons import sentence
from ..services.to_xero.customer_filter import (
    FilterRefused,
    domain_of,
    guarded,
)
from ..services.to_xero.new_customers import new_customers

# Unlinked companies and individuals, at least one of whose opportunities was won.
USUAL_NEW_CUSTOMERS = [
    ("parent_id", "=", False),
    "|",
    ("opportunity_ids.stage_id.is_won", "=", True),
    ("child_ids.opportunity_ids.stage_id.is_won", "=", True),
]
WAITING = ("waiting", "answered")
# A list that is opened by its ids.
MOST_LISTED = 10_000


class XeroConnection(models.Model):
    """Which way data goes, and what of the CRM may go to Xero."""

    _inherit = "xero.connection"

    with_writing = fields.Boolean(
        string="Create and update customers",
        help="Lets people create customers in Xero, and changes go there.",
    )
    with_invoicing = fields.Boolean(
        string="Draft invoices",
        help="Lets people make a draft invoice in Xero from an opportunity.",
    )
    direction = fields.Selection(
        [("from_xero", "From Xero"), ("both", "Both ways")],
        default="from_xero",
        required=True,
        copy=False,
        help="Both ways: new customers of the CRM go to Xero by themselves, and so do"
        " changes of the fields that an import sends back.",
    )
    new_customers = fields.Char(
        string="New customers that go",
        default=lambda self: repr(USUAL_NEW_CUSTOMERS),
        copy=False,
        help="Of those that are not linked yet.",
    )
    new_customers_since = fields.Datetime(
        string="Made since",
        copy=False,
        help="Customers that are older do not go by themselves; empty: all.",
    )
    new_customers_delay = fields.Integer(
        string="Wait (hours)",
        default=1,
        help="Nobody has changed the customer for so long: whoever enters it may"
        " still be typing.",
    )
    new_customers_user_id = fields.Many2one(
        "res.users",
        string="Looked for as",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        help="Whoever set the filter: it finds what this user may see, in the"
        " organisation's company.",
    )
    new_customers_code = fields.Char(
        readonly=True, copy=False, help="What keeps the filter from working."
    )
    new_customers_note = fields.Text(compute="_compute_new_customers_note")
    may_write = fields.Boolean(
        compute="_compute_may_write",
        help="It was chosen here and allowed at Xero that customers go there.",
    )
    fields_back = fields.Integer(
        string="Fields that go back",
        compute="_compute_fields_back",
        help="Lines of imports that send a change in the CRM to Xero.",
    )
    changes_seen_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Customers changed before were looked at for what goes to Xero.",
    )

    _check_new_customers_delay = models.Constraint(
        "CHECK (new_customers_delay BETWEEN 0 AND 8760)",
        "New customers wait from 0 hours up to a year.",
    )

    @api.depends("new_customers_code", "new_customers_user_id")
    @api.depends_context("lang")
    def _compute_new_customers_note(self):
        for connection in self:
            code = connection.new_customers_code
            user = connection.sudo().new_customers_user_id.name or ""
            connection.new_customers_note = code and sentence(self.env, code, user=user)

    @api.depends("with_writing", "granted_features")
    def _compute_may_write(self):
        for connection in self:
            granted = connection.granted_features or ()
            connection.may_write = connection.with_writing and (
                "contacts_write" in granted
            )

    def _compute_fields_back(self):
        counts = dict(
            self.env["xero.import.mapping"]
            .sudo()
            ._read_group(
                [("profile_id.connection_id", "in", self.ids), ("back", "!=", "no")],
                ["profile_id"],
                ["__count"],
            )
        )
        for connection in self:
            connection.fields_back = sum(
                count
                for profile, count in counts.items()
                if profile.connection_id == connection
            )

    @api.constrains("new_customers", "direction")
    def _check_new_customers(self):
        for connection in self:
            if connection.direction == "both":
                connection._check_filter(connection.new_customers)

    def _check_filter(self, text):
        """Refuse, in words, a filter that cannot be worked with."""
        try:
            with guarded(self.env):
                # A constraint is checked with all rights.
                partners = self.env["res.partner"].sudo(False)
                partners.search(domain_of(text), limit=1)
        except FilterRefused as refusal:
            raise ValidationError(
                sentence(self.env, refusal.code, **refusal.data)
            ) from refusal

    @api.model_create_multi
    def create(self, vals_list):
        # Nobody sets a filter for somebody else to look with.
        return super().create(
            [{**vals, "new_customers_user_id": self.env.uid} for vals in vals_list]
        )

    def write(self, vals):
        looks = {name: v for name, v in vals.items() if name != "new_customers_user_id"}
        if {"new_customers", "direction"} & vals.keys():
            looks["new_customers_code"] = False
            # Odoo itself is no user to look as.
            if self.env.uid != SUPERUSER_ID:
                looks["new_customers_user_id"] = self.env.uid
        return super().write(looks)

    # Buttons

    def action_both_ways(self):
        """Ask which customers go by themselves, and how many these are now."""
        self.ensure_one()
        self._require("group_xero_administrator")
        return self.env["xero.direction"]._open(self)

    def action_from_xero(self):
        """Let nothing more go by itself."""
        self.ensure_one()
        self._require("group_xero_administrator")
        self.direction = "from_xero"
        left = self.env["xero.outbox"].search_count(
            [
                ("connection_id", "=", self.id),
                ("is_automatic", "=", True),
                ("state", "in", WAITING),
            ]
        )
        if not left:
            told = self.env._("Nothing goes to Xero by itself any more.")
            return self._told(told)
        answer = self._told(
            self.env._(
                "Nothing new goes to Xero by itself. %(count)s that were on their way"
                " wait in the Outbox: %%s",
                count=left,
            )
        )
        answer["params"]["links"] = [
            {"label": self.env._("open it"), "url": "/odoo/xero-outbox"}
        ]
        return answer

    def _told(self, message):
        answer = self._notify("info", message)
        answer["params"]["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
        return answer

    def action_open_new_customers(self):
        """The customers that would go now."""
        self.ensure_one()
        self.check_access("read")
        self._require("group_xero_administrator")
        try:
            with guarded(self.env):
                ids = new_customers(self, limit=MOST_LISTED)
        except FilterRefused as refusal:
            raise ValidationError(
                sentence(self.env, refusal.code, **refusal.data)
            ) from refusal
        return self._list_customers(ids)

    def _list_customers(self, ids):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers that would go to Xero now"),
            "res_model": "res.partner",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", ids)],
            "context": {"create": False},
        }

    def action_open_fields_back(self):
        """The imports, whose lines say what goes back."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_import_profile_action"
        )
        return dict(action, domain=[("connection_id", "=", self.id)], path=False)
