import {formatCurrency, getCurrency} from "@web/core/currency";
import {formatFloat} from "@web/views/fields/formatters";

/** An amount with its currency: by its code where Odoo does not know how to show it. */
export function formatAmount(amount, currencyId, code) {
    if (currencyId && getCurrency(currencyId)) {
        return formatCurrency(amount, currencyId);
    }
    const number = formatFloat(amount, {digits: [16, 2]});
    return code ? `${code} ${number}` : number;
}

/** Amounts by currency code, one after another: no sum is made of them. */
export function formatByCode(amounts) {
    return Object.entries(amounts || {})
        .map(([code, amount]) => formatAmount(amount, false, code))
        .join(", ");
}
