import {Component, onMounted, onWillUnmount} from "@odoo/owl";
import {ConnectionLostError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

export const LIVE_STATES = ["queued", "running", "waiting"];
const FOLLOW_INTERVAL = 3000;
const STEP_BADGES = {
    done: ["text-bg-success", "fa-check"],
    running: ["text-bg-info", "fa-circle-o-notch fa-spin"],
    failed: ["text-bg-danger", "fa-times"],
    cancelled: ["text-bg-warning", "fa-ban"],
};

export function timeLeft(seconds) {
    if (!seconds || seconds <= 0) {
        return "";
    }
    if (seconds < 90) {
        return _t("%s s left", Math.round(seconds));
    }
    if (seconds < 5400) {
        return _t("%s min left", Math.round(seconds / 60));
    }
    return _t("%s h left", Math.round(seconds / 3600));
}

/**
 * The head of a Run: its steps as badges, a bar, how far it is and how long it takes.
 *
 * While the Run is live and its screen is open, the server is asked every three
 * seconds to go on with it (an idle cron may sleep for a minute) and the record is
 * read again. Closing the screen stops nothing but this.
 */
export class RunProgress extends Component {
    static template = "crm_xero_module.RunProgress";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.following = false;
        let timer = null;
        onMounted(() => {
            timer = browser.setInterval(() => this.follow(), FOLLOW_INTERVAL);
        });
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get run() {
        return this.props.record.data;
    }

    get isLive() {
        return LIVE_STATES.includes(this.run.state);
    }

    get steps() {
        return (this.run.steps || []).map((step) => {
            const [color, icon] = STEP_BADGES[step.state] || ["text-bg-light border", ""];
            return {...step, color, icon};
        });
    }

    get label() {
        const step = (this.run.steps || []).find(({state}) => state === "running");
        const {done, total} = step || {};
        const counted = total
            ? _t("%(done)s of %(total)s", {
                  done: formatInteger(done),
                  total: formatInteger(total),
              })
            : done && formatInteger(done);
        const where = [step && step.label, counted].filter(Boolean).join(" ");
        const left = this.run.state === "running" ? timeLeft(this.run.eta_seconds) : "";
        return [where, left].filter(Boolean).join(" · ");
    }

    async follow() {
        const {resModel, resId} = this.props.record;
        if (!this.isLive || !resId || this.following) {
            return;
        }
        this.following = true;
        try {
            await this.orm.silent.call(resModel, "poke", [[resId]]);
            await this.props.record.load();
        } catch (error) {
            // Odoo itself says that the connection is lost; the next turn tries again.
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        } finally {
            this.following = false;
        }
    }
}

registry.category("view_widgets").add("xero_run_progress", {
    component: RunProgress,
    additionalClasses: ["w-100"],
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "steps", type: "json"},
        {name: "progress", type: "float"},
        {name: "eta_seconds", type: "integer"},
    ],
});
