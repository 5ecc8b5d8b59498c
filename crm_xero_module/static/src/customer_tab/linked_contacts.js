import {deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {Component} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {useService} from "@web/core/utils/hooks";

const STATUSES = {
    ACTIVE: [_t("Active"), "text-bg-success"],
    ARCHIVED: [_t("Archived"), "text-bg-secondary"],
    GDPRREQUEST: [_t("Erasure requested"), "text-bg-warning"],
    MERGED: [_t("Merged into another"), "text-bg-secondary"],
};

/** The contacts of Xero that a customer is, and the person of one that it is. */
export class LinkedContacts extends Component {
    static template = "crm_xero_module.LinkedContacts";
    static props = {
        contacts: {type: Array, element: Object},
        persons: {type: Array, element: Object},
        partnerId: {type: [Number, Boolean], optional: true},
        isOperator: Boolean,
        act: Function,
    };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
    }

    get contacts() {
        return this.props.contacts.map((contact) => this.present(contact));
    }

    present(contact) {
        const {partnerId} = this.props;
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
            isOfCompany: contact.partner_id.id !== partnerId,
            isDelivery: contact.delivery_partner_id?.id === partnerId,
            canLead: contact.link_state === "linked" && !contact.is_leading,
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

    unlink(model, id, name) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Unlink “%s”?", name),
            body: _t(
                "The customer stays as it is, and follows Xero no longer. “Import" +
                    " again” on the Xero contact brings the link back."
            ),
            confirmLabel: _t("Unlink"),
            confirm: () => this.props.act(model, "action_unlink_record", [id]),
            cancel: () => {},
        });
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
