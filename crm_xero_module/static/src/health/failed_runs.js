import {Component, onWillStart, useState} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const SHOWN = 5;

/** The last runs that failed and why, read when the tab is opened. */
class FailedRuns extends Component {
    static template = "crm_xero_module.FailedRuns";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({runs: []});
        onWillStart(() => this.load());
    }

    get domain() {
        return [
            ["connection_id", "=", this.props.record.resId],
            ["state", "=", "failed"],
        ];
    }

    async load() {
        if (!this.props.record.resId) {
            return;
        }
        this.state.runs = await this.orm.searchRead(
            "xero.sync",
            this.domain,
            ["name", "finished_at", "message"],
            {limit: SHOWN, order: "id desc"}
        );
    }

    when(run) {
        return run.finished_at ? formatDateTime(deserializeDateTime(run.finished_at)) : "";
    }

    open(run) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.sync",
            res_id: run.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("xero_failed_runs", {component: FailedRuns});
