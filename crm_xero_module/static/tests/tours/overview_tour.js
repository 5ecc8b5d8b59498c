import {addTour} from "./add_tour";

addTour("xero_overview", {
    url: "/odoo/xero",
    steps: () => [
        {
            content: "the numbers of the connection lead to the lists behind them",
            trigger: ".o_kanban_record:contains('Demo Company') a:contains('Not linked')",
            run: "click",
        },
        {
            content: "operators come to the workbench; no import has touched this one",
            trigger: ".o_xero_match:contains('Harbour Club'):contains('No suggestion')",
        },
        {
            trigger: ".o_breadcrumb a:contains('Overview')",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Demo Company') a:contains('Not imported')",
            run: "click",
        },
        {
            content: "equal reasons are one line",
            trigger: ".o_group_header:contains('has no name in Xero')",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('has no name in Xero')",
        },
        {
            trigger: ".o_breadcrumb a:contains('Overview')",
            run: "click",
        },
        {
            content: "the card opens the connection",
            trigger: ".o_kanban_record:contains('Demo Company') .fw-bold",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Connected')",
        },
        {
            content: "until the first sync is done, the checklist shows what is left",
            trigger: ".o_xero_checklist:contains('The first sync is done')",
        },
        {
            trigger: ".nav-link[name=health]",
            run: "click",
        },
        {
            trigger: "summary:contains('Technical details')",
            run: "click",
        },
        {
            trigger: "div[name=connector_ref]:contains('connection-1')",
        },
        {
            trigger: "button[name=action_disconnect]",
            run: "click",
        },
        {
            content: "it says what goes and what stays",
            trigger: ".modal-body:contains('Stays: your customers')",
        },
        {
            trigger: ".modal-footer button:contains('Stay connected')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger: "button[name=action_disconnect]",
            run: "click",
        },
        {
            trigger: ".modal-footer button:contains('Disconnect')",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Disconnected')",
        },
    ],
});

addTour("xero_first_connection", {
    url: "/odoo/xero",
    steps: () => [
        {
            content: "without a connection, one sentence and the way to one",
            trigger: ".o_view_nocontent a:contains('Connect to Xero')",
            run: "click",
        },
        {
            trigger: ".o_xero_checklist li:contains('The Xero app is entered') a",
        },
        {
            content: "Xero's own error page is explained before one gets there",
            trigger: ".o_xero_checklist:contains('it does not come back')",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Not connected')",
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: ".o_kanban_view, .o_form_view",
        },
    ],
});
