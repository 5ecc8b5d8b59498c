import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {RunBar} from "../run_progress/run_bar";
import {_t} from "@web/core/l10n/translation";
import {doingNow, isLive} from "../run_progress/run_words";
import {openRun, useRuns} from "../run_progress/runs_service";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

const OPERATOR = "crm_xero_module.group_xero_operator";

/**
 * What goes on for an organisation, on its card: each run with its progress and, for
 * those who may, Cancel. When one ends, the card's numbers are read again.
 */
export class LiveRuns extends Component {
    static template = "crm_xero_module.LiveRuns";
    static components = {RunBar};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({runs: this.told(this.props), mayCancel: false});
        onWillStart(async () => {
            this.state.mayCancel = await user.hasGroup(OPERATOR);
        });
        onWillUpdateProps((props) => {
            this.state.runs = this.told(props);
        });
        this.runs = useRuns({
            take: (run) => this.take(run),
            live: () => this.state.runs.map(({id}) => id),
        });
    }

    told(props) {
        return props.record.data[props.name] || [];
    }

    take(run) {
        if (run.connection !== this.props.record.resId) {
            return;
        }
        const others = this.state.runs.filter(({id}) => id !== run.id);
        const wasThere = others.length < this.state.runs.length;
        if (isLive(run)) {
            this.state.runs = [...others, run].sort((a, b) => b.id - a.id);
        } else {
            this.state.runs = others;
            if (wasThere) {
                this.props.record.model.root.load();
            }
        }
    }

    doingNow(run) {
        return doingNow(run);
    }

    open(run) {
        return openRun(this.action, run.id);
    }

    cancel(run) {
        this.dialog.add(ConfirmationDialog, {
            title: run.name,
            body: _t("Stop this run? What came in so far stays."),
            confirmLabel: _t("Stop the run"),
            cancelLabel: _t("Go on"),
            confirm: async () => {
                await this.orm.call("xero.sync", "action_cancel", [[run.id]]);
                await this.runs.look([run.id]);
            },
            cancel: () => {},
        });
    }
}

registry.category("fields").add("xero_live_runs", {
    component: LiveRuns,
    supportedTypes: ["json"],
});
