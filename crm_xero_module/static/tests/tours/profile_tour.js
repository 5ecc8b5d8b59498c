import {addTour} from "./add_tour";

addTour("xero_profile", {
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

const line = (number) => `div[name=mapping_ids] .o_data_row:eq(${number})`;

addTour("xero_profile_new", {
    url: "/odoo/xero-profiles",
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: "div[name=name] input",
            run: "edit Wholesale",
        },
        {
            content: "the filter counts at once",
            trigger: "div[name=record_count]:contains('2')",
        },
        {
            trigger: "div[name=status] .o_select_menu_input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Active and archived')",
            run: "click",
        },
        {
            trigger: "div[name=record_count]:contains('3')",
        },
        {
            trigger: "a:contains('Add a line')",
            run: "click",
        },
        {
            content: "a field is found by its technical name",
            trigger: `${line(0)} td[name=target_field] input`,
            run: "edit vat",
        },
        {
            trigger: ".o_xero_field_menu .o_select_menu_item:first:contains('Tax ID')",
        },
        {
            content: "and chosen by the keyboard, without leaving the line",
            trigger: `${line(0)} td[name=target_field] input`,
            run: "press Enter",
        },
        {
            trigger: `${line(0)} td[name=target_field] input:value('Tax ID')`,
        },
        {
            trigger: `${line(0)} td[name=source_fields] input`,
            run: "edit tax num",
        },
        {
            trigger: ".o_xero_field_menu .o_select_menu_item:contains('Tax number')",
            run: "click",
        },
        {
            trigger: `${line(0)} td[name=source_fields] .o_tag:contains('Tax number')`,
        },
        {
            content: "the example is there before anything is saved",
            trigger: `${line(0)} td[name=example]:contains('49-098-576')`,
        },
        {
            trigger: `${line(0)} td[name=is_key] input`,
            run: "click",
        },
        {
            trigger: "div[name=key_label]:contains('Tax ID = Tax number')",
        },
        {
            trigger: "a:contains('Add a line')",
            run: "click",
        },
        {
            trigger: `${line(1)} td[name=target_field] input`,
            run: "edit phone",
        },
        {
            trigger: ".o_xero_field_menu .o_select_menu_item:contains('Phone'):first",
            run: "click",
        },
        {
            trigger: `${line(1)} td[name=source_fields] input`,
            run: "edit changed in",
        },
        {
            trigger: ".o_xero_field_menu .o_select_menu_item:contains('Changed in Xero')",
            run: "click",
        },
        {
            content: "a wrong pair is said at once",
            trigger: `${line(1)} td[name=example] [role=alert]:contains('does not fit')`,
        },
        {
            trigger: `${line(1)} td[name=source_fields] .o_tag .o_delete`,
            run: "click",
        },
        {
            trigger: `${line(1)} td[name=source_fields] input`,
            run: "edit direct",
        },
        {
            trigger: ".o_xero_field_menu .o_select_menu_item:contains('Direct dial')",
            run: "click",
        },
        {
            trigger: `${line(1)} td[name=example]:contains('555 1234')`,
        },
        {
            trigger: "button:contains('Add all usual lines')",
            run: "click",
        },
        {
            trigger: `div[name=mapping_ids]:has(.o_data_row:eq(12)) .o_data_row:contains('Name')`,
        },
        {
            trigger: "div[name=mode] .o_radio_item:contains('none is created') input",
            run: "click",
        },
        {
            trigger: ".o_form_statusbar button:contains('Save')",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
        {
            trigger: "button[name=action_duplicate]",
            run: "click",
        },
        {
            trigger: ".o_last_breadcrumb_item:contains('Wholesale (copy)')",
        },
        {
            trigger: "button[name=action_run]",
            run: "click",
        },
        {
            trigger: ".o_xero_run_progress",
        },
    ],
});

addTour("xero_profile_file", {
    url: "/odoo/xero-profiles",
    steps: () => [
        {
            trigger: ".o_control_panel button:contains('Import a file')",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_load]",
            run: "click",
        },
        {
            trigger: ".modal [role=alert]:contains('Choose a file')",
        },
        {
            trigger: ".modal div[name=file] input[type=file]:not(:visible)",
            async run({anchor}) {
                const text = JSON.stringify({
                    format: "xero-import-profile",
                    version: 1,
                    profiles: [
                        {
                            title: "From elsewhere",
                            target: "company",
                            source: "organisation",
                            mode: "import",
                            lines: [
                                {crm_field: "name", xero_fields: ["Name"]},
                                {crm_field: "x_nowhere", xero_fields: ["Name"]},
                            ],
                        },
                    ],
                });
                const files = new DataTransfer();
                files.items.add(new File([text], "profiles.json"));
                anchor.files = files.files;
                anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {
            trigger: ".modal div[name=file] input:value('profiles.json')",
        },
        {
            trigger: ".modal button[name=action_load]",
            run: "click",
        },
        {
            trigger: ".modal div[name=result]:contains('x_nowhere')",
        },
        {
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            trigger: "div[name=name] input:value('From elsewhere')",
        },
    ],
});
