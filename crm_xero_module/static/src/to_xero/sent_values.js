import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What is sent to Xero, in a person's words: label, value, and where it is from. */
export class SentValues extends Component {
    static template = "crm_xero_module.SentValues";
    static props = {...standardFieldProps};

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("xero_sent_values", {
    component: SentValues,
    supportedTypes: ["json"],
});

/** A JSON value as its text, for those who want it exactly. */
export class JsonText extends Component {
    static template = "crm_xero_module.JsonText";
    static props = {...standardFieldProps};

    get text() {
        const value = this.props.record.data[this.props.name];
        return value ? JSON.stringify(value, null, 2) : "";
    }
}

registry.category("fields").add("xero_json_text", {
    component: JsonText,
    supportedTypes: ["json"],
});
