import {addTour} from "./add_tour";

const list = ".o_list_view tr.o_data_row";

addTour("xero_sales_log", {
    steps: () => [
        {
            content: "the newest first, each in its own currency",
            trigger: `${list}:contains('INV-0002'):contains('USD'):contains('50.00')`,
        },
        {
            content: "a name of Xero is text",
            trigger: `${list}:contains('<b>Harbour</b>')`,
        },
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o-dropdown-item:contains('Overdue')",
            run: "click",
        },
        {
            trigger: `${list}:contains('INV-0001'):contains('Overdue')`,
        },
        {
            trigger: `.o_list_view:not(:contains('INV-0002'))`,
        },
        {
            content: "the PDF of a row",
            trigger: `${list} .o_xero_row_pdf`,
            run: "click",
        },
        {
            trigger: ".o-FileViewer:contains('INV-0001') iframe",
        },
        {
            trigger: ".o-FileViewer-headerButton[aria-label^=Close]",
            run: "click",
        },
        {
            trigger: `body:not(:has(.o-FileViewer)) ${list} .o_data_cell[name=number]`,
            run: "click",
        },
        {
            content: "what settled it, and when",
            trigger: ".o_form_view div[name=settlement_ids] tr:contains('CN-0003')",
        },
        {
            trigger:
                ".o_xero_open[href^='https://go.xero.com/'][rel='noopener noreferrer']",
        },
        {
            trigger: ".o_xero_online:not([disabled])",
        },
        {
            trigger: ".o_xero_attach",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('INV-0001.pdf')",
        },
        {
            trigger: "div[name=settlement_ids] button[name=action_open_credit]",
            run: "click",
        },
        {
            content: "and from the credit back to the invoice",
            trigger:
                ".o_form_view:contains('Credit note') div[name=use_ids] tr:contains('INV-0001')",
        },
        {
            trigger: "div[name=use_ids] button[name=action_open_invoice]",
            run: "click",
        },
        {
            trigger: ".o_form_view h1:contains('INV-0001')",
        },
    ],
});

addTour("xero_sales_by_product", {
    steps: () => [
        {
            content: "sums of what is known",
            trigger: ".o_pivot tr:contains('Product 1'):contains('100.00')",
        },
        {
            content: "and none of what is not all converted",
            trigger: ".o_pivot tr:contains('Total') .o_value:contains('–')",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_view tfoot span:contains('–')",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_canvas_container canvas",
        },
        {
            trigger: ".o_menu_sections button[data-menu-xmlid='crm_xero_module.xero_menu_sales']",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu a[data-menu-xmlid='crm_xero_module.xero_menu_items']",
            run: "click",
        },
        {
            trigger: `${list} .o_data_cell[name=code]:contains('P001')`,
            run: "click",
        },
        {
            trigger: ".o_xero_open[href*='Inventory'][rel='noopener noreferrer']",
        },
        {
            trigger: ".oe_stat_button[name=action_open_sales]:contains('100.00')",
            run: "click",
        },
        {
            trigger: ".o_pivot tr:contains('Bayside Club'):contains('100.00')",
        },
    ],
});

addTour("xero_sales_none", {
    steps: () => [
        {
            trigger: ".o_view_nocontent:contains('No sales of Xero here yet')",
        },
    ],
});
