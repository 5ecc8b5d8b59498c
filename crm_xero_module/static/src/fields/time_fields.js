import {Component, xml} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Seconds as a person says them: "4 s", "2 min 30 s", "1 h 5 min". */
export function formatDuration(seconds) {
    if (seconds < 60) {
        return _t("%s s", Math.round(seconds));
    }
    if (seconds < 3600) {
        const [m, s] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
        return s ? _t("%(m)s min %(s)s s", {m, s}) : _t("%s min", m);
    }
    const [h, m] = [Math.floor(seconds / 3600), Math.round((seconds % 3600) / 60)];
    return m ? _t("%(h)s h %(m)s min", {h, m}) : _t("%s h", h);
}

class DurationField extends Component {
    static template = xml`<span t-esc="text"/>`;
    static props = {...standardFieldProps};

    get text() {
        const seconds = this.props.record.data[this.props.name];
        return seconds ? formatDuration(seconds) : "";
    }
}

registry.category("fields").add("xero_duration", {
    component: DurationField,
    supportedTypes: ["float", "integer"],
});

/** A moment as the time that passed since; the moment itself is the tooltip. */
class AgoField extends Component {
    static template = xml`<span t-esc="text" t-att-title="moment"/>`;
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }
    get text() {
        return this.value ? this.value.toRelative() : "";
    }
    get moment() {
        return this.value ? formatDateTime(this.value) : "";
    }
}

registry.category("fields").add("xero_ago", {
    component: AgoField,
    supportedTypes: ["datetime"],
});
