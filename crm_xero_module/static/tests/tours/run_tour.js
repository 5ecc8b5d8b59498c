import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("xero_run", {
    url: "/odoo/xero-runs",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Running') td[name=name]",
            run: "click",
        },
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

registry.category("web_tour.tours").add("xero_not_imported", {
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
