# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keeps PostgreSQL's statistics of the tables up to date while they grow.

A first import fills tables that PostgreSQL last saw empty, and until it looks again,
a minute later at best, it reads them whole for each batch
(https://www.postgresql.org/docs/current/populate.html, "Run ANALYZE Afterwards").
"""

from odoo.tools import SQL

_TABLES = ("xero_contact", "xero_contact_person", "res_partner")
# Smaller tables are read whole in any case. An import makes a row and writes it once
# more, which is two changes.
_LEAST_CHANGES = 4000


def refresh_statistics(env):
    """Look again at each table that is four times as large as when somebody looked."""
    grown = env.execute_query(
        SQL(
            """
            SELECT relname FROM pg_stat_user_tables
             WHERE schemaname = current_schema AND relname = ANY(%s)
               AND n_mod_since_analyze > greatest(%s, n_live_tup * 1.5)
            """,
            list(_TABLES),
            _LEAST_CHANGES,
        )
    )
    for (table,) in grown:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
