import {CUSTOMERS} from "./matching_model";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

const OVERVIEW = "crm_xero_module.xero_connection_action_overview";

/** Why the list is empty, and what to do next. */
export class Nothing extends Component {
    static template = "crm_xero_module.Nothing";
    static props = {model: Object};

    setup() {
        this.action = useService("action");
    }

    get words() {
        const {page} = this.props.model;
        const {filter} = page;
        if (!page.connection) {
            return {
                title: _t("Xero is not connected yet"),
                text: _t("Connect your organisation; its contacts are matched here then."),
                button: _t("Overview"),
                do: () => this.action.doAction(OVERVIEW),
            };
        }
        if (filter.search) {
            return {
                title: _t("Nobody is called “%s”", filter.search),
                text: _t("Search for a part of the name, of the email or of the VAT."),
                button: _t("Show all"),
                do: () => this.props.model.change({search: ""}),
            };
        }
        return filter.side === CUSTOMERS ? this.ofCustomers : this.ofContacts;
    }

    get ofContacts() {
        const {model} = this.props;
        const {page} = model;
        const {filter} = page;
        const showAll = {
            button: _t("Show all"),
            do: () => model.change({kind: "all", score: false}),
        };
        if (model.isAbove) {
            return {
                title: _t("No suggestion is as good as %s %", filter.score),
                text: _t("Ask for fewer percent, or look through them one by one."),
                ...showAll,
            };
        }
        if (filter.kind !== "all") {
            return {
                title: _t("None of this kind is left"),
                text: _t("The others are still there."),
                ...showAll,
            };
        }
        return page.total ? this.allMatched : this.noContacts;
    }

    get allMatched() {
        return {
            title: _t("Every contact of Xero is matched"),
            text: _t("What comes new from Xero, and is not found by a key, comes here."),
            button: _t("Customers"),
            do: () => this.action.doAction("crm_xero_module.xero_contact_action"),
        };
    }

    get noContacts() {
        return {
            title: _t("Nothing came from Xero yet"),
            text: _t("Sync once; the contacts are here then, to be matched."),
            button: _t("Overview"),
            do: () => this.action.doAction(OVERVIEW),
        };
    }

    get ofCustomers() {
        return {
            title: _t("Every customer has a contact in Xero"),
            text: _t("A new customer of the CRM comes here until it is linked."),
            button: _t("Contacts of Xero"),
            do: () => this.props.model.change({side: "contacts"}),
        };
    }
}
