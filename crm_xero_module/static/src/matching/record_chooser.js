import {Component} from "@odoo/owl";
import {Many2XAutocomplete} from "@web/views/fields/relational_utils";

/** A box to type a name into, closed by Escape; "Search more…" opens Odoo's list. */
export class RecordChooser extends Component {
    static template = "crm_xero_module.RecordChooser";
    static components = {Many2XAutocomplete};
    static props = {
        resModel: String,
        label: String,
        domain: Array,
        context: {type: Object, optional: true},
        choose: Function,
        close: Function,
    };

    get autocompleteProps() {
        const {resModel, label, context} = this.props;
        return {
            resModel,
            context: context || {},
            fieldString: label,
            placeholder: label,
            activeActions: {create: false, createEdit: false, write: false},
            autofocus: true,
            getDomain: () => this.props.domain,
            update: (records) => this.update(records),
        };
    }

    update(records) {
        if (records && records.length) {
            this.props.choose(records[0].id);
        }
    }

    onKeydown(ev) {
        // An open list of names closes first.
        if (ev.key === "Escape" && !ev.defaultPrevented) {
            ev.stopPropagation();
            this.props.close();
        }
    }
}
