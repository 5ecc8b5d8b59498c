import {addTour} from "./add_tour";

function row(name) {
    return `.o_data_row:contains(${name})`;
}

addTour("xero_outbox", {
    url: "/odoo/xero-outbox",
    steps: () => [
        {
            content: "what needs a person says why",
            trigger: `${row("Harbour Club")}:contains(Email address must be valid)`,
        },
        {
            content: "what waits is sent",
            trigger: `${row("Bayside Club")} button[name=action_send]`,
            run: "click",
        },
        {
            content: "Xero has it, and the way there is shown",
            trigger: ".o_xero_send:has(.o_xero_send_done) a.o_xero_send_open",
        },
        {trigger: ".o_xero_send_close", run: "click"},
        {
            content: "the list behind knows",
            trigger: `body:not(:has(.modal)) ${row("Bayside Club")} .badge:contains(Done)`,
        },
        {
            content: "a customer that Xero has already",
            trigger: `${row("Taken Club")} button[name=action_send]`,
            run: "click",
        },
        {
            content: "is linked instead",
            trigger: ".o_xero_send_failed ~ .o_xero_alike .o_xero_link_instead",
            run: "click",
        },
        {trigger: ".o_xero_send_done:contains(Linked to the contact)"},
        {trigger: ".o_xero_send_close", run: "click"},
        {
            content: "one that needs a person is looked at",
            trigger: `body:not(:has(.modal)) ${row("Harbour Club")} td[name=name]`,
            run: "click",
        },
        {
            content: "what was sent, in words",
            trigger: ".o_xero_sent_value:contains(Harbour Club)",
        },
        {
            content: "and cancelled",
            trigger: "button[name=action_cancel]",
            run: "click",
        },
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {trigger: ".o_arrow_button_current:contains(Cancelled)"},
        {
            content: "many at once",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "the list is read anew first",
            trigger: `${row("Harbour Club")} .badge:contains(Cancelled)`,
        },
        {
            trigger: `${row("Quiet Club")} .o_list_record_selector input`,
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_retry]",
            run: "click",
        },
        {trigger: ".o_notification:contains(None of these needs you)"},
    ],
});

addTour("xero_outbox_empty", {
    url: "/odoo/xero-outbox",
    steps: () => [
        {trigger: ".o_view_nocontent:contains(Nothing was written to Xero)"},
    ],
});
