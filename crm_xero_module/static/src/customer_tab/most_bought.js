import {Component} from "@odoo/owl";
import {formatFloat} from "@web/views/fields/formatters";
import {formatWithBeside} from "../amounts/format_amount";
import {useService} from "@web/core/utils/hooks";

/** The items that a customer bought most of in the last twelve months. */
export class MostBought extends Component {
    static template = "crm_xero_module.MostBought";
    static props = {
        items: {type: Array, element: Object},
        currencyId: {type: [Number, {value: null}], optional: true},
        currencyCode: {type: [String, {value: null}], optional: true},
    };

    setup() {
        this.action = useService("action");
    }

    get items() {
        const {currencyId, currencyCode} = this.props;
        return this.props.items.map((item) => ({
            ...item,
            ...formatWithBeside(
                item.amount,
                currencyId,
                currencyCode,
                item.unconverted
            ),
            quantity: formatFloat(item.quantity, {
                digits: [16, 4],
                trailingZeros: false,
            }),
        }));
    }

    open(itemId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.item",
            res_id: itemId,
            views: [[false, "form"]],
        });
    }
}
