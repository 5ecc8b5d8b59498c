import {addTour} from "./add_tour";

const PAGE = ".o_xero_connection_form .nav-link:contains('When and which way')";

addTour("xero_direction", {
    steps: () => [
        {
            trigger: PAGE,
            run: "click",
        },
        {
            content: "as delivered, nothing goes by itself",
            trigger: ".o_xero_direction_choice .fw-bold:contains('From Xero')",
        },
        {
            trigger: ".o_xero_direction_choice button:contains('Both ways')",
            run: "click",
        },
        {
            content: "how many would go is said before anything does",
            trigger: ".modal .o_xero_going:contains('2 customers would go now')",
        },
        {
            content: "the filter is shown in words",
            trigger: ".modal .o_tree_editor:contains('Notes')",
        },
        {
            trigger: ".modal .o_field_widget[name=cost_note]:contains('one call')",
        },
        {
            trigger: ".modal label:contains('All of these')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=cost_note]:contains('2 of the 1,000')",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_xero_connection_form",
        },
        {
            trigger: PAGE,
            run: "click",
        },
        {
            trigger: ".o_xero_direction_choice .fw-bold:contains('Both ways')",
        },
        {
            content: "the list is one click away",
            trigger: "button[name=action_open_new_customers]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Harbour Club')",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Bayside Club')",
        },
        {
            trigger: ".o_breadcrumb a:contains('Demo Company')",
            run: "click",
        },
        {
            trigger: PAGE,
            run: "click",
        },
        {
            content: "switching back stops it at once",
            trigger: ".o_xero_direction_choice button:contains('From Xero')",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('Nothing goes to Xero by itself')",
        },
        {
            trigger: PAGE,
            run: "click",
        },
        {
            trigger: ".o_xero_direction_choice .fw-bold:contains('From Xero')",
        },
    ],
});

addTour("xero_direction_refused", {
    steps: () => [
        {
            trigger: PAGE,
            run: "click",
        },
        {
            trigger: ".o_xero_direction_choice button:contains('Both ways')",
            run: "click",
        },
        {
            content: "what Xero has not allowed is asked for there first",
            trigger: ".modal .alert-warning button[name=action_reconnect]",
        },
        {
            trigger: ".modal .o_xero_going:contains('No customer would go now')",
        },
        {
            trigger: ".modal footer:not(:has(button[name=action_apply]))",
        },
        {
            trigger: ".modal footer button:contains('Cancel')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_xero_connection_form",
        },
    ],
});
