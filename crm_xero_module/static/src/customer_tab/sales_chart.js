/* global Chart */
import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {formatAmount, formatByCode} from "../amounts/format_amount";
import {_t} from "@web/core/l10n/translation";
import {cookie} from "@web/core/browser/cookie";
import {deserializeDate} from "@web/core/l10n/dates";
import {getCustomColor} from "@web/core/colors/colors";
import {loadBundle} from "@web/core/assets";
import {user} from "@web/core/user";

const COMPACT = {notation: "compact"};
const MONTH = {month: "short"};
const XERO_BLUE = "#13a5d6";
const MONTH_AND_YEAR = {month: "short", year: "numeric"};

/** Sales of the last twelve months, each beside the same month of the year before. */
export class SalesChart extends Component {
    static template = "crm_xero_module.SalesChart";
    static props = {
        months: Object,
        currencyId: {type: [Number, {value: null}], optional: true},
        currencyCode: {type: [String, {value: null}], optional: true},
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.props.months]
        );
    }

    get unconverted() {
        const told = formatByCode(this.props.months.unconverted);
        return told && _t("and %s, not converted", told);
    }

    get config() {
        const {months, sales, before} = this.props.months;
        const days = months.map(deserializeDate);
        const scheme = cookie.get("color_scheme");
        const grid = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
        const text = getCustomColor(scheme, "#374151", "#E4E4E4");
        const past = getCustomColor(scheme, "#c9ccd2", "#5a5e6b");
        return {
            type: "bar",
            data: {
                labels: days.map((day) => day.toLocaleString(MONTH)),
                datasets: [
                    this.year(days, before, 1, past),
                    this.year(days, sales, 0, XERO_BLUE),
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {mode: "index"},
                scales: {
                    x: {grid: {display: false}, ticks: {color: text}},
                    y: {
                        grid: {color: grid},
                        ticks: {
                            color: text,
                            maxTicksLimit: 5,
                            callback: (value) =>
                                value.toLocaleString(user.lang, COMPACT),
                        },
                    },
                },
                plugins: {
                    legend: {labels: {boxWidth: 12, color: text}},
                    tooltip: {
                        callbacks: {
                            title: () => "",
                            label: (item) => this.tell(days, item),
                        },
                    },
                },
            },
        };
    }

    year(days, data, yearsAgo, backgroundColor) {
        const [first, last] = [days[0], days.at(-1)].map((day) =>
            day.minus({years: yearsAgo}).toLocaleString(MONTH_AND_YEAR)
        );
        return {label: `${first} – ${last}`, data, yearsAgo, backgroundColor};
    }

    tell(days, {dataset, dataIndex, raw}) {
        const {currencyId, currencyCode} = this.props;
        const month = days[dataIndex].minus({years: dataset.yearsAgo});
        const amount = formatAmount(raw, currencyId, currencyCode);
        return `${month.toLocaleString(MONTH_AND_YEAR)}: ${amount}`;
    }
}
