import {Component, useState} from "@odoo/owl";
import {deserializeDate} from "@web/core/l10n/dates";
import {formatAmount, formatByCode} from "../amounts/format_amount";
import {ChangedHere} from "../changed_here/changed_here";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useSavedRecord} from "../changed_here/saved_record";
import {useService} from "@web/core/utils/hooks";

const DAY_AND_MONTH = {day: "numeric", month: "long"};

/** What a product is in Xero: its items with their prices, and what was sold. */
export class ProductTab extends Component {
    static template = "crm_xero_module.ProductTab";
    static components = {ChangedHere};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({changed: []});
        useSavedRecord(this, (resId) => this.readChanged(resId));
    }

    get items() {
        return this.props.record.data.xero_items || [];
    }

    async readChanged(productId) {
        this.state.changed = productId
            ? await this.orm.call("product.template", "xero_changed_here", [productId])
            : [];
    }

    amount(item, name) {
        return formatAmount(item[name], item.currency_id, item.currency_code);
    }

    /** What the amount leaves out: documents in currencies that are not converted. */
    beside(item, name) {
        const amounts = {};
        for (const [code, sold] of Object.entries(item.unconverted)) {
            if (sold[name]) {
                amounts[code] = sold[name];
            }
        }
        const told = formatByCode(amounts);
        return told && _t("and %s", told);
    }

    quantity(item) {
        return formatFloat(item.quantity_on_hand, {digits: [16, 2]});
    }

    since(item) {
        const first = deserializeDate(item.year_first);
        return _t("since %s", first.toLocaleString(DAY_AND_MONTH));
    }

    open(item) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.item",
            res_id: item.id,
            views: [[false, "form"]],
        });
    }

    async follow(names) {
        const {resId} = this.props.record;
        const answer = await this.orm.call("product.template", "xero_follow_again", [
            resId,
            names,
        ]);
        await this.action.doAction(answer);
        await this.props.record.load();
        await this.readChanged(resId);
    }
}

registry.category("view_widgets").add("xero_product_tab", {
    component: ProductTab,
    fieldDependencies: [{name: "xero_items", type: "json"}],
});
