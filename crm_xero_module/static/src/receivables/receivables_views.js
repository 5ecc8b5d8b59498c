import {asOf} from "./as_of";
import {oneCurrencyListView} from "../currencies/one_currency";
import {registry} from "@web/core/registry";

registry.category("views").add("xero_receivables_list", asOf(oneCurrencyListView));
