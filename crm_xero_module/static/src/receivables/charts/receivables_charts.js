import {asOf} from "../as_of";
import {
    oneCurrencyGraphView,
    oneCurrencyPivotView,
} from "../../currencies/charts/one_currency_charts";
import {registry} from "@web/core/registry";

registry
    .category("views")
    .add("xero_receivables_pivot", asOf(oneCurrencyPivotView))
    .add("xero_receivables_graph", asOf(oneCurrencyGraphView));
