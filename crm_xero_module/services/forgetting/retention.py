# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lets go of what is over and old: runs, previews, what was sent, who did what, and
the days between the ends of months.

Rows are deleted by sets, a few thousand a statement and a commit after each, so that
a death in between leaves nothing half-known and memory stays flat. What somebody still
has to decide stays, and so does what the product goes by: lines that are open or
ignored, the last run of each kind and outcome, and what tells that a customer or an
invoice was made in Xero once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

BATCH = 5000
# Above, a date would leave the calendar.
LONGEST_DAYS = 36500


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing, and for how long it is kept.

    :param name: of the system parameter that holds the days; 0 is for ever
    :param days: where nobody chose
    :param let_go: called with the environment and the first moment that is kept;
        deletes in batches and yields how many rows each took
    """

    name: str
    days: int
    let_go: Callable

    @property
    def parameter(self):
        return f"crm_xero_module.kept_{self.name}"

    def chosen_days(self, env):
        """The days to keep it; 0 is for ever."""
        text = env["ir.config_parameter"].sudo().get_param(self.parameter)
        try:
            days = int(text or self.days)
        except ValueError:
            days = self.days
        return min(max(days, 0), LONGEST_DAYS)

    def choose(self, env, days):
        """Keep it for so many days; 0 is for ever."""
        text = str(min(max(days, 0), LONGEST_DAYS))
        env["ir.config_parameter"].sudo().set_param(self.parameter, text)


def let_go_of_old(env, commit, now=None):
    """Delete all that is kept no longer; whether time ended before that.

    :param commit: called with the number of rows after each batch; it commits, and
        returns the seconds that are left
    :param now: naive UTC, the present by default
    """
    now = now or fields.Datetime.now()
    env.flush_all()
    for kept in KEPT:
        days = kept.chosen_days(env)
        if not days:
            continue
        for deleted in kept.let_go(env, now - timedelta(days=days)):
            if not commit(deleted):
                return True
    env.invalidate_all(flush=False)
    return False


def _in_batches(env, statement):
    """Run a statement that takes at most `BATCH` rows until none is left."""
    taken = BATCH
    while taken == BATCH:
        env.cr.execute(statement)
        taken = env.cr.rowcount
        yield taken


# Previews


def _let_go_of_previews(env, before):
    over = SQL(
        """
        NOT s.is_open AND s.kind = 'preview' AND s.create_date < %s
        AND NOT EXISTS (
            SELECT FROM xero_sync done WHERE done.preview_id = s.id AND done.is_open
        )
        """,
        before,
    )
    # First it can be done no more, then its lines go: never is a part of it done.
    for statement in (
        SQL(
            """
            UPDATE xero_sync SET are_lines_gone = TRUE
             WHERE id IN (
                   SELECT s.id FROM xero_sync s
                    WHERE %s AND s.are_lines_gone IS NOT TRUE
                    LIMIT %s FOR UPDATE SKIP LOCKED
             )
            """,
            over,
            BATCH,
        ),
        SQL(
            """
            DELETE FROM xero_sync_line
             WHERE id IN (
                   SELECT l.id FROM xero_sync s JOIN xero_sync_line l
                       ON l.sync_id = s.id AND l.state = 'preview'
                    WHERE %s LIMIT %s
             )
            """,
            over,
            BATCH,
        ),
        SQL(
            """
            DELETE FROM xero_sync
             WHERE id IN (
                   SELECT s.id FROM xero_sync s
                    WHERE %s AND s.are_lines_gone
                      AND NOT EXISTS (
                          SELECT FROM xero_sync done WHERE done.preview_id = s.id
                      )
                      AND NOT EXISTS (
                          SELECT FROM xero_import_profile p WHERE p.last_sync_id = s.id
                      )
                    LIMIT %s FOR UPDATE SKIP LOCKED
             )
            """,
            over,
            BATCH,
        ),
    ):
        yield from _in_batches(env, statement)


# Runs


def _let_go_of_runs(env, before):
    over = SQL(
        """
        NOT s.is_open AND s.kind <> 'preview'
        AND COALESCE(s.finished_at, s.create_date) < %s
        AND s.id NOT IN (
            SELECT max(id) FROM xero_sync
             GROUP BY connection_id, kind, profile_id, state
        )
        AND NOT EXISTS (
            SELECT FROM xero_import_profile p WHERE p.last_sync_id = s.id
        )
        """,
        before,
    )
    for statement in (
        # An ignored line keeps its problem from being told again.
        SQL(
            """
            DELETE FROM xero_sync_line
             WHERE id IN (
                   SELECT l.id FROM xero_sync s JOIN xero_sync_line l
                       ON l.sync_id = s.id AND l.state NOT IN ('open', 'ignored')
                    WHERE %s LIMIT %s FOR UPDATE OF l SKIP LOCKED
             )
            """,
            over,
            BATCH,
        ),
        SQL(
            """
            DELETE FROM xero_sync
             WHERE id IN (
                   SELECT s.id FROM xero_sync s
                    WHERE %s
                      AND NOT EXISTS (
                          SELECT FROM xero_sync_line l WHERE l.sync_id = s.id
                      )
                    LIMIT %s FOR UPDATE SKIP LOCKED
             )
            """,
            over,
            BATCH,
        ),
    ):
        yield from _in_batches(env, statement)


# What was sent, and who did what


def _let_go_of_sent(env, before):
    # A customer goes to Xero by itself once, and a reference is used once: what tells
    # so stays as long as there is something to tell it of.
    yield from _in_batches(
        env,
        SQL(
            """
            DELETE FROM xero_outbox
             WHERE id IN (
                   SELECT id FROM xero_outbox
                    WHERE state IN ('done', 'cancelled')
                      AND COALESCE(done_at, write_date) < %s
                      AND NOT (kind = 'create_contact' AND partner_id IS NOT NULL)
                      AND NOT (kind = 'draft_invoice' AND lead_id IS NOT NULL)
                    LIMIT %s FOR UPDATE SKIP LOCKED
             )
            """,
            before,
            BATCH,
        ),
    )


def _let_go_of_activities(env, before):
    yield from _in_batches(
        env,
        SQL(
            """
            DELETE FROM xero_audit
             WHERE id IN (SELECT id FROM xero_audit WHERE at < %s LIMIT %s)
            """,
            before,
            BATCH,
        ),
    )


# Receivables of a day


def _let_go_of_days(env, before):
    """A day goes whole, else what it says would be wrong; the last of a month stays."""
    days = env.execute_query(
        SQL(
            """
            SELECT connection_id, day
              FROM (
                   SELECT connection_id, day, max(day) OVER (
                              PARTITION BY connection_id, date_trunc('month', day)
                          ) AS last_day
                     FROM (
                          SELECT DISTINCT connection_id, day
                            FROM xero_receivable_snapshot
                     ) AS kept
              ) AS kept
             WHERE day < %s AND day <> last_day
             ORDER BY day, connection_id
            """,
            before.date(),
        )
    )
    for connection_id, day in days:
        env.cr.execute(
            SQL(
                """
                DELETE FROM xero_receivable_snapshot
                 WHERE connection_id = %s AND day = %s
                """,
                connection_id,
                day,
            )
        )
        yield env.cr.rowcount


# Previews go before the runs that did them, for these keep them.
KEPT = (
    Kept("previews", 7, _let_go_of_previews),
    Kept("runs", 90, _let_go_of_runs),
    Kept("sent", 365, _let_go_of_sent),
    Kept("activities", 730, _let_go_of_activities),
    Kept("days", 730, _let_go_of_days),
)
