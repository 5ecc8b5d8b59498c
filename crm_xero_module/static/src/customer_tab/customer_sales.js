import {Component, onWillStart, useState} from "@odoo/owl";
import {LastInvoices} from "./last_invoices";
import {OrganisationCard} from "./organisation_card";
import {useService} from "@web/core/utils/hooks";

/**
 * What a customer bought and owes, one card for each organisation: nothing is added
 * up across them. Figures are read first; the rest comes in as it is answered.
 */
export class CustomerSales extends Component {
    static template = "crm_xero_module.CustomerSales";
    static components = {LastInvoices, OrganisationCard};
    static props = {partnerId: Number, companyName: String};

    setup() {
        this.orm = useService("orm");
        this.state = useState({sheet: [], months: null, bought: null, invoices: null});
        onWillStart(async () => {
            this.state.sheet = await this.ask("xero_sheet");
            if (this.state.sheet.length) {
                this.fill("months", "xero_sales_by_month");
                this.fill("bought", "xero_most_bought");
                this.fill("invoices", "xero_last_invoices");
            }
        });
    }

    ask(method) {
        return this.orm.call("res.partner", method, [this.props.partnerId]);
    }

    async fill(name, method) {
        this.state[name] = await this.ask(method);
    }

    get cards() {
        const of = (rows, id) => rows?.find((row) => row.connection_id === id);
        return this.state.sheet.map((figures) => ({
            figures,
            months: of(this.state.months, figures.connection_id),
            bought: of(this.state.bought, figures.connection_id)?.items,
        }));
    }
}
