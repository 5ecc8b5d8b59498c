"""The programs that are measured inside Odoo: each brings the same contacts into the
CRM of a database of its own.

Each is `python -m benchmarks.importers NAME '{"template", "data", "folder"}'`, run by
Odoo's interpreter with Odoo on its path.
"""
