import {SecretDialog, openSecretDialog} from "./secret_dialog";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * Asks for the Xero app's client id and secret.
 */
export class XeroAppDialog extends SecretDialog {
    static template = "crm_xero_module.XeroAppDialog";
    static components = {CopyButton, Dialog};
    static props = {
        ...SecretDialog.props,
        clientId: {type: String, optional: true},
        redirectUri: {type: String, optional: true},
    };

    setup() {
        super.setup({clientId: this.props.clientId || "", clientSecret: ""});
        this.copied = _t("Copied");
    }

    get isComplete() {
        return this.state.clientId.trim() && this.state.clientSecret.trim();
    }

    async send() {
        await this.handOver("xero_set_app", {
            client_id: this.state.clientId.trim(),
            client_secret: this.state.clientSecret.trim(),
        });
    }
}

function openXeroAppDialog(env, action) {
    const {client_id, redirect_uri, apps_url} = action.params;
    openSecretDialog(env, XeroAppDialog, {
        clientId: client_id || "",
        redirectUri: redirect_uri || "",
        appsUrl: apps_url,
    });
}

registry.category("actions").add("crm_xero_module.app_dialog", openXeroAppDialog);
