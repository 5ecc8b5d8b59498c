import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

const LABELS = {
    reconnect: _t("Reconnect"),
    successor: _t("Connect the new one"),
    take_over: _t("Take over"),
    settings: _t("Open the settings"),
};
const METHODS = {
    reconnect: "action_connect",
    successor: "action_connect_successor",
};

/** What mends a connection in one click: its label, and to do it. */
export function useWays() {
    const action = useService("action");
    const dialog = useService("dialog");
    const orm = useService("orm");

    async function takeOver(id) {
        await orm.call("xero.connection", "action_take_feed_over", [id]);
        return action.doAction({type: "ir.actions.client", tag: "soft_reload"});
    }

    return {
        labelOf: (way) => LABELS[way],
        async follow(way, id) {
            if (way === "settings") {
                return action.doAction("crm_xero_module.xero_settings_action");
            }
            if (way === "take_over") {
                return dialog.add(ConfirmationDialog, {
                    title: _t("Take over?"),
                    body: _t(
                        "From now on this database reads what Xero sends, and the" +
                            " other one no longer does. Take over only if this is the" +
                            " one that people work in."
                    ),
                    confirmLabel: _t("Take over"),
                    confirm: () => takeOver(id),
                    cancel: () => {},
                });
            }
            const method = METHODS[way];
            return action.doAction(await orm.call("xero.connection", method, [id]));
        },
    };
}
