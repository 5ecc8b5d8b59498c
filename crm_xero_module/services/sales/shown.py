# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Figures as screens show them: of a partner, one set for each organisation.

A partner's figures are those of all Xero contacts that are linked to its company, or
to one of the company's persons and branches. They stay apart by organisation: nothing
is added up across currencies.
"""

from collections import defaultdict

from odoo.tools import SQL

from .days import local_day

_SUMS = (
    "sales_this_year",
    "sales_last_year",
    "sales_same_days",
    "outstanding",
    "overdue",
    "current",
    "days_1_30",
    "days_31_60",
    "days_61_90",
    "days_over_90",
    "credits",
    "open_count",
    "overdue_count",
    "invoice_count",
    "paid_count",
)


def figures_of(partners):
    """The figures that each of these partners shows, in one SQL.

    Only organisations of the allowed companies (`env.companies`) are told of. The
    caller sees to it that the reader may read figures.

    :return: {partner id: [{…}, …]}, the organisations by name; a partner without
        figures has an empty list. A dict has the fields of `xero.customer.figures`
        summed (`days_to_pay` is the mean, None without `paid_count`), and

        - connection_id, company_id (of res.company), organisation (its name),
          contact_ids (of xero.contact)
        - currency_id (None where Odoo lacks it) and currency_code of base
        - overdue_days: how long the oldest overdue invoice is, None where none is
        - unconverted: {currency code: {figure: amount}}, what the sums leave out
    """
    found = {partner_id: [] for partner_id in partners.ids}
    if not found:
        return found
    env = partners.env
    _flush(env)
    for row in env.execute_query_dict(
        SQL(
            """
            SELECT p.id AS partner_id, figures.*, o.name AS organisation, o.timezone,
                   o.base_currency AS currency_code, y.id AS currency_id
              FROM res_partner p
              JOIN (%(sums)s) AS figures ON figures.company = p.commercial_partner_id
              JOIN xero_connection o ON o.id = figures.connection_id
              LEFT JOIN res_currency y ON y.name = o.base_currency
             WHERE p.id = ANY(%(partners)s)
             ORDER BY o.name, o.id
            """,
            sums=_sums(
                env,
                SQL(
                    """linked.commercial_partner_id IN (
                        SELECT commercial_partner_id FROM res_partner
                         WHERE id = ANY(%s)
                    )""",
                    list(found),
                ),
            ),
            partners=list(found),
        )
    ):
        found[row.pop("partner_id")].append(_shown(row))
    return found


def partners_where(env, condition, among=None):
    """SQL of the ids of the partners, companies and their persons, one of whose
    organisations meets a condition: `[("id", "in", partners_where(…))]`.

    :param SQL condition: on `figures`, which has what `figures_of` sums, connection_id,
        company_id (of res.company), oldest_due and last_purchase
    :param SQL among: on rows `f` of xero_customer_figures: those left out add nothing
        to what the condition is on
    """
    _flush(env)
    return SQL(
        """
        SELECT p.id FROM res_partner p
         WHERE p.commercial_partner_id IN (
            SELECT figures.company FROM (%s) AS figures WHERE %s
         )
        """,
        _sums(env, among or SQL("TRUE")),
        condition,
    )


def _sums(env, condition):
    """SQL of the figures by company (the commercial partner) and organisation, of the
    `linked` partners that meet a condition."""
    return SQL(
        """
        SELECT linked.commercial_partner_id AS company, f.connection_id, f.company_id,
               %(sums)s,
               max(f.last_purchase) AS last_purchase, min(f.oldest_due) AS oldest_due,
               sum(f.days_to_pay * f.paid_count) / NULLIF(sum(f.paid_count), 0)
                   AS days_to_pay,
               array_agg(f.contact_id ORDER BY f.contact_id) AS contact_ids,
               json_agg(f.unconverted) FILTER (WHERE f.unconverted IS NOT NULL)
                   AS unconverted
          FROM res_partner linked
          JOIN xero_contact c ON c.partner_id = linked.id
          JOIN xero_customer_figures f ON f.contact_id = c.id
         WHERE f.company_id = ANY(%(companies)s) AND f.day IS NOT NULL AND %(condition)s
         GROUP BY linked.commercial_partner_id, f.connection_id, f.company_id
        """,
        sums=SQL(", ").join(
            SQL(
                "COALESCE(sum(f.%s), 0) AS %s",
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name in _SUMS
        ),
        companies=env.companies.ids,
        condition=condition,
    )


def _shown(row):
    """What a row of the query says, as screens read it."""
    row = {name: row[name] for name in row if name != "company"}
    today = local_day(row.pop("timezone"))
    due = row["oldest_due"]
    row["overdue_days"] = (today - due).days if due else None
    for name in _SUMS:
        row[name] = int(row[name]) if name.endswith("_count") else float(row[name])
    if row["days_to_pay"] is not None:
        row["days_to_pay"] = round(float(row["days_to_pay"]), 1)
    row["unconverted"] = _added(row["unconverted"] or ())
    return row


def _added(parts):
    """The sum of several `unconverted`, by currency and figure."""
    sums = defaultdict(lambda: defaultdict(float))
    for part in parts:
        for code, amounts in part.items():
            for name, amount in amounts.items():
                sums[code][name] += amount
    return {
        code: {name: round(amount, 2) for name, amount in amounts.items()}
        for code, amounts in sorted(sums.items())
    }


def _flush(env):
    env["res.partner"].flush_model(["commercial_partner_id"])
    env["xero.contact"].flush_model(["partner_id"])
    env["xero.connection"].flush_model(["name", "base_currency", "timezone"])
    env["xero.customer.figures"].flush_model()
