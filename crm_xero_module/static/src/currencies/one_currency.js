/**
 * Lists that never add up amounts of several currencies.
 *
 * Odoo's own convert them by its rates of today, which are not Xero's. The server
 * gives no sum over several currencies (`xero.one.currency.mixin`), and these views
 * show none; the pivots and graphs are in `charts/`, which Odoo loads when they are
 * opened.
 */
import {_t} from "@web/core/l10n/translation";
import {formatAmount, formatByCode} from "../amounts/format_amount";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {onWillStart, onWillUpdateProps, useState} from "@odoo/owl";

export const SEVERAL = _t("Amounts in several currencies are not added up.");
export const UNKNOWN = _t("Some amounts are not converted to the base currency yet.");
export const DASH = "–";

/**
 * A list whose footer adds up all that was found, not only this page: one line for
 * each currency, and below it what no rate is known of. The model answers
 * `read_totals` (`xero.totals.mixin`).
 */
export class OneCurrencyListRenderer extends ListRenderer {
    static template = "crm_xero_module.OneCurrencyListRenderer";

    setup() {
        super.setup();
        this.totals = useState({rows: [], left_out: {}});
        onWillStart(() => this.loadTotals(this.props.list));
        onWillUpdateProps(({list}) => this.loadTotals(list));
    }

    async loadTotals(list) {
        const asked = JSON.stringify([list.domain, list.context]);
        // The list is drawn anew with every click; what it found changes with a load.
        if (this.loadedFrom === list.records && this.asked === asked) {
            return;
        }
        this.loadedFrom = list.records;
        this.asked = asked;
        const {rows, left_out} = await this.orm.call(list.resModel, "read_totals", [], {
            domain: list.domain,
            context: list.context,
        });
        Object.assign(this.totals, {rows, left_out});
    }

    get leftOut() {
        return formatByCode(this.totals.left_out);
    }

    /** What the footer's lines are of: what is selected, or all that was found. */
    get sums() {
        const selected = this.props.list.selection.map((record) => record.data);
        return selected.length ? this.sumByCurrency(selected) : this.totals.rows;
    }

    /** The names of the footer's lines, where there are several. */
    get codes() {
        const codes = this.sums.map((row) => row.currency_code || "?");
        return codes.length > 1 ? codes.join("\n") : "";
    }

    get summedNames() {
        return this.columns
            .filter(({name, attrs}) => attrs?.sum && this.isMonetary(name))
            .map(({name}) => name);
    }

    computeAggregates() {
        const aggregates = super.computeAggregates();
        const rows = this.sums;
        // A symbol may stand for several currencies: their codes name the lines.
        const shown = (row) => (rows.length > 1 ? false : row.currency_id);
        for (const name of this.summedNames) {
            const lines = rows.map((row) => formatAmount(row[name], shown(row)));
            aggregates[name] = {value: lines.join("\n"), help: ""};
        }
        return aggregates;
    }

    isMonetary(name) {
        return this.fields[name]?.type === "monetary";
    }

    sumByCurrency(rows) {
        const sums = new Map();
        const names = this.summedNames;
        for (const row of rows) {
            const currency = row.base_currency_id;
            const sum = sums.get(currency?.id) || {
                currency_id: currency?.id,
                currency_code: currency?.display_name,
                ...Object.fromEntries(names.map((name) => [name, 0])),
            };
            names.forEach((name) => (sum[name] += row[name]));
            sums.set(currency?.id, sum);
        }
        return [...sums.values()];
    }
}

export const oneCurrencyListView = {...listView, Renderer: OneCurrencyListRenderer};

registry.category("views").add("xero_one_currency_list", oneCurrencyListView);
