import {DASH, SEVERAL, UNKNOWN} from "./one_currency";
import {formatMonetary} from "@web/views/fields/formatters";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/**
 * A list whose footer adds up what the page shows, as Odoo's do, where that is of one
 * currency and all of it is known; else a dash, and why. A row may say that it is not
 * converted (`is_converted`), or that it is no part of sums (`is_counted`).
 */
export class PageSumsListRenderer extends ListRenderer {
    computeAggregates() {
        const aggregates = super.computeAggregates();
        for (const [name, aggregate] of Object.entries(aggregates)) {
            if (aggregate.multiCurrency) {
                aggregates[name] = {value: DASH, help: SEVERAL};
            } else if (this.isMonetary(name)) {
                aggregates[name] = this.sumOf(name, aggregate);
            }
        }
        return aggregates;
    }

    sumOf(name, aggregate) {
        if (this.hasUnknown(name)) {
            return {value: DASH, help: UNKNOWN};
        }
        const rows = this.countedRows;
        if (!rows) {
            return aggregate;
        }
        const sum = rows.reduce((total, data) => total + (data[name] || 0), 0);
        const currencyField = this.fields[name].currency_field;
        const currencyId = rows[0]?.[currencyField]?.id;
        return {...aggregate, value: formatMonetary(sum, {currencyId})};
    }

    /** The rows that the footer adds up; null where it adds up groups. */
    get countedRows() {
        const {isGrouped, records, selection} = this.props.list;
        if (isGrouped && !selection.length) {
            return null;
        }
        const rows = selection.length ? selection : records;
        return rows.map(({data}) => data).filter((data) => data.is_counted !== false);
    }

    isMonetary(name) {
        return this.fields[name].type === "monetary";
    }

    /** Whether a row or a group has no amount because nobody knows it yet. */
    hasUnknown(name) {
        const rows = this.countedRows;
        return rows
            ? rows.some((data) => data.is_converted === false)
            : this.props.list.groups.some(({aggregates}) => aggregates[name] === false);
    }

    formatGroupAggregate(group, column) {
        const isUnknown = group.aggregates[column.name] === false;
        if (isUnknown && this.isMonetary(column.name)) {
            return {value: DASH};
        }
        return super.formatGroupAggregate(group, column);
    }
}

registry
    .category("views")
    .add("xero_page_sums_list", {...listView, Renderer: PageSumsListRenderer});
