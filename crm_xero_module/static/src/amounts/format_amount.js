import {_t} from "@web/core/l10n/translation";
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

/**
 * An amount, and what stands beside it: amounts by currency code that it leaves out.
 * Where it is nothing itself, they take its place.
 */
export function formatWithBeside(amount, currencyId, code, leftOut) {
    const others = formatByCode(leftOut);
    if (others && !amount) {
        return {amount: others, beside: ""};
    }
    return {
        amount: formatAmount(amount, currencyId, code),
        beside: others && _t("and %s", others),
    };
}
