# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which linked contacts people changed in the CRM, in a field that goes back: found for
all customers at once, by what was last applied."""

from datetime import timedelta

from odoo.tools import SQL

from ..imports.scope import scope_of
from ..mapping.targets import COMPANY

# `now()` of two transactions is not in the order of their commits to the second.
OVERLAP = timedelta(seconds=2)
# Who feeds a customer, and may be changed in Xero.
FEEDS = SQL(
    "c.link_state = 'linked' AND c.is_leading AND NOT c.archived"
    " AND COALESCE(c.merged_to, '') = ''"
)
# What a record holds in a column says it all for these.
_PLAIN = frozenset({"char", "text", "boolean", "many2one"})


def note_changed(connection, planners):
    """Mark the contacts whose customer, or one of whose persons, holds something else
    than was last applied, of those written since the last look."""
    env = connection.env
    now, since = _oldest_open(env), connection.changes_seen_at
    if since:
        for model in ("xero.contact", "xero.contact.person", "res.partner"):
            env[model].flush_model()
        for planner in planners:
            _note(env, planner, since - OVERLAP)
        env["xero.contact"].invalidate_model(["is_back_due"], flush=False)
    connection.changes_seen_at = now


def _oldest_open(env):
    """Since when a transaction is open that may yet write: what it writes bears the
    time of its begin."""
    [[oldest]] = env.execute_query(
        SQL(
            """
            SELECT LEAST(now(), min(xact_start)) AT TIME ZONE 'UTC'
              FROM pg_stat_activity WHERE datname = current_database()
            """
        )
    )
    return oldest.replace(microsecond=0)


def _note(env, planner, since):
    scope = scope_of(planner.profile)
    env.execute_query(
        SQL(
            """
            UPDATE xero_contact SET is_back_due = TRUE
             WHERE is_back_due IS NOT TRUE AND id IN (
                   SELECT c.id
                     FROM %(table)s
                     JOIN res_partner r ON r.id = %(row)s.partner_id
                    WHERE %(scope)s AND %(feeds)s AND %(row)s.link_state = 'linked'
                      AND r.active AND r.write_date >= %(since)s
                      AND (%(differs)s))
            RETURNING id
            """,
            table=scope.table,
            row=scope.row,
            scope=scope.condition,
            feeds=FEEDS,
            since=since,
            differs=SQL(" OR ").join(_differs(planner, scope.row)),
        )
    )


def _differs(planner, row):
    """For each field that goes back, whether the CRM holds what it was given."""
    fields = planner.records._fields
    for name in planner.two_ways.names:
        if fields[name].type not in _PLAIN or fields[name].company_dependent:
            yield SQL("TRUE")
            continue
        column = SQL.identifier("r", name)
        is_text = fields[name].type in ("char", "text")
        yield SQL(
            "COALESCE(to_jsonb(%s), 'null') IS DISTINCT FROM"
            " COALESCE(%s.applied -> %s -> 1, 'null')",
            SQL("NULLIF(%s, '')", column) if is_text else column,
            row,
            name,
        )


def contacts_due(connection, limit):
    """The ids of the contacts that are to be looked at: the marked, and those with an
    entry that was never sent, which may be out of date."""
    connection.env["xero.outbox"].flush_model()
    return [
        row[0]
        for row in connection.env.execute_query(
            SQL(
                """
                SELECT id FROM xero_contact WHERE connection_id = %(connection)s
                   AND is_back_due
                 UNION
                SELECT contact_id FROM xero_outbox
                 WHERE connection_id = %(connection)s AND kind = 'update_contact'
                   AND state = 'waiting' AND COALESCE(attempts, 0) = 0
                   AND contact_id IS NOT NULL
                 LIMIT %(limit)s
                """,
                connection=connection.id,
                limit=limit,
            )
        )
    ]


def looked_at(env, contact_ids):
    """What these contacts have to send is in the outbox."""
    env["xero.contact"].browse(contact_ids).filtered("is_back_due").is_back_due = False


def is_company(planner):
    """Whether a planner's rows are contacts, and not their persons."""
    return planner.target is COMPANY
