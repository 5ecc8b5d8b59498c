import {formatWithBeside} from "../amounts/format_amount";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatFloat} from "@web/views/fields/formatters";

const DAY_AND_MONTH = {day: "numeric", month: "long"};

/** A customer's sales in one column, what it owes in the other. */
export class Figures extends Component {
    static template = "crm_xero_module.Figures";
    static props = {figures: Object};

    told(name) {
        const {currency_id, currency_code, unconverted, [name]: amount} =
            this.props.figures;
        const leftOut = {};
        for (const [code, figures] of Object.entries(unconverted)) {
            if (figures[name]) {
                leftOut[code] = figures[name];
            }
        }
        return formatWithBeside(amount, currency_id, currency_code, leftOut);
    }

    day(name) {
        const day = this.props.figures[name];
        return day ? formatDate(deserializeDate(day)) : "";
    }

    get since() {
        const first = deserializeDate(this.props.figures.year_first);
        return _t("since %s", first.toLocaleString(DAY_AND_MONTH));
    }

    /** The days of last year that something is the sum of. */
    lastYearUntil(name) {
        return `${this.day("last_first")} – ${this.day(name)}`;
    }

    /** This year against the same days of the last one, as "+8.4 %". */
    get change() {
        const {
            sales_this_year: now,
            sales_same_days: before,
            unconverted,
        } = this.props.figures;
        const isWhole = Object.values(unconverted).every(
            (figures) => !figures.sales_this_year && !figures.sales_last_year
        );
        if (!isWhole || !(before > 0)) {
            return null;
        }
        const percent = (100 * (now - before)) / before;
        const number = formatFloat(percent, {digits: [16, 1]});
        return {
            text: `${percent > 0 ? "+" : ""}${number} %`,
            color: percent < 0 ? "text-danger" : "text-success",
        };
    }

    get overdue() {
        const {overdue, overdue_count: count, overdue_days: days} = this.props.figures;
        if (!count) {
            return "";
        }
        return count === 1
            ? _t("1 invoice, %s days", days)
            : _t("%(count)s invoices, the oldest %(days)s days", {count, days});
    }

    get daysToPay() {
        const {days_to_pay: days, paid_count: count} = this.props.figures;
        if (!count) {
            return "";
        }
        const told = formatFloat(days, {digits: [16, 0]});
        return count === 1
            ? _t("%s days, of 1 paid invoice", told)
            : _t("%(days)s days, of %(count)s paid invoices", {days: told, count});
    }
}
