import {addTour} from "./add_tour";

const BANNER = ".o_xero_health_banner";

addTour("xero_health_banner", {
    url: "/odoo/action-crm_xero_module.xero_contact_action",
    steps: () => [
        {
            content: "on top of the addon's screens: which organisation, what happened",
            trigger: `${BANNER}:contains('Demo Company'):contains('disconnected in Xero')`,
        },
        {
            content: "to the Overview, where the card says it itself",
            trigger: ".o_menu_sections a:contains('Overview')",
            run: "click",
        },
        {
            trigger: ".o_xero_health_line:contains('nothing is lost') button[name=reconnect]",
        },
        {
            trigger: `body:not(:has(${BANNER}))`,
        },
        {
            content: "the card opens the connection",
            trigger: ".o_kanban_record:contains('Demo Company') .fw-bold",
            run: "click",
        },
        {
            trigger: ".o_xero_health_alert.alert-danger button[name=reconnect]",
        },
        {
            trigger: ".nav-link[name=health]",
            run: "click",
        },
        {
            content: "the tab has all findings, each with what to do",
            trigger: ".o_xero_finding[data-code=organisation_gone] button[name=reconnect]",
        },
        {
            trigger: ".o_xero_finding[data-code=reading_again]:contains('goes on by itself')",
        },
        {
            trigger: "div[name=connected_by_id]:contains('Admin')",
        },
        {
            content: "technical ids are folded away",
            trigger: "details:not([open]) summary:contains('Technical details')",
            run: "click",
        },
        {
            trigger: "details[open] div[name=connector_ref]:contains('connection-1')",
        },
        {
            trigger: ".o_xero_failed_runs a",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_breadcrumb:contains('Sync of')",
        },
        {
            content: "the way back is there, too: in one click",
            trigger: `${BANNER} button[name=reconnect]`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_xero_connect:contains('Xero is not connected')",
        },
    ],
});

addTour("xero_health_pipeline", {
    url: "/odoo/crm",
    steps: () => [
        {
            trigger: `.o_kanban_view ${BANNER}:contains('disconnected in Xero')`,
        },
    ],
});

addTour("xero_health_others", {
    url: "/odoo/action-crm_xero_module.xero_contact_action",
    steps: () => [
        {
            trigger: `.o_list_view:not(:has(${BANNER}))`,
        },
        {
            trigger: ".o_menu_sections a:contains('Overview')",
            run: "click",
        },
        {
            content: "others read it on the card, without a button",
            trigger: ".o_xero_health_line:contains('disconnected in Xero'):not(:has(button))",
        },
    ],
});

addTour("xero_health_remove", {
    url: "/odoo/xero-connections",
    steps: () => [
        {
            trigger: ".o_data_row td:contains('Demo Company')",
            run: "click",
        },
        {
            trigger: "button[name=action_remove]",
            run: "click",
        },
        {
            content: "what goes, and what stays",
            trigger: ".o_xero_remove:contains('Xero contacts'):contains('Customers')",
        },
        {
            trigger: ".modal-footer button:contains('Keep')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=action_remove]",
            run: "click",
        },
        {
            trigger: ".modal-footer button[name=remove]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('was deleted')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Demo Company')))",
        },
    ],
});
