# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who of the CRM is who in Xero: suggestions, and what people say to them."""
