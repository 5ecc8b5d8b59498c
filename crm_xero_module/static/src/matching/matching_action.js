import {CONTACTS, CUSTOMERS, MatchingModel, keyOf} from "./matching_model";
import {Component, onMounted, onWillStart, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {ChosenBar} from "./chosen_bar";
import {CustomerRow} from "./customer_row";
import {HealthBanner} from "../health/health_banner";
import {KeyHints} from "./key_hints";
import {Layout} from "@web/search/layout";
import {MatchRow} from "./match_row";
import {MatchingFilters} from "./matching_filters";
import {MatchingGate} from "./matching_gate";
import {MatchingProgress} from "./matching_progress";
import {MatchingSearch} from "./matching_search";
import {Nothing} from "./nothing";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useMatchingKeys} from "./matching_keys";
import {usePager} from "@web/search/pager_hook";
import {useSetupAction} from "@web/search/action_hook";

/** Who of Xero is who in the CRM: what the two have in common, and people's word. */
export class MatchingAction extends Component {
    static template = "crm_xero_module.MatchingAction";
    static components = {
        ChosenBar,
        CustomerRow,
        HealthBanner,
        KeyHints,
        Layout,
        MatchRow,
        MatchingFilters,
        MatchingGate,
        MatchingProgress,
        MatchingSearch,
        Nothing,
    };
    static props = {...standardActionServiceProps};
    static displayName = _t("Match");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.env.config.setDisplayName(this.props.action.name || _t("Match"));
        // The address of the page has the connection as `active_id`.
        const {connection_id, active_id} = this.props.action.context || {};
        const connectionId = connection_id || active_id;
        this.model = useState(
            new MatchingModel(this.orm, {connectionId, ...this.props.state})
        );
        this.choosing = useState({key: false});
        this.act = this.makeActs();
        useMatchingKeys(this.model, this.act);
        usePager(() => this.pager);
        useSetupAction({
            getLocalState: () => this.model.saved,
            beforeLeave: () => this.model.settled(),
            beforeUnload: (ev) => this.model.pending && ev.preventDefault(),
        });
        onWillStart(() => this.model.load());
        onMounted(() => this.model.freshen());
    }

    get display() {
        return {controlPanel: {}};
    }

    get pager() {
        const {offset, limit, page} = this.model;
        return {
            offset,
            limit,
            total: page.length,
            onUpdate: (values) => this.model.turn(values),
        };
    }

    /** What a row can have done, by its buttons or by keys. */
    makeActs() {
        const {model} = this;
        return {
            goTo: (row) => model.goTo(row),
            toggle: (row) => model.toggle(row),
            turnTo: (row, index) => (row.shown = index),
            accept: (row) => (model.isDecided ? model.again(row) : model.accept(row)),
            never: (row) => model.never(row),
            newCustomer: (row) => model.newCustomer(row),
            choose: (row) => {
                model.goTo(row);
                this.choosing.key = keyOf(row);
            },
            endChoosing: () => (this.choosing.key = false),
            other: (row, id) => this.other(row, id),
            createInXero: (row) => this.createInXero(row),
            open: (resModel, id) => this.open(resModel, id),
            undo: () => model.undo(),
        };
    }

    get isContacts() {
        return this.model.page.filter.side === CONTACTS;
    }

    get tabs() {
        const {filter, page} = this.model;
        return [
            [CONTACTS, _t("Contacts of Xero"), page.counts.all],
            [
                CUSTOMERS,
                _t("Customers without a contact in Xero"),
                page.counts.customers,
            ],
        ].map(([side, label, count]) => ({
            side,
            label,
            count: formatInteger(count || 0),
            isActive: filter.side === side,
        }));
    }

    openConnection(id) {
        this.props.updateActionState?.({active_id: id});
        return this.model.open(id);
    }

    openTab(side) {
        return this.model.change({side, kind: "all", score: false});
    }

    isChoosing(row) {
        return this.choosing.key === keyOf(row);
    }

    isChosen(row) {
        const isIn = this.model.chosen.has(keyOf(row));
        return this.model.isAbove ? !isIn : isIn;
    }

    get isPageChosen() {
        const {chosen, rows} = this.model;
        return rows.length > 0 && rows.every((row) => chosen.has(keyOf(row)));
    }

    choosePage() {
        const keys = this.isPageChosen ? [] : this.model.rows.map(keyOf);
        this.model.choose(keys, false);
    }

    get gridLabel() {
        return this.tabs.find(({isActive}) => isActive).label;
    }

    get customerDomain() {
        return this.model.page.customer_domain || [];
    }

    get contactDomain() {
        return [
            ["connection_id", "=", this.model.connectionId],
            ["link_state", "=", "unlinked"],
        ];
    }

    async createInXero(row) {
        const action = await this.orm.call("res.partner", "action_create_in_xero", [
            row.partner.id,
        ]);
        return this.action.doAction(action, {onClose: () => this.model.load()});
    }

    other(row, id) {
        this.choosing.key = false;
        return this.isContacts
            ? this.model.other(row, row.contact.id, id)
            : this.model.other(row, id, row.partner.id);
    }

    open(resModel, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("xero_matching", MatchingAction);
