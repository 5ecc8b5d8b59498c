# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deletes a connection that is over, with all that was read through it.

Customers and products stay as they are. There may be 100,000 contacts and millions of
lines, so each table is emptied by sets, from what points to others down to what is
pointed to, before the ORM deletes the connection itself: its cascades find nothing.
"""

import time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..mirror import links

BATCH = 20000
# What a person waits for; the cron does the rest.
AT_ONCE_SECONDS = 5
REMOVABLE = ("draft", "disconnected")
# All that a connection may have many of. What shows figures goes first, so that none
# is ever shown of half the documents.
PARTS = (
    "xero.customer.figures",
    "xero.match",
    "xero.receivable.snapshot",
    "xero.sync.line",
    "xero.outbox",
    "xero.allocation",
    "xero.transaction.line",
    "xero.transaction",
    "xero.item",
    "xero.contact.person",
    "xero.contact",
    "xero.sync",
)


def removed_with(connection):
    """What goes with a connection, as [(label, count)]; only what there is."""
    env = connection.env
    return _counted(
        connection,
        (
            (env._("Xero contacts"), _rows("xero_contact")),
            (env._("Persons of these"), _rows("xero_contact_person")),
            (env._("Products and services"), _rows("xero_item")),
            (env._("Sales documents"), _rows("xero_transaction")),
            (env._("Days of receivables"), _snapshot_days()),
            (env._("Import profiles"), _rows("xero_import_profile")),
            (env._("Runs"), _rows("xero_sync")),
            (env._("Records of what was sent to Xero"), _rows("xero_outbox")),
        ),
    )


def kept_after(connection):
    """What was imported through it and stays, as [(label, count)]."""
    env = connection.env
    return _counted(
        connection,
        (
            (env._("Customers and their persons"), _partners()),
            (env._("Products"), _products()),
        ),
    )


def remove(connection, seconds=AT_ONCE_SECONDS):
    """Delete a connection and all of it; whether it is gone already.

    What takes longer goes on in the cron; until then `removal_at` is set, and it
    cannot be connected.

    :raise AccessError: for others than administrators
    :raise UserError: it is connected
    """
    connection.ensure_one()
    connection.check_access("read")
    connection._require("group_xero_administrator")
    if connection.state not in REMOVABLE:
        raise UserError(connection.env._("Disconnect it from Xero first."))
    if not connection.removal_at:
        connection.env["xero.audit"]._note("deleted", connection, connection)
    connection = connection.sudo()
    connection.lock_for_update()
    for run in connection._open_runs():
        run._finish("cancelled", "cancelled")
    connection.removal_at = fields.Datetime.now()
    end = time.monotonic() + seconds
    if _remove_parts(connection, lambda _taken: time.monotonic() < end):
        return True
    connection.env.ref("crm_xero_module.ir_cron_xero_let_go").sudo()._trigger()
    return False


def go_on(env, commit):
    """Finish the removals that were begun; whether time ended before that.

    :param commit: see `let_go_of_old`
    """
    for connection in env["xero.connection"].search([("removal_at", "!=", False)]):
        if not _remove_parts(connection, commit):
            return True
    return False


def _remove_parts(connection, goes_on):
    """Delete batch after batch as long as `goes_on`, called with the number of rows,
    says so; whether all is gone."""
    env = connection.env
    env.flush_all()
    # They speak of what is owed there, and nothing would ever end them.
    env["mail.activity"].sudo().search(
        [("xero_contact_id.connection_id", "=", connection.id)]
    ).unlink()
    links.pass_lead(env, _successions(connection))
    for model in PARTS:
        for taken in _remove_rows(connection, model):
            if not goes_on(taken):
                env.invalidate_all(flush=False)
                return False
    env.invalidate_all(flush=False)
    connection.unlink()
    goes_on(1)
    return True


def _successions(connection):
    """[(contact that leads and goes, oldest one of another connection that is to
    lead)] of the customers that would be fed by nobody else."""
    connection.env["xero.contact"].flush_model()
    return connection.env.execute_query(
        SQL(
            """
            SELECT min(c.id) FILTER (WHERE goes.it AND c.is_leading),
                   min(c.id) FILTER (WHERE NOT goes.it)
              FROM xero_contact c
             CROSS JOIN LATERAL (SELECT c.connection_id = %(connection)s AS it) AS goes
             WHERE c.partner_id IN (
                   SELECT partner_id FROM xero_contact
                    WHERE connection_id = %(connection)s AND is_leading
             )
             GROUP BY c.partner_id
            HAVING bool_or(NOT goes.it) AND NOT bool_or(c.is_leading AND NOT goes.it)
            """,
            connection=connection.id,
        )
    )


def _remove_rows(connection, model):
    """Delete a model's rows of a connection, and the files on them; how many each
    batch took."""
    env = connection.env
    files = env["ir.attachment"].sudo().search([("res_model", "=", model)])
    table = SQL.identifier(env[model]._table)
    taken = BATCH
    while taken == BATCH:
        rows = env.execute_query(
            SQL(
                """
                DELETE FROM %s WHERE id IN (
                       SELECT id FROM %s WHERE connection_id = %s LIMIT %s
                 ) RETURNING id
                """,
                table,
                table,
                connection.id,
                BATCH,
            )
        )
        ids = {row[0] for row in rows}
        files.filtered(lambda file, gone=ids: file.res_id in gone).unlink()
        taken = len(ids)
        yield taken


# Counting


def _counted(connection, queries):
    env = connection.env
    env.flush_all()
    [counts] = env.execute_query(
        SQL(
            "SELECT %s",
            SQL(", ").join(
                SQL("(%s)", query(connection.id)) for _label, query in queries
            ),
        )
    )
    labels = (label for label, _query in queries)
    return [pair for pair in zip(labels, counts, strict=True) if pair[1]]


def _rows(table):
    return lambda connection: SQL(
        "SELECT count(*) FROM %s WHERE connection_id = %s",
        SQL.identifier(table),
        connection,
    )


def _snapshot_days():
    return lambda connection: SQL(
        "SELECT count(DISTINCT day) FROM xero_receivable_snapshot"
        " WHERE connection_id = %s",
        connection,
    )


def _partners():
    return lambda connection: SQL(
        """
        SELECT count(DISTINCT partner_id) FROM (
               SELECT partner_id FROM xero_contact WHERE connection_id = %(connection)s
                UNION ALL
               SELECT delivery_partner_id FROM xero_contact
                WHERE connection_id = %(connection)s
                UNION ALL
               SELECT partner_id FROM xero_contact_person
                WHERE connection_id = %(connection)s
         ) AS linked
        """,
        connection=connection,
    )


def _products():
    return lambda connection: SQL(
        "SELECT count(DISTINCT product_id) FROM xero_item WHERE connection_id = %s",
        connection,
    )
