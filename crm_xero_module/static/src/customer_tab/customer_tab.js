import {Component, useState} from "@odoo/owl";
import {ChangedHere} from "../changed_here/changed_here";
import {CustomerSales} from "./customer_sales";
import {LinkedContacts} from "./linked_contacts";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useSavedRecord} from "../changed_here/saved_record";
import {useService} from "@web/core/utils/hooks";

const CONTACT_FIELDS = {
    name: {},
    status: {},
    archived: {},
    merged_to: {},
    is_leading: {},
    link_state: {},
    link_note: {},
    partner_id: {fields: {display_name: {}}},
    delivery_partner_id: {fields: {}},
    receivable_outstanding: {},
    receivable_overdue: {},
    updated_at: {},
    connection_id: {fields: {display_name: {}, base_currency: {}}},
};
const PERSON_FIELDS = {
    first_name: {},
    last_name: {},
    email: {},
    active: {},
    link_state: {},
    link_note: {},
    contact_id: {fields: {display_name: {}}},
};

/**
 * What Xero holds of a customer, read when the Xero tab is opened: a hidden list
 * would cost its queries at every opening of the form.
 */
export class CustomerTab extends Component {
    static template = "crm_xero_module.CustomerTab";
    static components = {ChangedHere, CustomerSales, LinkedContacts};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            contacts: [],
            persons: [],
            changed: [],
            onItsWay: [],
            version: 0,
        });
        useSavedRecord(this, (resId) => this.read(resId));
    }

    async read(partnerId) {
        const ask = (method, ...args) =>
            this.orm.call("res.partner", method, [partnerId, ...args]);
        const [contacts, {records: persons}, changed, onItsWay] = partnerId
            ? await Promise.all([
                  ask("xero_linked_contacts", CONTACT_FIELDS),
                  this.orm.webSearchRead(
                      "xero.contact.person",
                      [["partner_id", "=", partnerId]],
                      {specification: PERSON_FIELDS, context: {active_test: false}}
                  ),
                  ask("xero_changed_here"),
                  ask("xero_on_its_way"),
              ])
            : [[], {records: []}, [], []];
        const own = contacts.filter(({partner_id}) => partner_id.id === partnerId);
        // One human who is a customer of its own is shown once.
        const ids = new Set(own.map(({id}) => id));
        Object.assign(this.state, {
            contacts,
            persons: persons.filter(({contact_id}) => !ids.has(contact_id.id)),
            changed,
            onItsWay,
            partnerId,
            version: this.state.version + 1,
        });
    }

    get isLinked() {
        return Boolean(this.state.contacts.length || this.state.persons.length);
    }

    /** Of whom the figures are, where they are not this customer's own. */
    get companyName() {
        const {contacts, partnerId} = this.state;
        const isOwn = contacts.some(({partner_id}) => partner_id.id === partnerId);
        return !isOwn && contacts.length ? contacts[0].partner_id.display_name : "";
    }

    /** Do something with what is linked here, and show the customer as it then is. */
    async act(model, method, args) {
        const {record} = this.props;
        if (!(await record.save())) {
            return;
        }
        const answer = await this.orm.call(model, method, args);
        if (answer !== true) {
            await this.action.doAction(answer);
        }
        await record.load();
        await this.read(record.resId);
    }

    get canCreate() {
        const isUnderWay = this.state.onItsWay.some(({state}) => state !== "failed");
        return this.props.record.data.xero_can_create && !isUnderWay;
    }

    /** Create it in Xero, or link it to what is there; shown when that is done. */
    async openDialog(method) {
        const {record} = this.props;
        if (!(await record.save())) {
            return;
        }
        const dialog = await this.orm.call("res.partner", method, [[record.resId]]);
        await this.action.doAction(dialog, {
            onClose: async () => {
                await record.load();
                await this.read(record.resId);
            },
        });
    }

    openEntry(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.outbox",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    followAgain(names) {
        const {resId} = this.props.record;
        return this.act("res.partner", "xero_follow_again", [resId, names]);
    }
}

registry.category("view_widgets").add("xero_customer_tab", {
    component: CustomerTab,
    additionalClasses: ["w-100"],
});
