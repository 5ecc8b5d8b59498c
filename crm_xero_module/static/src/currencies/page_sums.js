import {DASH, SEVERAL, UNKNOWN} from "./one_currency";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/**
 * A list whose footer adds up what the page shows, as Odoo's do, where that is of one
 * currency and all of it is known; else a dash, and why.
 */
export class PageSumsListRenderer extends ListRenderer {
    computeAggregates() {
        const aggregates = super.computeAggregates();
        for (const [name, aggregate] of Object.entries(aggregates)) {
            if (aggregate.multiCurrency) {
                aggregates[name] = {value: DASH, help: SEVERAL};
            } else if (this.isMonetary(name) && this.hasUnknown(name)) {
                aggregates[name] = {value: DASH, help: UNKNOWN};
            }
        }
        return aggregates;
    }

    isMonetary(name) {
        return this.fields[name].type === "monetary";
    }

    /** Whether a row or a group has no amount because nobody knows it yet. */
    hasUnknown(name) {
        const {groups, isGrouped, records, selection} = this.props.list;
        if (isGrouped && !selection.length) {
            return groups.some(({aggregates}) => aggregates[name] === false);
        }
        const rows = selection.length ? selection : records;
        return rows.some(({data}) => data.is_converted === false);
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
