import {
    OneCurrencyGraphModel,
    oneCurrencyGraphView,
} from "../../currencies/charts/one_currency_charts";
import {registry} from "@web/core/registry";

/** Ages are stacked in their order, also where the first day lacks some. */
export class HistoryGraphModel extends OneCurrencyGraphModel {
    _getData(...args) {
        const data = super._getData(...args);
        const ages = this.metaData.fields.age.selection.map(([, label]) => label);
        const place = ({label}) => ages.findIndex((age) => label?.startsWith(age));
        data.datasets.sort((a, b) => place(a) - place(b));
        return data;
    }
}

registry
    .category("views")
    .add("xero_history_graph", {...oneCurrencyGraphView, Model: HistoryGraphModel});
