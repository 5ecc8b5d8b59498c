# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Users of every kind, and a record of every model, for the tables of rights."""

import contextlib

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .books import BooksCase, credit_note, invoice, item, line
from .common import contact, person, xero_id
from .outbox import OutboxCase

# From those with the fewest rights to those with the most.
LEVELS = ("portal", "clerk", "user", "operator", "administrator")
GROUPS = {
    "portal": "base.group_portal",
    "clerk": "base.group_user,base.group_partner_manager,product.group_product_manager",
    "user": "sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
    "operator": "sales_team.group_sale_manager,base.group_partner_manager",
    "administrator": "crm_xero_module.group_xero_administrator,"
    "sales_team.group_sale_manager,base.group_partner_manager,"
    "product.group_product_manager",
}
# In every name of what these tests make: it must not be told to strangers.
MARK = "Zqxwy"


class RightsCase(OutboxCase, BooksCase):
    """An organisation with one of everything, and a user of each level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            level: new_test_user(cls.env, f"rights_{level}", groups=groups)
            for level, groups in GROUPS.items()
        }
        cls.connection.sudo().write({"name": f"{MARK} Ltd", "with_writing": True})
        cls.connection.sudo().with_invoicing = True

    def setUp(self):
        super().setUp()
        self.fill()

    def fill(self):
        """One of everything."""
        shelf = item(1, Code=f"{MARK}-1", Name=f"{MARK} shelf")
        self.land_books(
            contact(
                1,
                f"{MARK} Club",
                ContactPersons=[person("Ada", MARK)],
                ContactGroups=[{"ContactGroupID": xero_id(901), "Name": MARK}],
            ),
            contact(2, ""),
            shelf,
            invoice(1, 1, [line(item=shelf)], Contact=_of(1)),
            credit_note(1, 1, 30, allocated=[(1, "2026-11-02", 30)], Contact=_of(1)),
        )
        self.import_all()
        self.land_books(contact(3, f"{MARK} Free", EmailAddress="free@zq.nz"))
        self.company_partner = self.partner(1)
        self.lead = self.env["crm.lead"].create(
            {
                "name": f"{MARK} shelves",
                "type": "opportunity",
                "partner_id": self.company_partner.id,
                "user_id": self.users["user"].id,
            }
        )
        self.free = self.customer(f"{MARK} Free", email="free@zq.nz")
        self.env["xero.match"].refresh(self.connection.id)
        self.entry = self.queue(self.customer(f"{MARK} new"))
        self.entry.sudo()._end("failed", "look_alike", {"contacts": []})
        self.env["xero.receivable.snapshot"].sudo().create(
            {
                "connection_id": self.connection.id,
                "company_id": self.connection.company_id.id,
                "contact_id": self.mirror(1).id,
                "day": "2026-11-20",
            }
        )
        self.env["xero.audit"]._note("sync", self.connection, self.sync_run)
        self.env.flush_all()
        self.env.invalidate_all()

    def record(self, model):
        """One of the organisation's records of a model; nothing where there is none."""
        if model == "res.partner":
            return self.company_partner
        if model == "xero.contact":
            return self.mirror(1)
        if model == "crm.lead":
            return self.lead
        if model == "product.template":
            return self.mirrored_item(1).product_id
        if model == "res.config.settings" or self.env[model]._abstract:
            return self.env[model].browse()
        chosen = [("kind", "=", "invoice")] if model == "xero.transaction" else []
        rows = self.env[model].sudo().search(chosen, limit=1)
        return rows.sudo(False)

    def attempt(self, act):
        """What an act answers, and the error that it ended in; nothing of it stays."""
        answer = problem = None
        try:
            with contextlib.suppress(_Undone), self.env.cr.savepoint():
                answer = act()
                self.env.flush_all()
                raise _Undone
        except Exception as error:  # noqa: BLE001  (which one it is, is looked at)
            problem = error
        self.env.invalidate_all()
        return answer, problem

    def is_refused(self, act):
        """Whether an act ends in a lack of rights."""
        return isinstance(self.attempt(act)[1], AccessError)


class _Undone(Exception):
    """All went well, and is taken back."""


def _of(number):
    return {"ContactID": xero_id(number), "Name": f"{MARK} Club"}
