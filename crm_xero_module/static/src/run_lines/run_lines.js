import {Component, markup, useState} from "@odoo/owl";
import {View} from "@web/views/view";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";
import {isLive} from "@crm_xero_module/run_progress/run_words";

const PAGE = 80;
// More lines than these are gathered by their reasons.
const UNGROUPED = 20;
const OUTCOMES = [
    ["create", _t("New"), "created_count"],
    ["update", _t("Changed"), "updated_count"],
    ["link", _t("Linked"), "linked_count"],
    [false, _t("Same"), "unchanged_count"],
    ["skipped", _t("Skipped"), "skipped_count"],
    ["conflict", _t("Conflict"), "failed_count"],
];

/**
 * The lines of a Run as a list of their own inside its form: searched, grouped,
 * exported and chosen, many at once, which the list of a one2many field can't do.
 *
 * Above those of a preview stand its counts; each shows its lines alone.
 */
export class RunLines extends Component {
    static template = "crm_xero_module.RunLines";
    static components = {View};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({outcome: false});
        this.shown = {};
    }

    get run() {
        return this.props.record.data;
    }

    get isPreview() {
        return this.run.kind === "preview";
    }

    get cards() {
        return OUTCOMES.map(([outcome, label, count]) => ({
            outcome,
            label,
            name: count,
            count: this.run[count],
            shownCount: formatInteger(this.run[count]),
            isChosen: outcome && this.state.outcome === outcome,
        }));
    }

    choose(outcome) {
        this.state.outcome = this.state.outcome === outcome ? false : outcome;
    }

    /** The same object as long as the same lines are shown: a new one reads anew. */
    get viewProps() {
        const key = JSON.stringify([this.props.record.resId, this.state.outcome, this.age]);
        if (this.shown.key !== key) {
            this.shown = {key, props: this.makeViewProps()};
        }
        return this.shown.props;
    }

    /** While a preview grows, its first page is read again until it is full. */
    get age() {
        return this.isLive ? Math.min(this.told, PAGE) : "over";
    }

    /** How many records have a line. */
    get told() {
        return OUTCOMES.filter(([outcome]) => outcome)
            .map(([, , count]) => this.run[count])
            .reduce((sum, count) => sum + count, 0);
    }

    makeViewProps() {
        const {resId} = this.props.record;
        const domain = [["sync_id", "=", resId]];
        if (this.isPreview) {
            domain.push(["state", "=", "preview"]);
        }
        if (this.state.outcome) {
            domain.push(["outcome", "=", this.state.outcome]);
        }
        const views = this.isPreview
            ? {
                  list_view_ref: "crm_xero_module.xero_preview_line_view_list",
                  search_view_ref: "crm_xero_module.xero_preview_line_view_search",
              }
            : {
                  list_view_ref: "crm_xero_module.xero_sync_line_view_list",
                  search_default_group_reason: this.run.line_count > UNGROUPED,
              };
        return {
            type: "list",
            resModel: "xero.sync.line",
            domain,
            context: views,
            views: [
                [false, "list"],
                [false, "search"],
            ],
            searchViewId: false,
            loadActionMenus: true,
            noBreadcrumbs: true,
            useSampleModel: false,
            display: {searchPanel: false},
            noContentHelp: markup`<p>${_t("Nothing here.")}</p>`,
            selectRecord: (id) => this.open(id),
        };
    }

    get isLive() {
        return isLive(this.run);
    }

    /** Why a preview shows no line, null where it does. */
    get nothing() {
        if (!this.isPreview || this.run.line_count) {
            return null;
        }
        if (this.isLive) {
            return _t("Nothing to tell yet.");
        }
        if (this.run.state !== "done") {
            return _t("It ended before there was anything to tell.");
        }
        if (this.told) {
            return _t("These are suppliers, whose values only Xero administrators see.");
        }
        return this.run.unchanged_count
            ? _t("Nothing would be done: everything is as this import wants it.")
            : _t("No record of Xero matches this import.");
    }

    async open(id) {
        if (this.isPreview) {
            const action = await this.orm.call("xero.sync.line", "action_open", [[id]]);
            return this.action.doAction(action);
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.sync.line",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("xero_run_lines", {
    component: RunLines,
    additionalClasses: ["w-100"],
    fieldDependencies: [
        {name: "kind", type: "selection"},
        {name: "state", type: "selection"},
        {name: "line_count", type: "integer"},
        ...OUTCOMES.map(([, , name]) => ({name, type: "integer"})),
    ],
});
