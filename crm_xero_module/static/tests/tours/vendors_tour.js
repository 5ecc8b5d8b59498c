import {addTour} from "./add_tour";

addTour("xero_vendors", {
    url: "/odoo/xero-connections",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Demo Company') td[name=name]",
            run: "click",
        },
        {
            trigger: ".nav-link[name=what]",
            run: "click",
        },
        {
            content: "customers come always, vendors only by choice",
            trigger: "div[name=vendors] .o_radio_item:contains('None') input:checked",
        },
        {
            trigger: "div[name=vendors] .o_radio_item:contains('All') input",
            run: "click",
        },
        {
            content: "it says how many that is, before anything is saved",
            trigger: ".o_xero_vendor_count:contains('2')",
        },
        {
            trigger: "div[name=vendors] .o_radio_item:contains('Picked') input",
            run: "click",
        },
        {
            content: "vendors are found by name, customers are not offered",
            trigger: "div[name=vendor_ids] input",
            run: "edit Mill",
        },
        {
            trigger:
                ".o-autocomplete--dropdown-menu:not(:contains('Mill Customer')) .o-autocomplete--dropdown-item:contains('Paper Mill')",
            run: "click",
        },
        {
            trigger: "div[name=vendor_ids] .o_tag:contains('Paper Mill')",
        },
        {
            trigger: ".o_xero_vendor_count:contains('1')",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
        {
            content: "the number leads to the list behind it",
            trigger: "button[name=action_open_vendors]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:only-child:contains('Paper Mill')",
        },
    ],
});

addTour("xero_unlink", {
    url: "/odoo/xero-customers",
    steps: () => [
        {
            trigger: ".o_data_row:contains('Bayside Club') td[name=name]",
            run: "click",
        },
        {
            trigger: "button[name=action_unlink_record]",
            run: "click",
        },
        {
            content: "it says what goes and what stays",
            trigger: ".modal-body:contains('Stays: the customers as they are')",
        },
        {
            trigger: ".modal-footer .btn-primary:contains('Unlink')",
            run: "click",
        },
        {
            trigger: "div[name=link_note]:contains('Unlinked by hand')",
        },
        {
            trigger: ".o_breadcrumb a:contains('Customers in Xero')",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Bayside Club'):contains('Ignored')",
        },
        {
            trigger: ".o_data_row:contains('Harbour Club') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Bayside Club') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "many at once",
            trigger: ".o_control_panel button[name=action_unlink_record]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Harbour Club'):contains('Ignored')",
        },
        {
            trigger: ".o_data_row:contains('Bayside Club') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_import_again]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('Imported from what Xero holds')",
        },
        {
            trigger: ".o_data_row:contains('Bayside Club'):contains('Linked')",
        },
        {
            trigger: ".o_data_row:contains('Harbour Club'):contains('Ignored')",
        },
    ],
});
