import {Component, onWillStart, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {user} from "@web/core/user";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

const CONTACT_FIELDS = {
    name: {},
    status: {},
    archived: {},
    merged_to: {},
    is_leading: {},
    link_state: {},
    link_note: {},
    partner_id: {fields: {}},
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
const STATUSES = {
    ACTIVE: [_t("Active"), "text-bg-success"],
    ARCHIVED: [_t("Archived"), "text-bg-secondary"],
    GDPRREQUEST: [_t("Erasure requested"), "text-bg-warning"],
    MERGED: [_t("Merged into another"), "text-bg-secondary"],
};

/**
 * What Xero holds of a customer, read when the Xero tab is opened: a hidden list
 * would cost its queries at every opening of the form.
 */
export class CustomerTab extends Component {
    static template = "crm_xero_module.CustomerTab";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({contacts: [], persons: [], changed: []});
        onWillStart(async () => {
            this.isOperator = await user.hasGroup(
                "crm_xero_module.group_xero_operator"
            );
        });
        useRecordObserver(async ({resId, dirty}) => {
            // What was saved may no longer be as Xero has it.
            const isOther = resId !== this.shownId || (this.wasDirty && !dirty);
            this.shownId = resId;
            this.wasDirty = dirty;
            if (isOther) {
                await this.read(resId);
            }
        });
    }

    async read(partnerId) {
        const search = async (model, operator, specification) => {
            const {records} = await this.orm.webSearchRead(
                model,
                [["partner_id", operator, partnerId]],
                {specification, context: {active_test: false}}
            );
            return records;
        };
        const [contacts, persons, changed] = partnerId
            ? await Promise.all([
                  search("xero.contact", "parent_of", CONTACT_FIELDS),
                  search("xero.contact.person", "=", PERSON_FIELDS),
                  this.orm.call("res.partner", "xero_changed_here", [partnerId]),
              ])
            : [[], [], []];
        this.state.contacts = contacts.map((contact) => ({
            ...this.present(contact),
            isOfCompany: contact.partner_id.id !== partnerId,
            isDelivery: contact.delivery_partner_id?.id === partnerId,
            canLead: contact.link_state === "linked" && !contact.is_leading,
        }));
        // One human who is a customer of its own is shown once.
        const own = new Set(this.ownContacts.map(({id}) => id));
        this.state.persons = persons.filter(({contact_id}) => !own.has(contact_id.id));
        this.state.changed = changed;
    }

    get ownContacts() {
        return this.state.contacts.filter(({isOfCompany}) => !isOfCompany);
    }

    present(contact) {
        const {display_name, base_currency} = contact.connection_id;
        const code = contact.merged_to ? "MERGED" : contact.status;
        const [status, statusColor] = STATUSES[code] || [
            code,
            "text-bg-light border",
        ];
        const amount = (value) =>
            `${formatFloat(value || 0, {digits: [16, 2]})} ${base_currency || ""}`;
        return {
            ...contact,
            status,
            statusColor,
            organisation: display_name,
            outstanding: amount(contact.receivable_outstanding),
            overdue: amount(contact.receivable_overdue),
            isOverdue: contact.receivable_overdue > 0,
            updated:
                contact.updated_at &&
                formatDate(deserializeDateTime(contact.updated_at)),
        };
    }

    personName(person) {
        return [person.first_name, person.last_name].filter(Boolean).join(" ");
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

    unlink(model, id, name) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Unlink “%s”?", name),
            body: _t(
                "The customer stays as it is, and follows Xero no longer. “Import" +
                    " again” on the Xero contact brings the link back."
            ),
            confirmLabel: _t("Unlink"),
            confirm: () => this.act(model, "action_unlink_record", [id]),
            cancel: () => {},
        });
    }

    followAgain(fields) {
        const names = fields.map(({name}) => name);
        const {resId} = this.props.record;
        return this.act("res.partner", "xero_follow_again", [resId, names]);
    }

    open(contactId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.contact",
            res_id: contactId,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("xero_customer_tab", {
    component: CustomerTab,
    additionalClasses: ["w-100"],
});
