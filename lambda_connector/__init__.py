"""The connector: Xero on one side, a feed of pages for Odoo on the other."""
