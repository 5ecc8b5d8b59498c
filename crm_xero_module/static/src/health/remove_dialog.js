import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** What goes with a connection and what stays, before it is deleted. */
export class RemoveDialog extends Component {
    static template = "crm_xero_module.RemoveDialog";
    static components = {Dialog};
    static props = {
        id: Number,
        name: String,
        gone: Array,
        kept: Array,
        onRemoved: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.title = _t("Delete “%s”?", this.props.name);
        this.state = useState({working: false});
        this.number = formatInteger;
    }

    async remove() {
        this.state.working = true;
        try {
            const isGone = await this.orm.call("xero.connection", "remove_now", [
                this.props.id,
            ]);
            this.props.close();
            this.props.onRemoved(isGone);
        } finally {
            this.state.working = false;
        }
    }
}

function openRemoveDialog(env, action) {
    const {id, name, gone, kept} = action.params;
    env.services.dialog.add(RemoveDialog, {
        id,
        name,
        gone,
        kept,
        onRemoved: (isGone) => {
            const said = isGone
                ? _t("“%s” was deleted.", name)
                : _t("“%s” is being deleted; you may go on.", name);
            env.services.notification.add(said, {type: "success"});
            return env.services.action.doAction(
                "crm_xero_module.xero_connection_action",
                {clearBreadcrumbs: true}
            );
        },
    });
}

registry.category("actions").add("crm_xero_module.remove_dialog", openRemoveDialog);
