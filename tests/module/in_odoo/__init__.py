"""What runs inside Odoo, in `odoo shell`."""
