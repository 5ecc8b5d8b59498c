import {Component} from "@odoo/owl";
import {RecordChooser} from "./record_chooser";
import {_t} from "@web/core/l10n/translation";
import {useRowFocus} from "./focus";

const SHOWN = ["email", "phone", "vat", "city", "country"];

/** A customer of the CRM that has no contact in Xero. */
export class CustomerRow extends Component {
    static template = "crm_xero_module.CustomerRow";
    static components = {RecordChooser};
    static props = {
        row: Object,
        index: Number,
        isCurrent: Boolean,
        isChoosing: Boolean,
        contactDomain: Array,
        canCreate: Boolean,
        problem: {type: String, optional: true},
        act: Object,
    };

    setup() {
        useRowFocus();
    }

    get tabindex() {
        return this.props.isCurrent ? 0 : -1;
    }

    get partner() {
        return this.props.row.partner;
    }

    get details() {
        return SHOWN.map((name) => this.partner[name]).filter(Boolean);
    }

    get chooserLabel() {
        return _t("Which contact of Xero is it?");
    }
}
