import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {Component} from "@odoo/owl";
import {formatAmount} from "../amounts/format_amount";
import {useService} from "@web/core/utils/hooks";

const COLORS = {
    paid: "text-bg-success",
    overdue: "text-bg-danger",
    open: "text-bg-info",
};

/** A customer's last invoices, each opened here or as Xero's PDF. */
export class LastInvoices extends Component {
    static template = "crm_xero_module.LastInvoices";
    static props = {
        invoices: {type: Array, element: Object},
        withOrganisation: Boolean,
    };

    setup() {
        this.action = useService("action");
        this.documents = useService("xero_documents");
    }

    get invoices() {
        const day = (value) => (value ? formatDate(deserializeDate(value)) : "");
        return this.props.invoices.map((invoice) => {
            const amount = (value) =>
                formatAmount(value, invoice.currency_id, invoice.currency_code);
            return {
                ...invoice,
                date: day(invoice.date),
                due_date: day(invoice.due_date),
                color: COLORS[invoice.state] || "text-bg-light border",
                total: amount(invoice.total),
                open: invoice.open_amount ? amount(invoice.open_amount) : "",
            };
        });
    }

    open(invoiceId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.transaction",
            res_id: invoiceId,
            views: [[false, "form"]],
        });
    }
}
