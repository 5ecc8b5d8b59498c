import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useAutofocus, useService} from "@web/core/utils/hooks";

/**
 * Asks for the key that Xero signs its webhooks with.
 *
 * The key lives in this dialog and in one call to the server, which hands it to the
 * connector. It is never a field of a record, so nothing of it reaches the database.
 */
export class XeroWebhookDialog extends Component {
    static template = "crm_xero_module.XeroWebhookDialog";
    static components = {Dialog};
    static props = {
        appsUrl: String,
        onSaved: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({key: "", problem: "", sending: false});
        useAutofocus();
    }

    get isComplete() {
        return Boolean(this.state.key.trim());
    }

    async send() {
        if (!this.isComplete || this.state.sending) {
            return;
        }
        this.state.sending = true;
        this.state.problem = "";
        try {
            const answer = await this.orm.call(
                "res.config.settings",
                "xero_set_webhook_key",
                [],
                {key: this.state.key.trim()}
            );
            if (answer.problem) {
                this.state.problem = answer.problem;
                return;
            }
            this.props.close();
            this.props.onSaved(answer.message);
        } finally {
            this.state.sending = false;
        }
    }
}

function openXeroWebhookDialog(env, action) {
    env.services.dialog.add(XeroWebhookDialog, {
        appsUrl: action.params.apps_url,
        onSaved: (message) => {
            env.services.notification.add(message, {type: "success", sticky: true});
            return env.services.action.doAction({
                type: "ir.actions.client",
                tag: "soft_reload",
            });
        },
    });
}

registry.category("actions").add("crm_xero_module.webhook_dialog", openXeroWebhookDialog);
