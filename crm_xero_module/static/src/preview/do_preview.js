import {Component, xml} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/** "Do exactly this", with the numbers of what that is before it is done. */
export class DoPreview extends Component {
    static template = xml`
        <button
            t-if="run.can_be_done"
            type="button"
            name="do_preview"
            class="btn btn-primary"
            t-on-click="ask"
        >
            Do exactly this
        </button>
    `;
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
    }

    get run() {
        return this.props.record.data;
    }

    ask() {
        const {created_count, updated_count, linked_count} = this.run;
        this.dialog.add(ConfirmationDialog, {
            title: _t("Do exactly this?"),
            body: _t(
                "%(created)s new, %(updated)s changed, %(linked)s linked." +
                    " What changed since this preview is left alone and named.",
                {
                    created: formatInteger(created_count),
                    updated: formatInteger(updated_count),
                    linked: formatInteger(linked_count),
                }
            ),
            confirmLabel: _t("Do it"),
            confirm: () => this.do(),
            cancelLabel: _t("Not yet"),
            cancel: () => {},
        });
    }

    async do() {
        const {resModel, resId} = this.props.record;
        const action = await this.orm.call(resModel, "action_do_preview", [[resId]]);
        return this.action.doAction(action);
    }
}

registry.category("view_widgets").add("xero_do_preview", {
    component: DoPreview,
    fieldDependencies: [
        {name: "can_be_done", type: "boolean"},
        {name: "created_count", type: "integer"},
        {name: "updated_count", type: "integer"},
        {name: "linked_count", type: "integer"},
    ],
});
