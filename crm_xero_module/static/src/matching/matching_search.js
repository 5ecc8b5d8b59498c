import {Component} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {useDebounced} from "@web/core/utils/timing";

/** Whose contacts are shown, and whom a person looks for. */
export class MatchingSearch extends Component {
    static template = "crm_xero_module.MatchingSearch";
    static components = {Dropdown, DropdownItem};
    static props = {model: Object, open: Function};

    setup() {
        this.search = useDebounced((search) => this.props.model.change({search}), 300);
    }

    onInput(ev) {
        this.search(ev.target.value.trim());
    }
}
