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

    computeAggregates() {
        const aggregates = super.computeAggregates();
        const selected = this.props.list.selection.map((record) => record.data);
        const names = this.columns
            .filter(({name, attrs}) => attrs?.sum && this.isMonetary(name))
            .map(({name}) => name);
        for (const name of names) {
            const rows = selected.length
                ? this.sumByCurrency(selected, name)
                : this.totals.rows;
            aggregates[name] = {value: this.formatSums(rows, name), help: ""};
        }
        return aggregates;
    }

    /** One line a currency; each named where there are several. */
    formatSums(rows, name) {
        const code = (row) => rows.length > 1 && row.currency_code;
        return rows
            .map((row) => formatAmount(row[name], row.currency_id, code(row)))
            .join("\n");
    }

    isMonetary(name) {
        return this.fields[name]?.type === "monetary";
    }

    sumByCurrency(rows, name) {
        const sums = new Map();
        for (const row of rows) {
            const currency = row[this.fields[name].currency_field];
            const sum = sums.get(currency?.id) || {
                currency_id: currency?.id,
                currency_code: currency?.display_name,
                [name]: 0,
            };
            sum[name] += row[name];
            sums.set(currency?.id, sum);
        }
        return [...sums.values()];
    }
}

export const oneCurrencyListView = {...listView, Renderer: OneCurrencyListRenderer};

registry.category("views").add("xero_one_currency_list", oneCurrencyListView);
