import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatAmount} from "../amounts/format_amount";

const AGES = [
    ["current", _t("Not due"), "bg-success"],
    ["days_1_30", _t("1–30 days"), "bg-warning"],
    ["days_31_60", _t("31–60 days"), "o_xero_late"],
    ["days_61_90", _t("61–90 days"), "bg-danger"],
    ["days_over_90", _t("Over 90 days"), "o_xero_very_late"],
];

/** What is owed, by how long it is overdue: one bar, and the amounts. */
export class AgeingBar extends Component {
    static template = "crm_xero_module.AgeingBar";
    static props = {figures: Object};

    get ages() {
        const {figures} = this.props;
        const owed = AGES.map(([name]) => Math.max(figures[name], 0));
        const whole = owed.reduce((sum, amount) => sum + amount, 0);
        if (AGES.every(([name]) => !figures[name])) {
            return [];
        }
        return AGES.map(([name, label, color], position) => ({
            name,
            label,
            color,
            amount: this.amount(figures[name]),
            isNone: !figures[name],
            width: whole ? `width: ${(100 * owed[position]) / whole}%` : "",
        }));
    }

    amount(value) {
        const {currency_id, currency_code} = this.props.figures;
        return formatAmount(value, currency_id, currency_code);
    }
}
