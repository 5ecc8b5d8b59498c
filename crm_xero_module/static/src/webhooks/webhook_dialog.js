import {SecretDialog, openSecretDialog} from "../app_dialog/secret_dialog";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";

/**
 * Asks for the key that Xero signs its webhooks with.
 */
export class XeroWebhookDialog extends SecretDialog {
    static template = "crm_xero_module.XeroWebhookDialog";
    static components = {Dialog};

    setup() {
        super.setup({key: ""});
    }

    get isComplete() {
        return Boolean(this.state.key.trim());
    }

    async send() {
        if (this.isComplete && !this.state.sending) {
            await this.handOver("xero_set_webhook_key", {key: this.state.key.trim()});
        }
    }
}

function openXeroWebhookDialog(env, action) {
    // It says what to press next: that stays until it is read.
    openSecretDialog(env, XeroWebhookDialog, {appsUrl: action.params.apps_url}, true);
}

registry.category("actions").add("crm_xero_module.webhook_dialog", openXeroWebhookDialog);
