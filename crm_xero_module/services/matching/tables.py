# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Temporary tables, which know how many rows they have: PostgreSQL would guess."""

from odoo.tools import SQL


def make_table(env, name, query):
    """Make `xm_<name>` of what a query reads; it goes with the transaction."""
    table = SQL.identifier(f"xm_{name}")
    drop_tables(env, name)
    env.cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, query))
    env.cr.execute(SQL("ANALYZE %s", table))


def drop_tables(env, *names):
    for name in names:
        env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(f"xm_{name}")))
