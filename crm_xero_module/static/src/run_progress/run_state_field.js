import {Component} from "@odoo/owl";
import {RunBar} from "./run_bar";
import {doingNow, isLive, timeLeft} from "./run_words";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const COLORS = {
    queued: "text-bg-info",
    running: "text-bg-info",
    waiting: "text-bg-warning",
    done: "text-bg-success",
    failed: "text-bg-danger",
    cancelled: "text-bg-secondary",
};

/** A run's state in a list; of one that goes on, how far it is and how long it takes. */
export class RunState extends Component {
    static template = "crm_xero_module.RunState";
    static components = {RunBar};
    static props = {...standardFieldProps};

    get run() {
        return this.props.record.data.live || {};
    }

    get isLive() {
        return isLive(this.run);
    }

    get state() {
        return this.run.state || this.props.record.data[this.props.name];
    }

    get color() {
        return COLORS[this.state];
    }

    get label() {
        const {selection} = this.props.record.fields[this.props.name];
        return (selection.find(([state]) => state === this.state) || [])[1];
    }

    get left() {
        return this.run.state === "running" ? timeLeft(this.run.left, this.run.least) : "";
    }

    get title() {
        return this.isLive ? doingNow(this.run) : this.run.message || "";
    }
}

registry.category("fields").add("xero_run_state", {
    component: RunState,
    supportedTypes: ["selection"],
    fieldDependencies: [{name: "live", type: "json"}],
});
