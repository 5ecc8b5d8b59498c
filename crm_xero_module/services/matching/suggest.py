# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Suggestions: which customer a contact that is nobody yet may be, and why.

All at once and by SQL: what the two sides have in common (`evidence.py`), how similar
their names are (`names.py`), points, and the three best of each contact. Memory is
PostgreSQL's, whatever the number.
"""

from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .evidence import find_evidence
from .names import find_similar
from .pairing import best_pairing
from .reasons import AGAINST, POINTS, SHOWN
from .tables import drop_tables, make_table
from .who import open_contacts, open_customers

TOP = 3
# Of two whose scores are nearer than this, nobody can say who is more likely.
CLOSE = 5
# The worker does it as often as this; who opens the workbench need not wait.
EVERY = timedelta(minutes=10)
_NOBODY = "0/0"
_MODELS = ("xero.contact", "xero.contact.person", "xero.match", "res.partner")
_TABLES = (
    "contact customer contact_key customer_key evidence contact_name customer_name"
    " contact_piece customer_piece rare similar scored ranked"
).split()


def refresh_matches(connection):
    """Work the suggestions of a connection out anew, if anything changed since; False
    where a run is at work: they are worked out after it."""
    if not connection.try_lock_for_update():
        return False
    seen = _seen(connection)
    if seen != (connection.matches_of or ""):
        suggest(connection)
    connection.write({"matches_of": seen, "matches_at": fields.Datetime.now()})
    return True


def is_stale(connection):
    """Whether contacts or customers changed since the suggestions were worked out."""
    return _seen(connection) != (connection.sudo().matches_of or "")


def matches_due(connection):
    """Whether the worker should look whether they are stale: not while records come
    in, nor each minute."""
    at = connection.matches_at
    if at and fields.Datetime.now() - at < EVERY or connection._open_runs():
        return False
    return bool(connection.matches_of) or _contacts_seen(connection) != _NOBODY


@contextmanager
def kept_fresh(connection):
    """What people decide in here makes no suggestion stale: who is linked is out of
    all of them at once. The caller holds the connection's lock."""
    was_fresh = not is_stale(connection)
    yield
    if was_fresh:
        connection.sudo().matches_of = _seen(connection)


def _seen(connection):
    """What suggestions are worked out of, in two numbers for each side; "" where there
    is nobody to be matched."""
    contacts = _contacts_seen(connection)
    if contacts == _NOBODY:
        return ""
    at = SQL("extract(epoch FROM p.write_date) * 1000000")
    customers = _fingerprint(
        connection.env, SQL("res_partner p"), at, open_customers(connection)
    )
    return f"{contacts} {customers}"


def _contacts_seen(connection):
    for model in _MODELS:
        connection.env[model].flush_model()
    return _fingerprint(
        connection.env,
        SQL("xero_contact c"),
        SQL("change_seq"),
        open_contacts(connection),
    )


def _fingerprint(env, table, column, condition):
    [[count, total]] = env.execute_query(
        SQL(
            "SELECT count(*), COALESCE(sum(%s), 0)::numeric(40, 0) FROM %s WHERE %s",
            column,
            table,
            condition,
        )
    )
    return f"{count}/{total}"


def suggest(connection):
    """Work the suggestions out, whatever changed."""
    env = connection.env
    for model in _MODELS:
        env[model].flush_model()
    find_evidence(connection)
    find_similar(env)
    make_table(env, "scored", _scored())
    _leave_archived(env)
    make_table(env, "ranked", _ranked())
    _prefer(env, best_pairing(env))
    _save(connection)
    drop_tables(env, *_TABLES)
    env["xero.match"].invalidate_model(flush=False)


def _scored():
    """(contact, customer, score, reasons) of all pairs that are likely enough and that
    nobody refused."""
    return SQL(
        """
        WITH found AS (
            SELECT contact, customer, code, value FROM xm_evidence
             UNION ALL
            SELECT contact, customer, 'name', percent::text FROM xm_similar
        ), pointed AS (
            SELECT found.*, a.vat AS own, b.vat AS other,
                   points * CASE code WHEN 'name' THEN value::int / 100.0 ELSE 1 END
                   / 100.0 AS points
              FROM found
              JOIN (VALUES %(points)s) AS worth(code, points) USING (code)
              JOIN xm_contact a ON a.id = contact
              JOIN xm_customer b ON b.id = customer
             WHERE code != 'vat' OR %(one_country)s
        ), scored AS (
            SELECT contact, customer, min(own) AS own, min(other) AS other,
                   100 * (1 - %(doubt)s) AS score,
                   jsonb_agg(jsonb_build_array(
                       code, CASE code WHEN 'name' THEN to_jsonb(value::int)
                                       ELSE to_jsonb(value) END
                   ) ORDER BY points DESC, code) FILTER (WHERE NOT %(implied)s)
                       AS reasons,
                   bool_or(code = 'xero_id') AS is_sure
              FROM (
                SELECT *, bool_or(code IN ('email', 'website')) OVER (
                           PARTITION BY contact, customer) AS has_closer
                  FROM pointed
              ) AS each
             GROUP BY 1, 2
        ), doubted AS (
            SELECT contact, customer,
                   CASE WHEN speaks_against THEN score * %(against)s / 100
                        ELSE score END AS score,
                   CASE WHEN speaks_against
                        THEN reasons || '[["other_vat", false]]' ELSE reasons
                   END AS reasons
              FROM (
                SELECT *, NOT is_sure AND own IS NOT NULL AND other IS NOT NULL
                          AND %(other_vat)s AS speaks_against
                  FROM scored
              ) AS seen
        )
        SELECT contact, customer, round(score)::int AS score, reasons
          FROM doubted
         WHERE round(score) >= %(shown)s
           AND NOT EXISTS (
               SELECT FROM xero_match never
                WHERE never.contact_id = contact AND never.partner_id = customer
                  AND never.state = 'never')
        """,
        points=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in POINTS.items()),
        doubt=_doubt(),
        implied=_IMPLIED,
        one_country=_ONE_COUNTRY,
        other_vat=_OTHER_VAT,
        against=AGAINST["other_vat"],
        shown=SHOWN,
    )


# Where the same address or website is found, the domain says nothing more.
_IMPLIED = SQL("(code = 'domain' AND has_closer)")
_COUNTRY_OF = "substring({} FROM '^([a-z]{{2}})(?=.*[0-9])')"
# The same number in two countries is not the same.
_ONE_COUNTRY = SQL(
    f"""
    COALESCE({_COUNTRY_OF.format("a.vat")}
             = COALESCE({_COUNTRY_OF.format("b.vat")}, b.country), TRUE)
    """
)
_OTHER_VAT = SQL(
    "regexp_replace(own, '^[a-z]{2}(?=.*[0-9])', '')"
    " != regexp_replace(other, '^[a-z]{2}(?=.*[0-9])', '')"
)


def _doubt():
    """What is left of the doubt after all reasons."""
    return SQL(" * ").join(
        SQL(
            "(1 - COALESCE(max(points) FILTER (WHERE code = %s AND NOT %s), 0))",
            code,
            _IMPLIED,
        )
        for code in POINTS
    )


def _leave_archived(env):
    """Who is archived in Xero is suggested only where no other contact is."""
    env.cr.execute(
        """
        DELETE FROM xm_scored USING xm_contact a
         WHERE a.id = xm_scored.contact AND a.archived
           AND EXISTS (
               SELECT FROM xm_scored other JOIN xm_contact b ON b.id = other.contact
                WHERE other.customer = xm_scored.customer AND NOT b.archived)
        """
    )


def _ranked():
    """The best of each contact. `is_clear` says that neither the contact nor the
    customer has another one that is nearly as likely."""
    return SQL(
        """
        SELECT contact, customer, score, reasons, place::int AS rank,
               place = 1 AND NOT %(near_contact)s AND NOT %(near_customer)s AS is_clear
          FROM (
            SELECT *,
                   row_number() OVER (
                       PARTITION BY contact ORDER BY score DESC, customer) AS place,
                   count(*) OVER by_contact AS of_contact,
                   max(score) OVER by_contact AS best_of_contact,
                   max(score) OVER by_customer AS best_of_customer,
                   nth_value(score, 2) OVER by_contact AS next_of_contact,
                   nth_value(score, 2) OVER by_customer AS next_of_customer
              FROM xm_scored
            WINDOW by_contact AS (
                       PARTITION BY contact ORDER BY score DESC
                       ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING),
                   by_customer AS (
                       PARTITION BY customer ORDER BY score DESC
                       ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
          ) AS placed
         WHERE place <= %(top)s
        """,
        near_contact=SQL("COALESCE(score - next_of_contact < %s, FALSE)", CLOSE),
        near_customer=SQL(
            "(score < best_of_customer"
            " OR COALESCE(score - next_of_customer < %s, FALSE))",
            CLOSE,
        ),
        top=TOP,
    )


def _prefer(env, preferred):
    """Let these pairs come first among those of the same contact."""
    if not preferred:
        return
    env.cr.execute(
        SQL(
            """
            UPDATE xm_ranked AS r SET rank = CASE
                   WHEN r.customer = p.customer THEN 1
                   WHEN r.rank < mine.rank THEN r.rank + 1 ELSE r.rank END
              FROM unnest(%s, %s) AS p(contact, customer)
              JOIN xm_ranked mine
                ON mine.contact = p.contact AND mine.customer = p.customer
             WHERE r.contact = p.contact
            """,
            [contact for contact, _customer in preferred],
            [customer for _contact, customer in preferred],
        )
    )


def _save(connection):
    """Keep what is the same, as people may be looking at it."""
    connection.env.cr.execute(
        SQL(
            """
            DELETE FROM xero_match m
             WHERE m.connection_id = %s AND m.state = 'open'
               AND NOT EXISTS (
                   SELECT FROM xm_ranked r
                    WHERE r.contact = m.contact_id AND r.customer = m.partner_id)
            """,
            connection.id,
        )
    )
    connection.env.cr.execute(
        SQL(
            """
            INSERT INTO xero_match AS old (
                connection_id, company_id, contact_id, partner_id, score, rank,
                is_clear, reasons, state
            )
            SELECT %s, %s, contact, customer, score, rank, is_clear, reasons, 'open'
              FROM xm_ranked
             ORDER BY contact, rank
            ON CONFLICT (contact_id, partner_id) DO UPDATE
               SET score = EXCLUDED.score, rank = EXCLUDED.rank,
                   is_clear = EXCLUDED.is_clear, reasons = EXCLUDED.reasons
             WHERE old.state = 'open'
               AND (old.score, old.rank, old.is_clear, old.reasons) IS DISTINCT FROM
                   (EXCLUDED.score, EXCLUDED.rank, EXCLUDED.is_clear, EXCLUDED.reasons)
            """,
            connection.id,
            connection.company_id.id,
        )
    )
