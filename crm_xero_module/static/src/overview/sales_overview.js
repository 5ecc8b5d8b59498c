import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {formatAmount, formatByCode} from "../amounts/format_amount";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

const AGES = [
    ["current", _t("Not due")],
    ["days_1_30", _t("1–30 days")],
    ["days_31_60", _t("31–60 days")],
    ["days_61_90", _t("61–90 days")],
    ["days_over_90", _t("Over 90 days")],
];

/** What an organisation is owed and what it sold, on its card of the overview. */
export class SalesOverview extends Component {
    static template = "crm_xero_module.SalesOverview";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get card() {
        return this.props.record.data[this.props.name] || {};
    }

    /** An amount with its currency; without cents, where the card has little room. */
    amount(name) {
        const {currency_id, currency_code} = this.card;
        return formatAmount(this.card[name], currency_id, currency_code);
    }

    whole(amount) {
        return formatFloat(amount, {digits: [16, 0]});
    }

    /** What a figure leaves out, as no rate is proven for it. */
    beside(name) {
        const told = formatByCode(this.card.unconverted[name]);
        return told && _t("and %s, not converted", told);
    }

    get ages() {
        const largest = Math.max(...AGES.map(([name]) => Math.abs(this.card[name])), 1);
        return AGES.map(([name, label]) => ({
            name,
            label,
            amount: this.whole(this.card[name]),
            isEmpty: !this.card[name],
            width: (100 * Math.abs(this.card[name])) / largest,
        }));
    }

    get overdueCustomers() {
        const count = this.card.overdue_customers;
        return count === 1 ? _t("1 customer") : _t("%s customers", count);
    }

    get change() {
        const {change} = this.card;
        return {
            text: `${change > 0 ? "+" : ""}${formatFloat(change, {digits: [16, 1]})} %`,
            class: change < 0 ? "text-danger" : "text-success",
        };
    }

    get months() {
        const {months, sales, before} = this.card.months;
        const largest = Math.max(...[...sales, ...before].map(Math.abs), 1);
        return months.map((day, index) => {
            const month = deserializeDate(day);
            const last = month.minus({years: 1});
            return {
                day,
                label: month.toLocaleString({month: "narrow"}),
                bars: [
                    this.bar(last, before[index], largest, "o_xero_before"),
                    this.bar(month, sales[index], largest, "o_xero_now"),
                ],
            };
        });
    }

    bar(month, amount, largest, kind) {
        const {currency_id, currency_code} = this.card;
        const said = formatAmount(amount, currency_id, currency_code);
        return {
            day: month.toISODate(),
            height: (100 * Math.abs(amount)) / largest,
            title: `${month.toLocaleString({month: "long", year: "numeric"})}: ${said}`,
            class: amount < 0 ? `${kind} o_xero_negative` : kind,
        };
    }

    get hasMonths() {
        const {sales, before} = this.card.months;
        return [...sales, ...before].some((amount) => amount);
    }

    async open(figure, month) {
        this.action.doAction(
            await this.orm.call("xero.connection", "action_open_overview", [
                [this.props.record.resId],
                figure,
                month || null,
            ])
        );
    }

    openCustomer({model, id}) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("xero_sales_overview", {
    component: SalesOverview,
    supportedTypes: ["json"],
});
