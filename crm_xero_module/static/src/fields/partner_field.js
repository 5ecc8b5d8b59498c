import {
    FieldSelectorField,
    fieldSelectorField,
} from "@web/views/fields/field_selector/field_selector_field";
import {registry} from "@web/core/registry";
import {xml} from "@odoo/owl";

/** The name of a field of the customer, chosen and shown by its label. */
class PartnerField extends FieldSelectorField {
    static template = xml`<ModelFieldSelector t-props="selectorProps"/>`;

    get resModel() {
        return "res.partner";
    }
}

registry.category("fields").add("xero_partner_field", {
    ...fieldSelectorField,
    component: PartnerField,
    extractProps: (...args) => ({
        ...fieldSelectorField.extractProps(...args),
        allowProperties: false,
        followRelations: false,
    }),
});
