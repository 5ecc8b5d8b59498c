import {
    HOW_OFTEN_FIELDS,
    choicesOf,
    comesTo,
    costText,
    intervalText,
    reasonOf,
    warningOf,
} from "./how_often";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

let nextId = 0;

/** How often a connection is synced by itself, each way with what it costs. */
export class ScheduleField extends Component {
    static template = "crm_xero_module.ScheduleField";
    static props = {...standardFieldProps};

    setup() {
        this.id = `xero_schedule_${nextId++}`;
    }

    get data() {
        return this.props.record.data;
    }

    get schedule() {
        return this.data.schedule;
    }

    get proposed() {
        return _t("As proposed: every %s", intervalText(comesTo(this.data, "proposed").minutes));
    }

    get choices() {
        return choicesOf(this.data).map((choice) => ({
            minutes: choice.minutes,
            text: [intervalText(choice.minutes), costText(this.data.plan, choice)]
                .filter(Boolean)
                .join(" · "),
        }));
    }

    get reason() {
        return reasonOf(this.data);
    }

    get warning() {
        return warningOf(this.data);
    }

    costOf(schedule) {
        return costText(this.data.plan, comesTo(this.data, schedule));
    }

    choose(schedule) {
        return this.props.record.update({schedule});
    }

    chooseInterval(ev) {
        return this.props.record.update({
            schedule: "fixed",
            interval_minutes: Number(ev.target.value),
        });
    }
}

registry.category("fields").add("xero_schedule", {
    component: ScheduleField,
    fieldDependencies: HOW_OFTEN_FIELDS,
    supportedTypes: ["selection"],
});
