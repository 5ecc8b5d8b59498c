import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatWithBeside} from "./format_amount";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * An amount of a customer, and beside it what it leaves out: amounts in currencies
 * that nothing is added up with. Empty where the record has no figures.
 */
export class AmountField extends Component {
    static template = "crm_xero_module.AmountField";
    static props = {
        ...standardFieldProps,
        amounts: String,
        isCompact: {type: Boolean, optional: true},
    };

    get told() {
        const {amounts, name, record} = this.props;
        const {code, currency_id, beside} = record.data[amounts];
        return formatWithBeside(record.data[name], currency_id, code, beside[name]);
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
        {label: _t("Others in the tooltip"), name: "compact", type: "boolean"},
    ],
    supportedTypes: ["float"],
    isEmpty: () => false,
    extractProps: ({options}) => ({
        amounts: options.amounts,
        isCompact: options.compact,
    }),
};

registry.category("fields").add("xero_amount", amountField);
