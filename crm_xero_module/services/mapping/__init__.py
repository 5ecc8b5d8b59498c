# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which Xero field fills which CRM field: fields, types, profiles, files."""
