import {addTour} from "./add_tour";

const FORM = ".o_setting_container";

addTour("xero_selling", {
    url: "/odoo/action-crm.crm_lead_action_pipeline",
    steps: () => [
        {
            content: "the card of an overdue customer says so, no other",
            trigger:
                ".o_kanban_record:contains('New shelves') .o_xero_overdue:contains('640.00 NZD, 5 days overdue')",
        },
        {
            trigger: ".o_kanban_record:contains('Spare parts'):not(:has(.o_xero_overdue))",
        },
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o_menu_item:contains('Customer overdue in Xero')",
            run: "click",
        },
        {
            trigger: ".o_facet_value:contains('Customer overdue in Xero')",
        },
        {
            trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains('Spare parts')))",
        },
        {
            trigger: ".o_kanban_record:contains('New shelves')",
            run: "click",
        },
        {
            content: "the form says it in a sentence",
            trigger:
                ".o_form_view .o_xero_overdue:contains('Bayside Club owes 640.00 NZD, 5 days overdue.')",
        },
        {
            trigger: ".o_xero_overdue button[name=action_open_xero_overdue]",
            run: "click",
        },
        {
            content: "its open invoices, and no paid one",
            trigger: ".o_list_view .o_data_row:contains('INV-0001')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('INV-0002')))",
        },
    ],
});

addTour("xero_overview_sales", {
    url: "/odoo/xero",
    steps: () => [
        {
            trigger: ".o_xero_owed [data-figure=outstanding]:contains('640.00')",
        },
        {
            content: "an age leads to who owes it",
            trigger: ".o_xero_owed [data-age=days_1_30]:contains('640')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Bayside Club')",
        },
        {
            trigger: ".o_breadcrumb a:contains('Overview')",
            run: "click",
        },
        {
            content: "a month leads to its documents",
            trigger: ".o_xero_months > div:last .o_xero_now",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('INV-0003')",
        },
        {
            trigger: ".o_breadcrumb a:contains('Overview')",
            run: "click",
        },
        {
            content: "a best customer leads to the CRM's",
            trigger: ".o_xero_sold .o_xero_line:contains('Harbour Club')",
            run: "click",
        },
        {
            trigger: ".o_form_view:contains('Harbour Club')",
        },
    ],
});

addTour("xero_overdue_settings", {
    url: "/odoo/action-crm_xero_module.xero_settings_action",
    steps: () => [
        {
            trigger: "div[name=xero_overdue_threshold] input",
            run: "edit 250",
        },
        {
            trigger: "div[name=xero_overdue_days] input",
            run: "edit 14",
        },
        {
            trigger: "div[name=xero_overdue_activity] input",
            run: "click",
        },
        {
            content: "which activity is asked only where one is wanted",
            trigger: "div[name=xero_overdue_activity_type_id] input",
            run: "edit Call",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Call')",
            run: "click",
        },
        {
            trigger: FORM,
            run: () => document.querySelector(FORM).classList.add("o_before_save"),
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the page is loaded anew once it is saved",
            trigger: `${FORM}:not(.o_before_save)`,
        },
    ],
});
