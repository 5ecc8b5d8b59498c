# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

# What lists, pivots and graphs ask for: an amount's own, and that over currencies.
SUMS = ("sum", "sum_currency")


class XeroOneCurrencyMixin(models.AbstractModel):
    """Groups add up amounts of one currency only.

    Where a group holds several, Odoo's lists, pivots and graphs ask for
    `sum_currency`: each amount by Odoo's own rate of the day, and by 1 where Odoo has
    none. Such a number stands in nobody's books, so there is none here; the views of
    `static/src/currencies` leave its place empty.
    """

    _name = "xero.one.currency.mixin"
    _description = "Sums in One Currency"

    # Whether an amount that is empty is one that nobody knows yet: a sum without it
    # would be too low.
    _empty_is_unknown = False

    def _read_group_select(self, aggregate_spec, query):
        name, _separator, function = aggregate_spec.partition(":")
        is_amount = name in self._fields and self._fields[name].type == "monetary"
        if not is_amount or function not in SUMS:
            return super()._read_group_select(aggregate_spec, query)
        amount = self._field_to_sql(self._table, name, query)
        currency = self._field_to_sql(
            self._table, self._fields[name].get_currency_field(self), query
        )
        # Not COUNT(DISTINCT …), which would sort every row.
        currency = SQL("COALESCE(%s, 0)", currency)
        may = [SQL("MIN(%s) = MAX(%s)", currency, currency)]
        counted = self._counted_sql(query)
        if self._empty_is_unknown:
            may.append(SQL("COUNT(*) %s = COUNT(%s) %s", counted, amount, counted))
        return SQL(
            "CASE WHEN %s THEN COALESCE(SUM(%s) %s, 0) END",
            SQL(" AND ").join(may),
            amount,
            counted,
        )

    def _counted_sql(self, query):
        """The SQL `FILTER (…)` of the rows that a sum counts; all by default."""
        return SQL()
