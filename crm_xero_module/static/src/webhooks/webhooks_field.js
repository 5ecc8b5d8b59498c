import {Component} from "@odoo/owl";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const ICONS = {
    done: "fa-check-circle text-success",
    wrong: "fa-times-circle text-danger",
    open: "fa-circle-o text-muted",
};

/**
 * The address at which Xero tells of changes, its key and what was tested, as the
 * server puts it in words; in short, where another screen has the rest.
 */
export class WebhooksField extends Component {
    static template = "crm_xero_module.WebhooksField";
    static components = {CopyButton};
    static props = {...standardFieldProps, isShort: {type: Boolean, optional: true}};

    setup() {
        this.copied = _t("Copied");
    }

    get told() {
        return this.props.record.data[this.props.name] || {};
    }

    get checks() {
        return (this.told.checks || []).map((check) => {
            const at = check.at ? deserializeMoment(check.at) : null;
            return {
                text: check.text,
                icon: ICONS[check.state],
                ago: at ? at.toRelative() : "",
                moment: at ? formatDateTime(at) : "",
            };
        });
    }
}

/** A moment in UTC, as Odoo or as the connector writes it. */
function deserializeMoment(text) {
    return deserializeDateTime(text.replace("T", " ").replace(/(\.\d+)?Z?$/, ""));
}

registry.category("fields").add("xero_webhooks", {
    component: WebhooksField,
    extractProps: ({options}) => ({isShort: Boolean(options.short)}),
    supportedTypes: ["json"],
});
