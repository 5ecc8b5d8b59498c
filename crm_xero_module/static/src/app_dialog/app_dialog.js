import {Component, useState} from "@odoo/owl";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useAutofocus, useService} from "@web/core/utils/hooks";

/**
 * Asks for the Xero app's client id and secret.
 *
 * The secret lives in this dialog and in one call to the server, which hands it to
 * the connector. It is never a field of a record, so nothing of it reaches the
 * database.
 */
export class XeroAppDialog extends Component {
    static template = "crm_xero_module.XeroAppDialog";
    static components = {CopyButton, Dialog};
    static props = {
        clientId: {type: String, optional: true},
        redirectUri: {type: String, optional: true},
        appsUrl: String,
        onSaved: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.copied = _t("Copied");
        this.state = useState({
            clientId: this.props.clientId || "",
            clientSecret: "",
            problem: "",
            sending: false,
        });
        useAutofocus();
    }

    get isComplete() {
        return this.state.clientId.trim() && this.state.clientSecret.trim();
    }

    async send() {
        this.state.sending = true;
        this.state.problem = "";
        try {
            const answer = await this.orm.call("res.config.settings", "xero_set_app", [], {
                client_id: this.state.clientId.trim(),
                client_secret: this.state.clientSecret.trim(),
            });
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

function openXeroAppDialog(env, action) {
    const {client_id, redirect_uri, apps_url} = action.params;
    env.services.dialog.add(XeroAppDialog, {
        clientId: client_id || "",
        redirectUri: redirect_uri || "",
        appsUrl: apps_url,
        onSaved: (message) => {
            env.services.notification.add(message, {type: "success"});
            return env.services.action.doAction({
                type: "ir.actions.client",
                tag: "soft_reload",
            });
        },
    });
}

registry.category("actions").add("crm_xero_module.app_dialog", openXeroAppDialog);
