import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatAmount, formatByCode} from "./format_amount";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * An amount of a customer, and beside it what it leaves out: amounts in currencies
 * that nothing is added up with.
 */
export class AmountField extends Component {
    static template = "crm_xero_module.AmountField";
    static props = {...standardFieldProps, amounts: String};

    get amount() {
        const {amounts, name, record} = this.props;
        const currency = record.data[record.fields[name].currency_field];
        const code = record.data[amounts]?.code;
        return formatAmount(record.data[name] || 0, currency?.id, code);
    }

    get beside() {
        const {amounts, name, record} = this.props;
        const told = formatByCode(record.data[amounts]?.beside[name]);
        return told && _t("and %s", told);
    }
}

export const amountField = {
    component: AmountField,
    displayName: _t("Amount, and what it leaves out"),
    supportedOptions: [
        {
            label: _t("Currency, and amounts in others"),
            name: "amounts",
            type: "field",
            availableTypes: ["json"],
        },
    ],
    supportedTypes: ["monetary"],
    isEmpty: () => false,
    extractProps: ({options}) => ({amounts: options.amounts}),
};

registry.category("fields").add("xero_amount", amountField);
