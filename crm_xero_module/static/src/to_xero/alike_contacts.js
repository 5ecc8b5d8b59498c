import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** Contacts that Xero has, one of which the customer may be. */
export class AlikeContacts extends Component {
    static template = "crm_xero_module.AlikeContacts";
    static props = {contacts: Array, link: Function, disabled: {type: Boolean, optional: true}};

    details(contact) {
        return [contact.ContactNumber, contact.EmailAddress].filter(Boolean).join(" · ");
    }

    isArchived(contact) {
        return contact.ContactStatus === "ARCHIVED";
    }
}

/** The same on an entry's form. */
export class AlikeContactsField extends Component {
    static template = "crm_xero_module.AlikeContactsField";
    static components = {AlikeContacts};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
    }

    get contacts() {
        return this.props.record.data[this.props.name] || [];
    }

    async link(contactId) {
        const {resModel, resId} = this.props.record;
        await this.orm.call(resModel, "link_instead", [[resId], contactId]);
        await this.props.record.load();
    }
}

registry.category("fields").add("xero_alike_contacts", {
    component: AlikeContactsField,
    supportedTypes: ["json"],
});
