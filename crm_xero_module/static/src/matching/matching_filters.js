import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";

const KINDS = [
    ["all", _t("All")],
    ["sure", _t("Sure")],
    ["likely", _t("Likely")],
    ["doubtful", _t("Doubtful")],
    ["none", _t("No suggestion")],
    ["never", _t("Never")],
    ["new", _t("As new customers")],
];

/** Which of Xero's contacts are shown, each with how many they are. */
export class MatchingFilters extends Component {
    static template = "crm_xero_module.MatchingFilters";
    static props = {model: Object};

    get kinds() {
        const {filter, page} = this.props.model;
        const all = KINDS.map(([kind, label]) => ({
            kind,
            label,
            count: formatInteger(page.counts[kind] || 0),
            isActive: filter.kind === kind,
            isEmpty: !page.counts[kind],
        }));
        // Only while imports wait is there anybody who is to come as new.
        return all.filter(
            ({kind, isEmpty, isActive}) => kind !== "new" || !isEmpty || isActive
        );
    }
}
