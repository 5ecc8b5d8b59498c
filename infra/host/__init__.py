"""What the machine needs to run the product: Odoo, PostgreSQL, Chromium, Pythons.

Standard library only: this package runs before any environment exists.
"""
