# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Proves which way Xero's currency rates go, and watches that it stays so.

Xero's documents do not say whether base = amount / CurrencyRate or amount ×
CurrencyRate. But Xero gives what each contact owes in
the base currency (`Balances`): where a contact has open documents in another currency,
one of the two directions comes to that balance, and the other does not.
"""

from odoo.tools import SQL

from .ledger import open_documents

DIRECTIONS = ("divide", "multiply")
# Who agrees to the cent counts as three who agree about: Xero may have converted by
# the rate of another day.
TO_THE_CENT, ABOUT = 3, 1
# So much proves, and so many times what speaks for the other direction.
ENOUGH, MAJORITY = 3, 9


def check_rates(connection, now=None):
    """Compare the balances with both directions, and keep what they say on the
    connection. What is proven is used from then on: a direction that a person or an
    earlier proof gave is only doubted. The caller holds the connection's lock.

    :return: the votes, as `rate_votes` of the connection keeps them
    """
    votes = count_votes(connection, now)
    proven = proven_direction(votes)
    values = {"rate_votes": votes if any(votes.values()) else False}
    if connection.rate_direction == "unproven" and proven:
        values["rate_direction"] = proven
    if any(connection[name] != value for name, value in values.items()):
        connection.write(values)
    return votes


def proven_direction(votes):
    """The direction that has a clear majority, None where none has."""
    for direction, other in (DIRECTIONS, DIRECTIONS[::-1]):
        if votes[direction] >= max(ENOUGH, MAJORITY * votes[other]):
            return direction
    return None


def count_votes(connection, now=None):
    """{direction: weight of the contacts whose balance it comes to, `neither`: how
    many contacts speak for none}.

    Only contacts count whose balance is younger than every change of their documents,
    whose foreign documents all have a rate, and to which it makes a difference.
    """
    for model in ("xero.connection", "xero.contact", "xero.transaction"):
        connection.env[model].flush_model()
    [[divide, multiply, neither]] = connection.env.execute_query(
        SQL(
            """
            SELECT COALESCE(sum(divides), 0), COALESCE(sum(multiplies), 0),
                   count(*) FILTER (WHERE divides = 0 AND multiplies = 0)
              FROM (
                SELECT %(divide)s AS divides, %(multiply)s AS multiplies
                  FROM (%(contacts)s) AS compared
                 WHERE abs(divide - multiply) > 10 * cents
              ) AS votes
            """,
            divide=_vote("divide", "multiply"),
            multiply=_vote("multiply", "divide"),
            contacts=_compared(connection, now),
        )
    )
    return {"divide": divide, "multiply": multiply, "neither": neither}


def _vote(this, other):
    """SQL of what a contact says for a direction: its balance is near what this one
    comes to, and the other one is far off."""
    off = SQL("abs(%s - balance)", SQL.identifier(this))
    far = SQL("abs(%s - balance)", SQL.identifier(other))
    return SQL(
        """
        CASE WHEN %(far)s <= 5 * (%(off)s + cents) THEN 0
             WHEN %(off)s <= cents THEN %(to_the_cent)s
             WHEN %(off)s <= abs(%(this)s - own) / 10 THEN %(about)s
             ELSE 0
        END
        """,
        off=off,
        far=far,
        this=SQL.identifier(this),
        to_the_cent=TO_THE_CENT,
        about=ABOUT,
    )


def _compared(connection, now):
    """SQL of each contact's balance, what is open in the base currency (`own`), what
    all comes to by both directions, and how much rounding may make (`cents`)."""
    return SQL(
        """
        SELECT c.receivable_outstanding AS balance, sums.*
          FROM (
            SELECT l.contact_id,
                   COALESCE(sum(l.open) FILTER (WHERE %(is_own)s), 0) AS own,
                   sum(CASE WHEN %(is_own)s THEN l.open
                            ELSE round(l.open / l.currency_rate, 2) END) AS divide,
                   sum(CASE WHEN %(is_own)s THEN l.open
                            ELSE round(l.open * l.currency_rate, 2) END) AS multiply,
                   0.01 * count(*) AS cents
              FROM (%(open)s) AS l
             WHERE l.contact_id IS NOT NULL
             GROUP BY l.contact_id
            HAVING bool_or(NOT %(is_own)s)
               AND bool_and(%(is_own)s OR l.currency_rate > 0)
          ) AS sums
          JOIN xero_contact c ON c.id = sums.contact_id
         WHERE c.receivable_outstanding != 0
           AND NOT EXISTS (
            SELECT FROM xero_transaction t
             WHERE t.contact_id = c.id AND t.updated_at > c.read_at
           )
        """,
        is_own=SQL(
            "l.currency_code IS NOT DISTINCT FROM %s", connection.base_currency or ""
        ),
        open=open_documents(connection, now=now),
    )
