import {Component, useState} from "@odoo/owl";
import {useAutofocus, useService} from "@web/core/utils/hooks";

/**
 * What the dialogs have in common that ask for a secret of Xero's.
 *
 * The secret lives in the dialog and in one call to the server, which hands it to the
 * connector. It is never a field of a record, so nothing of it reaches the database.
 */
export class SecretDialog extends Component {
    static props = {
        appsUrl: String,
        onSaved: Function,
        close: Function,
    };

    /**
     * @param {Object} entered what stands in the dialog at first
     */
    setup(entered) {
        this.orm = useService("orm");
        this.state = useState({...entered, problem: "", sending: false});
        useAutofocus();
    }

    async handOver(method, values) {
        this.state.sending = true;
        this.state.problem = "";
        try {
            const answer = await this.orm.call("res.config.settings", method, [], values);
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

/**
 * Open it; what the connector took is told, and the page behind reads anew.
 */
export function openSecretDialog(env, dialog, props, sticky = false) {
    env.services.dialog.add(dialog, {
        ...props,
        onSaved: (message) => {
            env.services.notification.add(message, {type: "success", sticky});
            return env.services.action.doAction({
                type: "ir.actions.client",
                tag: "soft_reload",
            });
        },
    });
}
