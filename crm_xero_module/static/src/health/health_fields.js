import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";
import {useWays} from "./ways";

const ALERTS = {ok: "alert-info", warning: "alert-warning", problem: "alert-danger"};
const ICONS = {
    ok: "fa-info-circle text-info",
    warning: "fa-exclamation-triangle text-warning",
    problem: "fa-times-circle text-danger",
};

/** The findings of a connection: what happened, since when, and what to do. */
class HealthField extends Component {
    static props = {...standardFieldProps};

    setup() {
        this.ways = useWays();
        this.action = useService("action");
    }

    get findings() {
        return this.props.record.data[this.props.name] || [];
    }

    get worst() {
        return this.findings[0];
    }

    /** How many findings there are beside the worst. */
    get others() {
        const count = this.findings.length - 1;
        return count === 1 ? _t("One more thing") : _t("%s more things", count);
    }

    alertOf(finding) {
        return ALERTS[finding.level];
    }

    iconOf(finding) {
        return ICONS[finding.level];
    }

    follow(finding) {
        return this.ways.follow(finding.way, this.props.record.resId);
    }
}

/** On the Health tab: all of them. */
class HealthList extends HealthField {
    static template = "crm_xero_module.HealthList";

    get isConnected() {
        return this.props.record.data.state === "connected";
    }
}

/** On top of the connection's form: the worst. */
class HealthAlert extends HealthField {
    static template = "crm_xero_module.HealthAlert";
}

/** On the connection's card: what is wrong, in one sentence. */
class HealthLine extends HealthField {
    static template = "crm_xero_module.HealthLine";

    get isShown() {
        const isOver = this.props.record.data.state === "disconnected";
        return this.worst && (isOver || this.worst.level !== "ok");
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.connection",
            res_id: this.props.record.resId,
            views: [[false, "form"]],
        });
    }
}

const fields = registry.category("fields");
for (const [name, component] of Object.entries({
    xero_health: HealthList,
    xero_health_alert: HealthAlert,
    xero_health_line: HealthLine,
})) {
    fields.add(name, {component, supportedTypes: ["json"]});
}
