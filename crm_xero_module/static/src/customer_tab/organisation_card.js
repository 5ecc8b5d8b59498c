import {AgeingBar} from "./ageing_bar";
import {Component} from "@odoo/owl";
import {Figures} from "./figures";
import {MostBought} from "./most_bought";
import {SalesChart} from "./sales_chart";

/** What a customer bought and owes at one organisation, in its base currency. */
export class OrganisationCard extends Component {
    static template = "crm_xero_module.OrganisationCard";
    static components = {AgeingBar, Figures, MostBought, SalesChart};
    static props = {
        figures: Object,
        months: {type: Object, optional: true},
        bought: {type: Array, element: Object, optional: true},
        isOneOfSeveral: Boolean,
    };
}
