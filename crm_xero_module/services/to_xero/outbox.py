# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which entry of the outbox goes when: what is due, and who has to wait for whom."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

# Not over: it will be sent, is being taken over, or waits for a person.
OPEN_STATES = ("waiting", "answered", "failed")
FIRST_PAUSE = 30
LONGEST_PAUSE = 3600
# What a connector may ask for: Xero's day is over by then.
LONGEST_RETRY_AFTER = 24 * 3600
# Longer than the connector takes to answer or to be given up.
SENDING_SECONDS = 60
WRITING_FEATURES = {"draft_invoice": "invoices_write"}

# Of the same customer and older: what is under way, and a customer that is not there.
_GOES_BEFORE = SQL(
    """
    b.connection_id = o.connection_id AND b.id < o.id
    AND bp.commercial_partner_id = p.commercial_partner_id
    AND (b.state IN ('waiting', 'answered')
         OR b.state = 'failed' AND b.kind = 'create_contact')
    """
)


def due(connection, limit):
    """The entries to be sent now, those that people wait for first."""
    found = connection.env.execute_query(
        SQL(
            """
            SELECT o.id
              FROM xero_outbox o
              LEFT JOIN res_partner p ON p.id = o.partner_id
             WHERE o.connection_id = %(connection)s AND o.state = 'waiting'
               -- What Xero has otherwise meanwhile is taken over first.
               AND o.record IS NULL
               AND (o.next_try_at IS NULL OR o.next_try_at <= %(now)s)
               AND (o.sending_until IS NULL OR o.sending_until <= %(now)s)
               AND NOT EXISTS (
                   SELECT FROM xero_outbox b
                     JOIN res_partner bp ON bp.id = b.partner_id
                    WHERE %(before)s
               )
             ORDER BY o.is_automatic, o.id
             LIMIT %(limit)s
            """,
            connection=connection.id,
            now=fields.Datetime.now(),
            before=_GOES_BEFORE,
            limit=limit,
        )
    )
    return connection.env["xero.outbox"].browse(row[0] for row in found)


def answered(connection, limit):
    """The entries whose answer is to be taken over now, the oldest first."""
    return connection.env["xero.outbox"].search(
        [
            ("connection_id", "=", connection.id),
            ("state", "in", ("waiting", "answered")),
            ("record", "!=", False),
            "|",
            ("next_try_at", "=", False),
            ("next_try_at", "<=", fields.Datetime.now()),
        ],
        order="id",
        limit=limit,
    )


def waits_for(entry):
    """The ids of the entries that go before this one, the oldest first."""
    return [
        row[0]
        for row in entry.env.execute_query(
            SQL(
                """
                SELECT b.id
                  FROM xero_outbox o
                  JOIN res_partner p ON p.id = o.partner_id
                  JOIN xero_outbox b ON TRUE
                  JOIN res_partner bp ON bp.id = b.partner_id
                 WHERE o.id = %s AND %s
                 ORDER BY b.id
                """,
                entry.id,
                _GOES_BEFORE,
            )
        )
    ]


def next_try(attempts, retry_after=None):
    """When to try again: after what was asked for, else after a growing pause."""
    seconds = min(FIRST_PAUSE * 2 ** max(attempts - 1, 0), LONGEST_PAUSE)
    if isinstance(retry_after, int | float) and retry_after > 0:
        seconds = min(retry_after, LONGEST_RETRY_AFTER)
    return fields.Datetime.now() + timedelta(seconds=seconds)


def obstacle(entry):
    """The code of what keeps all of this kind from being sent, if anything does."""
    connection = entry.connection_id
    feature = WRITING_FEATURES.get(entry.kind, "contacts_write")
    if connection.state != "connected" or not connection.connector_ref:
        return "not_connected"
    if feature not in (connection.granted_features or []):
        return "writing_not_allowed"
    return None
