import {addTour, seen} from "./add_tour";

addTour("xero_run", {
    steps: () => [
        {
            content: "how far it is and how long it takes",
            trigger:
                ".o_xero_progress_label:contains('Contacts 12,000 of 50,000 · 40 s left')",
        },
        {
            trigger: ".badge[data-step=organisation][data-state=done]",
        },
        {
            trigger: ".badge[data-step=contacts][data-state=running]",
        },
        {
            trigger: "button[name=action_cancel]",
            run: seen,
        },
        {
            content: "the open screen follows the run to its end by itself",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')",
        },
        {
            trigger: ".badge[data-step=contacts][data-state=done]",
        },
        {
            trigger: "body:not(:has(.o_xero_progress_bar))",
        },
        {
            content: "what was not imported, with reason and remedy",
            trigger:
                ".o_xero_run_lines .o_data_row:contains('has no name in Xero'):contains('then sync again')",
        },
        {
            trigger: ".o_xero_run_lines .o_data_row button[name=action_open]",
            run: "click",
        },
        {
            content: "the record opens: the mirror's, as there is no customer",
            trigger: ".o_breadcrumb .active, .o_last_breadcrumb_item",
        },
        {
            trigger: ".o_form_view div[name=xero_id]:contains('00000000-0000-4000')",
        },
    ],
});

const halfWay = {
    content: "what is true now, whatever this browser saw before",
    trigger: ".o_xero_progress_label:contains('Invoices 25,000 of 50,000 · at least 2 min left')",
};

addTour("xero_run_begun", {
    steps: () => [
        {
            trigger: ".o_xero_progress_label:contains('Invoices 12,000 of 50,000')",
        },
    ],
});

addTour("xero_run_opened_again", {
    steps: () => [
        halfWay,
        {
            trigger: "button[name=action_cancel]",
            run: "click",
        },
        {
            trigger: ".modal footer button:contains('Stop the run')",
            run: "click",
        },
        {
            content: "it is on its way to an end, and says so",
            trigger: ".o_xero_progress_label:contains('Stopping')",
        },
        {
            trigger: "body:not(:has(button[name=action_cancel]))",
        },
    ],
});

addTour("xero_run_waits", {
    steps: () => [
        {
            trigger: ".alert-warning:contains(\"Xero's calls of this day are used up\")",
        },
        {
            content: "when it goes on, as the browser's clock shows it",
            trigger: ".o_xero_progress_label:contains('Waiting · goes on at'):contains('1:03')",
        },
    ],
});

addTour("xero_runs_list", {
    url: "/odoo/xero-runs",
    steps: () => [
        {
            content: "how far it is, in its row",
            trigger:
                ".o_data_row .o_xero_run_state[data-state=running]:contains('40 s left')",
            run: seen,
        },
        {
            trigger: ".o_data_row:contains('Begun by Xero'):not(:contains('Nothing new'))",
        },
        {
            content: "what changed nothing is not in the way",
            trigger: ".o_list_view:not(:contains('Nothing new'))",
        },
        {
            content: "one click shows it",
            trigger: ".o_searchview_facet:contains('changed nothing') .o_facet_remove",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Nothing new'):contains('Schedule')",
        },
        {
            content: "the row follows the run to its end by itself",
            trigger: "body:not(:has(.o_xero_run_state[data-state=running]))",
        },
    ],
});

addTour("xero_live_runs", {
    url: "/odoo/xero",
    steps: () => [
        {
            trigger:
                ".o_xero_live_run:contains('Invoices 12,000 of 50,000 · 40 s left') .progress-bar",
        },
        {
            trigger: ".o_xero_live_run button:contains('Cancel')",
            run: "click",
        },
        {
            trigger: ".modal footer button:contains('Stop the run')",
            run: "click",
        },
        {
            trigger: ".o_xero_live_run:contains('Stopping'):not(:has(button:contains('Cancel')))",
            run: seen,
        },
        {
            content: "when it is over the card is as before",
            trigger: ".o_xero_overview .o_kanban_record:not(:has(.o_xero_live_run))",
        },
    ],
});

addTour("xero_live_runs_of_a_seller", {
    url: "/odoo/xero",
    steps: () => [
        {
            trigger: ".o_xero_live_run:not(:has(button:contains('Cancel')))",
        },
        {
            trigger: ".o_xero_live_run .btn-link",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_xero_run_progress",
        },
    ],
});

addTour("xero_not_imported", {
    url: "/odoo/xero-not-imported",
    steps: () => [
        {
            content: "equal reasons are one line, with their number",
            trigger: ".o_group_header:contains('no name in Xero'):contains('(3)')",
            run: "click",
        },
        {
            trigger: ".o_list_table:has(.o_data_row ~ .o_data_row ~ .o_data_row)",
        },
        {
            trigger: ".o_data_row:first td[name=record_name]",
            run: "click",
        },
        {
            content: "technical detail is folded away",
            trigger: ".o_form_view details:not([open]) summary",
        },
        {
            trigger: ".o_breadcrumb a:contains('Not imported')",
            run: "click",
        },
        {
            trigger: ".o_list_table:has(.o_data_row ~ .o_data_row ~ .o_data_row)",
        },
        {
            trigger: ".o_data_row:first button[name=action_ignore]",
            run: "click",
        },
        {
            content: "an ignored one leaves the open ones",
            trigger: ".o_group_header:contains('(2)')",
        },
        {
            content: "many at once",
            trigger: "thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_retry]",
            run: "click",
        },
        {
            content: "what came of it is told",
            trigger: ".o_notification:contains('2 settled')",
        },
        {
            content: "mended ones are settled",
            trigger: ".o_view_nocontent:contains('Everything came in')",
        },
    ],
});
