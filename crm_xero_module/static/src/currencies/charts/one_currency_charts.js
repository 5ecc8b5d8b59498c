/** Pivots and graphs that never add up amounts of several currencies. */
import {DASH, SEVERAL, UNKNOWN} from "../one_currency";
import {GraphModel} from "@web/views/graph/graph_model";
import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {graphView} from "@web/views/graph/graph_view";
import {PivotRenderer} from "@web/views/pivot/pivot_renderer";
import {pivotView} from "@web/views/pivot/pivot_view";
import {registry} from "@web/core/registry";

export class OneCurrencyPivotRenderer extends PivotRenderer {
    getFormattedValue(cell) {
        const {currencies, ...formatted} = super.getFormattedValue(cell);
        if (currencies) {
            return {value: DASH, help: SEVERAL};
        }
        const isUnknown = cell.value === false && cell.currencyIds?.length;
        return isUnknown ? {value: DASH, help: UNKNOWN} : formatted;
    }
}

export const oneCurrencyPivotView = {...pivotView, Renderer: OneCurrencyPivotRenderer};

/** Where there are several currencies, each has bars of its own. */
export class OneCurrencyGraphModel extends GraphModel {
    async _loadDataPoints(metaData) {
        const [dataPoints, currencies] = await super._loadDataPoints(metaData);
        // The server gives no sum over several, which Odoo counts as one.
        this.severalCurrencies =
            currencies.size > 1 || dataPoints.some(({value}) => value === false);
        this.hasUnknown = false;
        const fieldName = metaData.fields[metaData.measure]?.currency_field;
        if (!this.severalCurrencies || !fieldName) {
            return [dataPoints, currencies];
        }
        const groupBy = [...metaData.groupBy, {fieldName, spec: fieldName}];
        const [split] = await super._loadDataPoints({...metaData, groupBy});
        const known = split.filter(({value}) => value !== false);
        this.hasUnknown = known.length < split.length;
        // Named in the label; Odoo has taken them for the company's.
        return [known.map((point) => ({...point, currencyId: undefined})), new Set()];
    }

    _getLineOverlayDataset() {
        return this.severalCurrencies ? null : super._getLineOverlayDataset();
    }
}

/** Says so where a bar would lack what is not converted yet. */
export class OneCurrencyGraphRenderer extends GraphRenderer {
    static template = "crm_xero_module.OneCurrencyGraphRenderer";
    unknown = UNKNOWN;
}

export const oneCurrencyGraphView = {
    ...graphView,
    Model: OneCurrencyGraphModel,
    Renderer: OneCurrencyGraphRenderer,
};

registry
    .category("views")
    .add("xero_one_currency_pivot", oneCurrencyPivotView)
    .add("xero_one_currency_graph", oneCurrencyGraphView);
