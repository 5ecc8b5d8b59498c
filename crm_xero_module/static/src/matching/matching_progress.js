import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";

/** How many of Xero's contacts are somebody in the CRM already. */
export class MatchingProgress extends Component {
    static template = "crm_xero_module.MatchingProgress";
    static props = {matched: Number, total: Number};

    get percent() {
        const {matched, total} = this.props;
        return total ? Math.floor((100 * matched) / total) : 0;
    }

    get words() {
        const {matched, total} = this.props;
        return _t("%(matched)s of %(total)s matched", {
            matched: formatInteger(matched),
            total: formatInteger(total),
        });
    }
}
