import {addTour} from "./add_tour";

const LINES = ".o_xero_run_lines";

addTour("xero_preview", {
    url: "/odoo/xero-runs",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Companies: preview') td[name=name]",
            run: "click",
        },
        {
            content: "the open screen follows the preview to its end",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')",
        },
        {
            trigger: `${LINES} button[name=created_count]:contains('2')`,
        },
        {
            trigger: `${LINES} .o_data_row:nth-child(5)`,
        },
        {
            content: "a count shows its records alone",
            trigger: `${LINES} button[name=updated_count]:contains('1')`,
            run: "click",
        },
        {
            trigger: `${LINES} .o_list_table:not(:has(.o_data_row:nth-child(2)))`,
        },
        {
            content: "fields by their labels, old and new",
            trigger: `${LINES} .o_data_row .o_xero_changes:contains('Phone'):contains('555 1234'):contains('555 9999')`,
        },
        {
            trigger: `${LINES} button[name=updated_count].active`,
            run: "click",
        },
        {
            content: "searched",
            trigger: `${LINES} .o_searchview_input`,
            run: "edit no name",
        },
        {
            trigger: `${LINES} .o_searchview_input`,
            run: "press Enter",
        },
        {
            trigger: `${LINES} .o_list_table:not(:has(.o_data_row:nth-child(2))) .badge:contains('Skipped')`,
        },
        {
            trigger: `${LINES} .o_facet_remove`,
            run: "click",
        },
        {
            content: "grouped",
            trigger: `${LINES} .o_searchview_dropdown_toggler`,
            run: "click",
        },
        {
            trigger: ".o_group_by_menu .o-dropdown-item:contains('What would happen')",
            run: "click",
        },
        {
            trigger: `${LINES} .o_group_header:contains('New (2)')`,
            run: "click",
        },
        {
            trigger: `${LINES} .o_data_row:contains('Harbour Club')`,
        },
        {
            trigger: "button[name=do_preview]",
            run: "click",
        },
        {
            content: "the numbers before it is done",
            trigger: ".modal:contains('2 new, 1 changed, 1 linked') .btn-primary",
            run: "click",
        },
        {
            content: "the run that does it, to its end",
            trigger: "button[name=action_open_preview]",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')",
        },
        {
            content: "what it left alone is named, with what changed",
            trigger: `${LINES} .o_data_row:contains('It changed since the preview')`,
        },
        {
            trigger: "button[name=action_preview_again]",
        },
        {
            trigger: "button[name=action_open_preview]",
            run: "click",
        },
        {
            content: "the preview's lines lead to the customers",
            trigger: `${LINES} .o_data_row:contains('Harbour Club') td[name=record_name]`,
            run: "click",
        },
        {
            trigger: ".o_last_breadcrumb_item:contains('Harbour Club')",
        },
    ],
});
