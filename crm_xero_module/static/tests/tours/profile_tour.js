import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("xero_profile", {
    url: "/odoo/xero-profiles",
    steps: () => [
        {
            trigger: ".o_data_row td[name=name]:contains('Companies')",
            run: "click",
        },
        {
            content: "CRM fields have their labels",
            trigger:
                "div[name=mapping_ids] .o_data_row:contains('Tax ID'):contains('Tax number')",
        },
        {
            trigger: "div[name=mode] .o_radio_item:contains('Import') input",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
        {
            trigger: "button[name=action_run]",
            run: "click",
        },
        {
            content: "the run opens and says how far it is",
            trigger: ".o_xero_run_progress",
        },
        {
            trigger: ".o_last_breadcrumb_item:contains('Companies')",
        },
    ],
});
