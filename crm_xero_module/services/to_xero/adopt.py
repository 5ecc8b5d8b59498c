# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts that a sync brings, and that went to Xero from here, are known by their
number: the answer may have been lost, or the database is older than the contact.

Without this, an import would make their customers a second time.
"""

from odoo.tools import SQL

from ..matching.accept import link
from ..xero.our_numbers import prefix


def newest_change(env):
    """The number of the mirror's latest change."""
    [[number]] = env.execute_query(SQL("SELECT last_value FROM xero_change_seq"))
    return number


def adopt_ours(connection, after):
    """Link what changed in the mirror after the change `after` and has a number of
    ours. The caller holds the connection's lock.

    What the outbox sent is its customer's. Where the outbox does not know the number,
    the name has to be the customer's too: after an old backup was restored, the same
    id may be another customer's.
    """
    env = connection.env
    for name in ("xero.contact", "xero.outbox", "res.partner"):
        env[name].flush_model()
    found = env.execute_query(
        SQL(
            """
            WITH ours AS (
                SELECT c.id, c.name, c.contact_number,
                       substring(c.contact_number FROM %(number)s)::int AS partner_id
                  FROM xero_contact c
                 WHERE c.connection_id = %(connection)s AND c.change_seq > %(after)s
                   AND c.link_state = 'unlinked' AND c.partner_id IS NULL
                   AND c.contact_number ~ %(number)s
            )
            SELECT ours.id, CASE WHEN o.id IS NULL THEN p.id ELSE o.partner_id END,
                   o.id
              FROM ours
              LEFT JOIN xero_outbox o
                ON o.connection_id = %(connection)s AND o.kind = 'create_contact'
               AND o.state IN ('waiting', 'answered', 'failed')
               AND o.body->>'ContactNumber' = ours.contact_number
               AND (o.may_have_arrived OR o.state = 'answered'
                    OR lower(o.body->>'Name') = lower(ours.name))
              LEFT JOIN res_partner p
                ON p.id = ours.partner_id AND lower(trim(p.name)) = lower(ours.name)
               AND NOT EXISTS (
                   SELECT FROM xero_contact l
                    WHERE l.partner_id = p.id AND l.connection_id = %(connection)s
               )
             WHERE p.id IS NOT NULL OR o.id IS NOT NULL
            """,
            connection=connection.id,
            after=after,
            # No more digits than an id can have.
            number=f"^{prefix(env)}([0-9]{{1,9}})(?:-[0-9]+)?$",
        )
    )
    link(env, [(contact, partner) for contact, partner, _entry in found if partner])
    gone = [contact for contact, partner, _entry in found if not partner]
    ignore(env["xero.contact"].browse(gone))


def ignore(contacts):
    """Leave contacts alone whose customers were deleted here meanwhile."""
    contacts.flush_model()
    contacts.env.execute_query(
        SQL(
            """
            UPDATE xero_contact SET link_state = 'ignored'
             WHERE id = ANY(%s) AND link_state = 'unlinked'
            RETURNING id
            """,
            contacts.ids,
        )
    )
    contacts.invalidate_model(["link_state"], flush=False)
