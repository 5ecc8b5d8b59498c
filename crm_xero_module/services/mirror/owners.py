# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose a document is: of the contact that it names, or of the one that this contact
was merged into."""

from odoo.tools import SQL

from .links import bump_persons
from .merges import winners


def owners_of(connection, contact_xero_ids):
    """{ContactID: id of xero.contact} of the contacts that are here."""
    ids = [xero_id for xero_id in contact_xero_ids if xero_id]
    if not ids:
        return {}
    asked = SQL("c.connection_id = %s AND c.xero_id = ANY(%s)", connection.id, ids)
    found = connection.env.execute_query(
        SQL(
            """
            SELECT c.xero_id, COALESCE(w.winner, c.id)
              FROM xero_contact c
              LEFT JOIN (%(winners)s) AS w ON w.loser = c.id
             WHERE %(asked)s
            """,
            winners=winners(connection, asked),
            asked=asked,
        )
    )
    return dict(found)


def adopt_transactions(connection):
    """Give documents to whose they are now: those that came before their contact, and
    those of a contact that was merged."""
    connection.env["xero.transaction"].flush_model()
    moved = connection.env.execute_query(
        SQL(
            """
            WITH merged AS MATERIALIZED (%(winners)s), moved AS (
                SELECT t.id, t.contact_id AS former, merged.winner AS owner
                  FROM merged
                  JOIN xero_transaction t ON t.contact_id = merged.loser
                 UNION ALL
                SELECT t.id, NULL, COALESCE(merged.winner, c.id)
                  FROM xero_transaction t
                  JOIN xero_contact c
                    ON c.connection_id = t.connection_id
                   AND c.xero_id = t.contact_xero_id
                  LEFT JOIN merged ON merged.loser = c.id
                 WHERE t.connection_id = %(connection)s AND t.contact_id IS NULL
            )
            UPDATE xero_transaction t SET contact_id = moved.owner
              FROM moved
             WHERE t.id = moved.id
            RETURNING moved.former, moved.owner
            """,
            winners=winners(connection, SQL("c.connection_id = %s", connection.id)),
            connection=connection.id,
        )
    )
    if moved:
        contacts = {contact for pair in moved for contact in pair if contact}
        mark_customers(connection, contacts)
        touch_figures(connection, contacts)
        connection.env["xero.transaction"].invalidate_model(flush=False)


def mark_customers(connection, contact_ids):
    """Let those of these contacts be customers who were invoiced: Xero's incremental
    read does not tell that a contact became one."""
    env = connection.env
    env["xero.contact"].flush_model()
    env["xero.contact.person"].flush_model()
    found = env.execute_query(
        SQL(
            """
            UPDATE xero_contact c
               SET is_customer = TRUE, change_seq = nextval('xero_change_seq')
             WHERE c.id = ANY(%s) AND NOT c.is_customer
               AND EXISTS (
                   SELECT FROM xero_transaction t
                    WHERE t.contact_id = c.id AND t.kind = 'invoice'
                      AND t.status IN ('AUTHORISED', 'PAID')
               )
            RETURNING c.id
            """,
            list(contact_ids),
        )
    )
    if found:
        bump_persons(env, [contact for (contact,) in found])
        env["xero.contact"].invalidate_model(flush=False)
        env["xero.contact.person"].invalidate_model(flush=False)


def touch_all_figures(connection):
    """Let all figures of the organisation be worked out again."""
    figures = connection.env["xero.customer.figures"]
    figures.flush_model()
    connection.env.cr.execute(
        "UPDATE xero_customer_figures SET stale = TRUE"
        " WHERE connection_id = %s AND NOT stale",
        [connection.id],
    )
    figures.invalidate_model(flush=False)


def touch_figures(connection, contact_ids):
    """Let the figures of these contacts be worked out again."""
    figures = connection.env["xero.customer.figures"]
    figures.flush_model()
    connection.env.cr.execute(
        """
        INSERT INTO xero_customer_figures AS old (
            connection_id, company_id, contact_id, stale
        )
        SELECT %s, %s, contact_id, TRUE FROM unnest(%s::int[]) AS contact_id
         ORDER BY contact_id
        ON CONFLICT (contact_id) DO UPDATE SET stale = TRUE WHERE NOT old.stale
        """,
        [connection.id, connection.company_id.id, list(contact_ids)],
    )
    figures.invalidate_model(flush=False)
