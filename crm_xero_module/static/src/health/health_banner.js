import {Component, onMounted, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";
import {useWays} from "./ways";

// Where people look at customers; the addon's own screens are beside these.
const MODELS = ["res.partner", "crm.lead"];
const VIEWS = ["list", "kanban"];

/** Whether a screen tells administrators of connections that need them. */
function isTold(env) {
    const model = env.searchModel?.resModel || "";
    if (env.inDialog || model === "xero.connection") {
        // Each connection says it itself.
        return false;
    }
    const isCustomers = MODELS.includes(model) && VIEWS.includes(env.config?.viewType);
    return isCustomers || model.startsWith("xero.");
}

/** On top of the screens: the connection that needs a person, and the way back. */
export class HealthBanner extends Component {
    static template = "crm_xero_module.HealthBanner";
    static props = {isOurs: {type: Boolean, optional: true}};

    setup() {
        this.ways = useWays();
        this.action = useService("action");
        this.service = useService("xero_health");
        this.health = useState(this.service.health);
        this.isTold = this.props.isOurs || isTold(this.env);
        onMounted(() => this.isTold && this.service.look());
    }

    get worst() {
        return this.isTold && this.health.broken[0];
    }

    get others() {
        const count = this.health.broken.length - 1;
        return count === 1 ? _t("One more needs you.") : _t("%s more need you.", count);
    }

    open() {
        return this.action.doAction("crm_xero_module.xero_connection_action_overview");
    }
}

// A getter, so that layouts that name their own components have it, too.
patch(Layout.prototype, {
    get xeroHealthBanner() {
        return HealthBanner;
    },
});
