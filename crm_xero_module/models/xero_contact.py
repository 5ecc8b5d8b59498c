# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, fields, models


class XeroContact(models.Model):
    """The mirror of one Xero contact: what Xero sent, and which partner it is.

    Rows are written in bulk by SQL (`services/mirror/contacts.py`) and read only for
    everybody. Every change takes the next number of one PostgreSQL sequence
    (`change_seq`), by which import profiles find what is new to them.
    """

    _name = "xero.contact"
    _inherit = "xero.link.mixin"
    _description = "Xero Contact"
    _order = "name, id"
    _rec_names_search = ["name", "email", "account_number", "contact_number"]
    _log_access = False

    # Found by the indexes below; every index costs a tenth of landing a row.
    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    xero_id = fields.Char(string="Contact ID", required=True)
    # People look in name, email and numbers at once, which no index on the name
    # helps: a trigram one was never used, and cost more than all the others.
    name = fields.Char()
    first_name = fields.Char()
    last_name = fields.Char()
    email = fields.Char()
    contact_number = fields.Char()
    account_number = fields.Char()
    company_number = fields.Char()
    tax_number = fields.Char()
    website = fields.Char()
    status = fields.Char(help="As Xero sent it, e.g. ACTIVE or ARCHIVED.")
    archived = fields.Boolean()
    merged_to = fields.Char(help="ContactID of the contact that is left.")
    merged_to_id = fields.Many2one(
        "xero.contact", string="Merged into", compute="_compute_merged_to_id"
    )
    is_customer = fields.Boolean(string="Customer")
    is_supplier = fields.Boolean(string="Supplier")
    phone = fields.Char()
    direct_phone = fields.Char()
    mobile = fields.Char()
    fax = fields.Char()
    city = fields.Char()
    country = fields.Char()
    default_currency = fields.Char()
    receivable_outstanding = fields.Float(
        digits=(16, 2), string="Outstanding as Xero said"
    )
    receivable_overdue = fields.Float(digits=(16, 2), string="Overdue as Xero said")
    # With bank accounts, tax numbers and whatever else Xero tells.
    payload = fields.Json(
        groups="crm_xero_module.group_xero_administrator",
        help="The record as Xero sent it.",
    )
    digest = fields.Char(
        groups="crm_xero_module.group_xero_administrator",
        help="Of the record's bytes, as they came.",
    )
    updated_at = fields.Datetime(string="Changed in Xero")
    read_at = fields.Datetime()
    change_seq = fields.Integer()
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="set null"
    )
    is_leading = fields.Boolean(
        string="Leads", help="Feeds the fields of the linked customer."
    )
    link_state = fields.Selection(
        [("unlinked", "Not linked"), ("linked", "Linked"), ("ignored", "Ignored")],
        default="unlinked",
        required=True,
    )
    applied = fields.Json(
        groups="crm_xero_module.group_xero_administrator",
        help="By target field: what Xero last gave, and what the CRM then held.",
    )
    delivery_partner_id = fields.Many2one(
        "res.partner",
        string="Delivery Address",
        index="btree_not_null",
        ondelete="set null",
        help="What became of the street address, where the postal one is another.",
    )
    delivery_state = fields.Selection(
        [("unlinked", "Not linked"), ("linked", "Linked"), ("ignored", "Ignored")]
    )
    delivery_applied = fields.Json(
        groups="crm_xero_module.group_xero_administrator",
        help="As `applied`, for the delivery address.",
    )
    is_back_due = fields.Boolean(
        help="Something of the customer is to go to Xero, as far as is known."
    )
    person_ids = fields.One2many("xero.contact.person", "contact_id")
    group_ids = fields.Many2many(
        "xero.contact.group",
        "xero_contact_group_rel",
        "contact_id",
        "group_id",
        string="Contact Groups",
    )

    _connection_xero_id_uniq = models.Constraint(
        "UNIQUE (connection_id, xero_id)", "A Xero contact is mirrored once."
    )
    _change_idx = models.Index("(connection_id, change_seq)")
    _merged_idx = models.Index("(connection_id) WHERE merged_to IS NOT NULL")
    # Of whom sales sees nothing, nor of their documents: each search asks.
    _hidden_idx = models.Index(
        "(id) WHERE is_supplier IS TRUE AND is_customer IS NOT TRUE"
        " AND partner_id IS NULL"
    )
    _back_due_idx = models.Index("(connection_id) WHERE is_back_due")

    @api.depends("merged_to", "connection_id")
    @api.depends_context("uid")
    def _compute_merged_to_id(self):
        found = self.search(
            [
                ("connection_id", "in", self.connection_id.ids),
                ("xero_id", "in", list(filter(None, self.mapped("merged_to")))),
            ]
        )
        rows = {(row.connection_id, row.xero_id): row for row in found}
        for contact in self:
            key = (contact.connection_id, contact.merged_to)
            contact.merged_to_id = rows.get(key, False)

    @api.depends("name", "xero_id")
    def _compute_display_name(self):
        for contact in self:
            contact.display_name = contact.name or contact.xero_id

    @api.model
    def get_empty_list_help(self, help_message):
        """Where contacts are here, it is the search that finds none."""
        if not self.search_count([], limit=1):
            return super().get_empty_list_help(help_message)
        return Markup("<p class='o_view_nocontent_neutral_face'>%s</p><p>%s</p>") % (
            self.env._("No contact of Xero matches"),
            self.env._("Take a filter away to see more of them."),
        )

    def init(self):
        # Owned by the column, so that it goes where the table goes.
        self.env.cr.execute(
            """
            CREATE SEQUENCE IF NOT EXISTS xero_change_seq
                OWNED BY xero_contact.change_seq
            """
        )
