import {Component} from "@odoo/owl";

/** The fields that were changed in the CRM and follow Xero no longer. */
export class ChangedHere extends Component {
    static template = "crm_xero_module.ChangedHere";
    static props = {
        fields: {type: Array, element: Object},
        isOperator: Boolean,
        follow: Function,
    };

    follow(fields) {
        return this.props.follow(fields.map(({name}) => name));
    }
}
