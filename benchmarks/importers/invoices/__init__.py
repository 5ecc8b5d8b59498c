"""The programs that are measured inside Odoo with sales invoices: each brings the same
ones into the mirror of a database of its own, where their contacts and items are."""
