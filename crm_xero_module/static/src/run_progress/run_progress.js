import {Component} from "@odoo/owl";
import {doingNow, isLive} from "./run_words";
import {RunBar} from "./run_bar";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRuns} from "./runs_service";

const STEP_BADGES = {
    done: ["text-bg-success", "fa-check"],
    running: ["text-bg-info", "fa-circle-o-notch fa-spin"],
    failed: ["text-bg-danger", "fa-times"],
    cancelled: ["text-bg-warning", "fa-ban"],
};

/**
 * The head of a Run: its steps as badges, a bar, how far it is and how long it takes.
 *
 * What is told of the run makes the screen read it again; closing it stops nothing.
 */
export class RunProgress extends Component {
    static template = "crm_xero_module.RunProgress";
    static components = {RunBar};
    static props = {...standardWidgetProps};

    setup() {
        this.reading = false;
        this.isStale = false;
        useRuns({
            take: (run) => run.id === this.props.record.resId && this.read(),
            live: () => (this.isLive ? [this.props.record.resId] : []),
            isScreenOf: (id) => id === this.props.record.resId,
        });
    }

    get run() {
        return this.props.record.data;
    }

    get isLive() {
        return this.props.record.resId && isLive(this.run);
    }

    get steps() {
        return (this.run.steps || []).map((step) => {
            const [color, icon] = STEP_BADGES[step.state] || ["text-bg-light border", ""];
            return {...step, color, icon};
        });
    }

    /** Why it waits stands in words of its own below. */
    get label() {
        return doingNow(this.run.live, false);
    }

    /** One reading at a time; what is told meanwhile is read after it. */
    async read() {
        if (this.reading) {
            this.isStale = true;
            return;
        }
        this.reading = true;
        try {
            do {
                this.isStale = false;
                await this.props.record.load();
            } while (this.isStale);
        } finally {
            this.reading = false;
        }
    }
}

registry.category("view_widgets").add("xero_run_progress", {
    component: RunProgress,
    additionalClasses: ["w-100"],
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "steps", type: "json"},
        {name: "live", type: "json"},
    ],
});
