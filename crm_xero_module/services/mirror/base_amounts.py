# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Amounts of documents in the organisation's base currency.

They are signed, so that they add up: negative on credits. A foreign document has none
until the direction of Xero's rates is proven (`services/sales/rates.py`).
"""

from odoo.tools import SQL

from .owners import touch_all_figures

# Of a document, to the cent; of a line finer, so that its lines add up to it.
CENTS, FINER = 2, 4
_MODELS = ("xero.transaction", "xero.transaction.line", "xero.item")
SIGN = SQL("CASE WHEN d.kind = 'invoice' THEN 1 ELSE -1 END")
# Drafts owe nothing, nor does what was voided.
DUE = SQL("CASE WHEN d.status = 'AUTHORISED' THEN d.open_amount ELSE 0 END")


def base_amount(amount, sign, digits=CENTS):
    """The SQL of an amount of document `d` in the base currency, of which
    `base_code` and `direction` are known; NULL where no rate is proven."""
    return SQL(
        """
        %(sign)s * CASE
            WHEN d.currency_code = base_code THEN %(amount)s
            WHEN d.currency_rate IS NULL OR d.currency_rate = 0 THEN NULL
            WHEN direction = 'divide'
            THEN round(%(amount)s / d.currency_rate, %(digits)s)
            WHEN direction = 'multiply'
            THEN round(%(amount)s * d.currency_rate, %(digits)s)
        END
        """,
        sign=sign,
        amount=amount,
        digits=digits,
    )


def document_amounts():
    """The SQL of base_sub_total, base_total and base_open of document `d`."""
    amounts = SQL("d.sub_total"), SQL("d.total"), DUE
    return SQL(", ").join(base_amount(amount, SIGN) for amount in amounts)


def line_amount(net_amount):
    """The SQL of base_net of a line of document `d`."""
    return base_amount(net_amount, SIGN, FINER)


def rates_of(connection):
    """The SQL of a row `rates` of base_code and direction, for the functions above."""
    return SQL(
        "(SELECT %s::text AS base_code, %s::text AS direction) AS rates",
        connection.base_currency or "",
        connection.rate_direction,
    )


def rewrite_base_amounts(connection):
    """Work the base amounts out again of documents in other currencies, and of their
    lines, after the direction of rates or the base currency changed; twice changes
    nothing more. Figures become stale. The caller holds the connection's lock."""
    env = connection.env
    for name in _MODELS:
        env[name].flush_model()
    env["xero.connection"].flush_model()
    _rewrite_documents(connection)
    _rewrite_lines(connection)
    _rewrite_items(connection)
    touch_all_figures(connection)
    for name in _MODELS:
        env[name].invalidate_model(flush=False)


def _rewrite_documents(connection):
    connection.env.cr.execute(
        SQL(
            """
            UPDATE xero_transaction t
               SET base_currency_id = new.currency, base_sub_total = new.sub_total,
                   base_total = new.total, base_open = new.open
              FROM (
                   SELECT d.id, base.id, %(amounts)s
                     FROM xero_transaction d
                    CROSS JOIN %(rates)s
                     LEFT JOIN res_currency base ON base.name = rates.base_code
                    WHERE d.connection_id = %(connection)s
              ) AS new(id, currency, sub_total, total, open)
             WHERE t.id = new.id
               AND (t.base_currency_id, t.base_sub_total, t.base_total, t.base_open)
                   IS DISTINCT FROM
                   (new.currency, new.sub_total, new.total, new.open)
            """,
            amounts=document_amounts(),
            rates=rates_of(connection),
            connection=connection.id,
        )
    )


def _rewrite_lines(connection):
    connection.env.cr.execute(
        SQL(
            """
            UPDATE xero_transaction_line l
               SET base_net = %(amount)s
              FROM xero_transaction d
             CROSS JOIN %(rates)s
             WHERE l.transaction_id = d.id AND d.connection_id = %(connection)s
               AND l.base_net IS DISTINCT FROM %(amount)s
            """,
            amount=line_amount(SQL("l.net_amount")),
            rates=rates_of(connection),
            connection=connection.id,
        )
    )


def _rewrite_items(connection):
    """Their prices are in the base currency."""
    connection.env.cr.execute(
        """
        UPDATE xero_item i
           SET currency_id = base.id
          FROM xero_connection c
          LEFT JOIN res_currency base ON base.name = c.base_currency
         WHERE c.id = %s AND i.connection_id = c.id
           AND i.currency_id IS DISTINCT FROM base.id
        """,
        [connection.id],
    )
