# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Customers that owe, with figures as the tests write them."""

from datetime import timedelta

from odoo import fields

from .books import BooksCase
from .common import contact


class OwingCase(BooksCase):
    """An organisation whose today is the present's, in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.sudo().timezone = "UTC"
        cls.today = fields.Date.today()

    def owes(self, number, overdue, days=10, *, connection=None, **values):
        """A customer of Xero that is its partner here, with so much overdue since so
        many days; the partner."""
        connection = connection or self.connection
        mirrored = self.mirror(number)
        if not mirrored:
            self.bring(contact(number))
            mirrored = self.mirror(number)
        since = self.today - timedelta(days=days) if overdue or values else None
        self.figures(mirrored, connection).write(
            {
                "stale": False,
                "day": self.today,
                "overdue": overdue,
                "outstanding": overdue,
                "days_1_30": overdue,
                "overdue_count": 1 if overdue else 0,
                "open_count": 1 if overdue else 0,
                "invoice_count": 1,
                "oldest_due": since,
                **values,
            }
        )
        # What lands later forgets what is in memory of the mirror's tables.
        self.env.flush_all()
        return mirrored.partner_id

    def figures(self, mirrored, connection=None):
        """The figures of a contact of the mirror, made where there are none."""
        rows = self.env["xero.customer.figures"].sudo()
        connection = connection or mirrored.connection_id
        return rows.search([("contact_id", "=", mirrored.id)]) or rows.create(
            {
                "connection_id": connection.id,
                "company_id": connection.company_id.id,
                "contact_id": mirrored.id,
                "base_currency_id": self.nzd.id,
            }
        )

    def opportunity(self, partner, **values):
        return self.env["crm.lead"].create(
            {
                "name": "New shelves",
                "type": "opportunity",
                "partner_id": partner.id,
                **values,
            }
        )
