# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Compares what the mirror's documents leave open with the balances that Xero gives of
each contact (`Balances.AccountsReceivable`, in the base currency), and finds why they
differ.

Xero's balance is of the moment when the contact was read. It moves with every document
without the contact being told as changed (Xero's page on Contacts), so most differences
only say that the documents are newer.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from odoo.tools import SQL

from ..mirror.base_amounts import base_amount
from .days import local_now, today_of
from .ledger import is_overdue, open_documents

CENT = 0.005


@dataclass
class Difference:
    """One contact whose balance is not what its documents leave open.

    `code` says why (`services/reasons.py`), `details` what the words name.
    """

    contact_id: int | None
    contact_xero_id: str
    name: str
    our_outstanding: float
    xero_outstanding: float
    our_overdue: float
    xero_overdue: float
    code: str
    details: dict = field(default_factory=dict)


@dataclass
class Comparison:
    """All contacts of which either side says that something is open."""

    day: date
    compared: int
    agreeing: int
    our_outstanding: float
    xero_outstanding: float
    our_overdue: float
    xero_overdue: float
    differences: list


def compare(connection, now=None):
    """The `Comparison` of an organisation, as of its today.

    The caller sees to it that the reader may read the connection.
    """
    env = connection.env
    env["xero.connection"].flush_model(["base_currency", "rate_direction", "timezone"])
    today = today_of(connection, now)
    [row] = env.execute_query_dict(_query(connection, now))
    facts = sorted(row.pop("facts") or (), key=lambda one: -abs(one["differs_by"]))
    return Comparison(
        day=today,
        differences=[_difference(one) for one in facts],
        **row,
    )


def _difference(facts):
    code, details = next(found for check in _CHECKS if (found := check(facts)))
    names = Difference.__dataclass_fields__
    return Difference(
        code=code,
        details=details,
        **{name: facts[name] for name in names if name in facts},
    )


# Why: the first that holds is told. Each gives (code, details), or nothing.


def _contact_missing(facts):
    return not facts["contact_id"] and ("balance_contact_missing", {})


def _older_than_documents(facts):
    return facts["is_older"] and ("balance_older", {})


def _day_has_passed(facts):
    """More is overdue by our today than on the day on which the balance was read."""
    read_at = facts["read_at"]
    same = abs(facts["our_outstanding"] - facts["xero_outstanding"]) < CENT
    then = facts["overdue_when_read"]
    if same and read_at and abs(then - facts["xero_overdue"]) < CENT:
        return "balance_of_earlier_day", {}
    return None


def _not_converted(facts):
    amounts = defaultdict(float)
    for code, amount in facts["unconverted"] or ():
        amounts[code] += amount
    return amounts and ("balance_not_converted", {"amounts": dict(amounts)})


def _rates_contradicted(facts):
    """The other direction of Xero's rates would give what Xero says."""
    other = facts["other_outstanding"]
    if facts["foreign_count"] and abs(other - facts["xero_outstanding"]) < _cents(
        facts
    ):
        return "balance_rates_contradicted", {}
    return None


def _rounding(facts):
    most = max(
        abs(facts["our_outstanding"] - facts["xero_outstanding"]),
        abs(facts["our_overdue"] - facts["xero_overdue"]),
    )
    return facts["foreign_count"] and most < _cents(facts) and ("balance_cents", {})


def _future_payments(facts):
    """Xero's balance leaves out, or takes in, what is dated after today."""
    by = facts["xero_outstanding"] - facts["our_outstanding"]
    later = facts["settled_later"]
    return later and abs(abs(by) - later) < CENT and ("balance_future", {})


def _credit_missing(facts):
    """Xero says less, and as much of it overdue: only credits do that."""
    less = facts["our_outstanding"] - facts["xero_outstanding"]
    same = abs(facts["our_overdue"] - facts["xero_overdue"]) < CENT
    return same and less > CENT and ("balance_credit_missing", {})


def _unexplained(_facts):
    return "balance_unexplained", {}


# What the amounts prove comes before what may be.
_CHECKS = (
    _contact_missing,
    _not_converted,
    _rates_contradicted,
    _rounding,
    _day_has_passed,
    _future_payments,
    _older_than_documents,
    _credit_missing,
    _unexplained,
)


def _cents(facts):
    """What rounding each document in another currency may come to."""
    return 0.01 * facts["foreign_count"] + CENT


def _query(connection, now):
    return SQL(
        """
        WITH facts AS MATERIALIZED (%(facts)s), judged AS (
            SELECT facts.*,
                   GREATEST(abs(our_outstanding - xero_outstanding),
                            abs(our_overdue - xero_overdue)) AS differs_by
              FROM facts
        ), told AS (
            SELECT *, differs_by >= %(cent)s OR unconverted IS NOT NULL AS differs
              FROM judged
        )
        SELECT count(*) AS compared,
               count(*) FILTER (WHERE NOT differs) AS agreeing,
               COALESCE(sum(our_outstanding), 0)::float AS our_outstanding,
               COALESCE(sum(xero_outstanding), 0)::float AS xero_outstanding,
               COALESCE(sum(our_overdue), 0)::float AS our_overdue,
               COALESCE(sum(xero_overdue), 0)::float AS xero_overdue,
               json_agg(to_json(told)) FILTER (WHERE differs) AS facts
          FROM told
        """,
        facts=_facts(connection, now),
        cent=CENT,
    )


def _facts(connection, now):
    """SQL of the contacts of which something is open on either side, with what the
    reasons are told by."""
    return SQL(
        """
        SELECT c.id AS contact_id, COALESCE(c.xero_id, ours.xero_id) AS contact_xero_id,
               COALESCE(c.name, ours.name) AS name, c.read_at,
               COALESCE(ours.outstanding, 0) AS our_outstanding,
               COALESCE(ours.overdue, 0) AS our_overdue,
               COALESCE(c.receivable_outstanding, 0) AS xero_outstanding,
               COALESCE(c.receivable_overdue, 0) AS xero_overdue,
               COALESCE(ours.other_outstanding, 0) AS other_outstanding,
               COALESCE(ours.foreign_count, 0) AS foreign_count,
               COALESCE(ours.overdue_when_read, 0) AS overdue_when_read,
               ours.unconverted, COALESCE(settled.later, 0) AS settled_later,
               COALESCE(settled.changed_at > c.read_at, FALSE) AS is_older
          FROM (
            SELECT * FROM xero_contact WHERE connection_id = %(connection)s
          ) AS c
          FULL JOIN (%(ours)s) AS ours ON ours.contact_id = c.id
          LEFT JOIN (%(settled)s) AS settled ON settled.contact_id = c.id
         WHERE ours.outstanding IS NOT NULL OR c.receivable_outstanding != 0
            OR c.receivable_overdue != 0
        """,
        connection=connection.id,
        ours=_ours(connection, now),
        settled=_settled(connection, today_of(connection, now)),
    )


def _ours(connection, now):
    """SQL of what the documents leave open, by contact; by the ContactID where the
    contact has not come."""
    return SQL(
        """
        SELECT d.contact_id, min(d.contact_xero_id) AS xero_id,
               min(d.contact_name) AS name,
               COALESCE(sum(d.base_open), 0) AS outstanding,
               COALESCE(sum(d.base_open) FILTER (WHERE d.is_overdue), 0) AS overdue,
               COALESCE(sum(d.base_open) FILTER (WHERE d.kind = 'invoice'
                    AND COALESCE(d.due_date, d.date) < d.day_when_read
               ), 0) AS overdue_when_read,
               sum(COALESCE(%(other)s, d.base_open)) AS other_outstanding,
               count(*) FILTER (WHERE d.currency_code != d.base_code) AS foreign_count,
               json_agg(json_build_array(d.currency_code, d.open))
                    FILTER (WHERE d.base_open IS NULL) AS unconverted
          FROM (%(documents)s) AS d
         GROUP BY d.contact_id,
                  CASE WHEN d.contact_id IS NULL THEN d.contact_xero_id END
        """,
        # By the rates' other direction.
        other=base_amount(SQL("d.open"), SQL("1")),
        documents=_documents(connection, now),
    )


def _documents(connection, now):
    other = {"divide": "multiply", "multiply": "divide"}
    return SQL(
        """
        SELECT l.*, t.contact_xero_id, t.contact_name,
               %(overdue)s AS is_overdue, %(base_code)s AS base_code,
               %(direction)s AS direction,
               (c.read_at + %(offset)s)::date AS day_when_read
          FROM (%(ledger)s) AS l
          JOIN xero_transaction t ON t.id = l.transaction_id
          LEFT JOIN xero_contact c ON c.id = l.contact_id
        """,
        overdue=is_overdue(),
        base_code=connection.base_currency or "",
        direction=other.get(connection.rate_direction),
        # Of today: where clocks were changed since, an hour of that day is wrong.
        offset=local_now(connection.timezone, now).utcoffset(),
        ledger=open_documents(connection, now=now),
    )


def _settled(connection, today):
    """SQL of when documents of a contact last changed at Xero, and of what settles
    them after today."""
    return SQL(
        """
        SELECT t.contact_id, max(t.updated_at) AS changed_at,
               sum(later.amount * CASE WHEN t.currency_code = %(base_code)s THEN 1 END)
                    AS later
          FROM xero_transaction t
          LEFT JOIN (
            SELECT transaction_id, sum(amount) AS amount FROM xero_allocation
             WHERE connection_id = %(connection)s AND date > %(today)s
             GROUP BY transaction_id
          ) AS later ON later.transaction_id = t.id
         WHERE t.connection_id = %(connection)s AND t.contact_id IS NOT NULL
         GROUP BY t.contact_id
        """,
        connection=connection.id,
        base_code=connection.base_currency or "",
        today=today,
    )
