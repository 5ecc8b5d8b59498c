import {Component, xml} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatAmount} from "../amounts/format_amount";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** An amount with the code of its currency, which may be one that Odoo lacks. */
export class CodedAmountField extends Component {
    static template = xml`<span class="text-nowrap" t-esc="amount" />`;
    static props = {...standardFieldProps, codeField: String};

    get amount() {
        const {codeField, name, record} = this.props;
        return formatAmount(record.data[name], false, record.data[codeField]);
    }
}

registry.category("fields").add("xero_coded_amount", {
    component: CodedAmountField,
    displayName: _t("Amount with the code of its currency"),
    supportedTypes: ["monetary"],
    extractProps: ({options}) => ({codeField: options.code_field || "currency_code"}),
});
