import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const FEW = 4;
const LONG = 80;

/** Fields old → new, one a row; many fields and long values are folded. */
export class ChangesField extends Component {
    static template = "crm_xero_module.ChangesField";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({isOpen: false});
    }

    get all() {
        return this.props.record.data[this.props.name] || [];
    }

    get isFolded() {
        return !this.state.isOpen && this.all.length > FEW + 1;
    }

    get hidden() {
        return this.all.length - FEW;
    }

    get shown() {
        const shown = this.isFolded ? this.all.slice(0, FEW) : this.all;
        return shown.map(([label, old, value]) => ({
            label,
            old: this.cut(old),
            value: this.cut(value),
            title: [old, value].filter(Boolean).join(" → "),
        }));
    }

    cut(text) {
        const isLong = text && !this.state.isOpen && text.length > LONG;
        return isLong ? `${text.slice(0, LONG)}…` : text;
    }

    get canFold() {
        const isLong = (text) => text && text.length > LONG;
        return (
            this.all.length > FEW + 1 ||
            this.all.some(([, old, value]) => isLong(old) || isLong(value))
        );
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
    }
}

registry.category("fields").add("xero_changes", {
    component: ChangesField,
    supportedTypes: ["json"],
});
