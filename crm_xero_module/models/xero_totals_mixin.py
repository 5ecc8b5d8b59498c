# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class XeroTotalsMixin(models.AbstractModel):
    """What a list's footer shows of all that was found, by base currency.

    For models with amounts in `base_currency_id`; read by the list view of
    `static/src/currencies`.
    """

    _name = "xero.totals.mixin"
    _inherit = "xero.one.currency.mixin"
    _description = "Totals by Base Currency"

    # The amount in the document's currency of what has none in base, if any.
    _left_out_field = None

    @api.model
    @api.readonly
    def read_totals(self, domain):
        """The sums over all that is found.

        :return: {"rows": [{currency_id, currency_code, <amount's field>: sum, …}, …],
            "left_out": {currency code: what has no amount in the base currency}}
        """
        names = [
            name
            for name, field in self._fields.items()
            if field.type == "monetary"
            and field.aggregator
            and field.get_currency_field(self) == "base_currency_id"
        ]
        found = self._read_group(
            domain, ["base_currency_id"], [f"{name}:sum" for name in names]
        )
        rows = [
            {
                "currency_id": currency.id,
                "currency_code": currency.name,
                **dict(zip(names, sums, strict=True)),
            }
            for currency, *sums in found
        ]
        return {"rows": rows, "left_out": self._left_out(domain)}

    @api.model
    def _left_out(self, domain):
        name = self._left_out_field
        found = self._read_group(
            [*domain, (name, "!=", 0)], ["currency_code"], [f"{name}:sum"]
        )
        return {code or "?": amount for code, amount in found}
