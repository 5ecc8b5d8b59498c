import {HOW_OFTEN_FIELDS, comesTo} from "./how_often";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What is read at its own times, whatever the interval. */
const DAILY = {
    organisation: _t("the organisation itself"),
    contact_groups: _t("contact groups"),
    contacts: _t("all contacts, because bills change them without a trace"),
    open_invoices: _t("what is open, because due dates change without a trace"),
};

/** Where the calls of a day go, at the chosen interval. */
export class CallsField extends Component {
    static template = "crm_xero_module.CallsField";
    static props = {...standardFieldProps};

    get plan() {
        return this.props.record.data[this.props.name];
    }

    get calls() {
        return comesTo(this.props.record.data)?.calls || 0;
    }

    get limit() {
        return formatInteger(this.plan.day_limit);
    }

    get daily() {
        return (this.plan.daily || []).map(({name, calls}) => ({
            name,
            calls: formatInteger(calls),
            text: DAILY[name] || name,
        }));
    }

    /** The parts of the bar, each with its share of the day's calls in percent. */
    get parts() {
        const {day_limit: limit, reserved} = this.plan;
        const free = limit - this.calls - reserved;
        const isOver = free < 0;
        const parts = [
            {
                name: "syncs",
                text: _t("Syncs by themselves"),
                calls: this.calls,
                color: isOver ? "bg-danger" : "bg-primary",
            },
            {
                name: "people",
                text: _t("Kept for people, such as creating a customer in Xero"),
                calls: reserved,
                color: "bg-info",
            },
            {
                name: "free",
                text: _t("Left for Sync now and for changes that Xero tells of"),
                calls: Math.max(free, 0),
                color: "o_xero_calls_free",
            },
        ];
        const whole = Math.max(limit, this.calls + reserved);
        return parts.map((part) => ({
            ...part,
            share: (100 * part.calls) / whole,
            calls: formatInteger(part.calls),
        }));
    }
}

registry.category("fields").add("xero_calls", {
    component: CallsField,
    fieldDependencies: HOW_OFTEN_FIELDS,
    supportedTypes: ["json"],
});
