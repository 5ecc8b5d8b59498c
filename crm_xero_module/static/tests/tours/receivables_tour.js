import {stepUtils} from "@web_tour/tour_utils";
import {addTour} from "./add_tour";

const row = (...texts) =>
    ".o_list_view .o_data_row" + texts.map((text) => `:contains('${text}')`).join("");

addTour("xero_receivables", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: ".o_app[data-menu-xmlid='crm_xero_module.xero_menu_root']",
            run: "click",
        },
        {
            trigger: ".o_menu_sections button:contains('Customers')",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='crm_xero_module.xero_menu_receivables']",
            run: "click",
        },
        {
            content: "today 40 of 100 are left, very late",
            trigger: row("Bayside Club", "40.00") + ":has(.text-danger)",
        },
        {
            content: "all that was found is added up",
            trigger: ".o_list_footer:contains('110.00')",
        },
        {
            content: "what no rate is proven of stands below",
            trigger: ".o_xero_left_out:contains('USD 60.00')",
        },
        {
            content: "on another day it was otherwise",
            trigger: ".o_xero_day input",
            run: "edit 01/31/2020",
        },
        {
            trigger: ".o_xero_day span:contains('As of')",
            run: "click",
        },
        {
            trigger: row("Bayside Club", "100.00"),
        },
        {
            content: "the other invoice was not there yet",
            trigger: ".o_list_view:not(:contains('Harbour Club'))",
        },
        {
            content: "the day stays in other views",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            trigger: ".o_pivot td:contains('100.00')",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_renderer canvas",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "a row leads to the documents, as they were on that day",
            trigger: row("Bayside Club", "100.00") + " .o_data_cell",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb .active:contains('Bayside Club')",
        },
        {
            content: "11 days late on 31 January 2020",
            trigger: row("INV-0001", "11", "100.00") + " .o_data_cell",
            run: "click",
        },
        {
            content: "and to the invoice",
            trigger: ".o_form_view:contains('INV-0001')",
        },
        {
            trigger: ".o_breadcrumb a:contains('Receivables'), .o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_xero_day button[aria-label='Back to today']",
            run: "click",
        },
        {
            trigger: row("Bayside Club", "40.00"),
        },
        {
            content: "compare with what Xero says",
            trigger: "button[name=action_reconcile]",
            run: "click",
        },
        {
            trigger: ".o_form_view:contains('1 of 3 customers')",
        },
        {
            trigger: ".o_data_row:contains('Bayside Club'):contains('-60.00')",
        },
        {
            trigger: ".o_data_row:contains('Bayside Club') button[name=action_check_report]",
            run: "click",
        },
        {
            content: "Xero's own report, document by document",
            trigger: ".modal .o_data_row:contains('INV-0001'):contains('changed at Xero')",
        },
        {
            trigger: ".modal-footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

addTour("xero_receivables_over_time", {
    url: "/odoo/xero-receivables-over-time",
    steps: () => [
        {
            trigger: ".o_graph_renderer canvas",
        },
        {
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "a total over days is that of the last day",
            trigger: ".o_pivot tr:contains('Total') td:contains('60.00')",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: row("Bayside Club", "1–30 days", "60.00"),
        },
    ],
});

addTour("xero_receivables_empty", {
    url: "/odoo/xero-receivables",
    steps: () => [
        {
            trigger: ".o_view_nocontent:contains('No invoice of Xero is here yet')",
        },
    ],
});
