import {addTour} from "./add_tour";

const line = (number) => `div[name=mapping_ids] .o_data_row:eq(${number})`;

addTour("xero_product_profile", {
    url: "/odoo/xero-profiles",
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: "div[name=name] input",
            run: "edit Sold items",
        },
        {
            trigger: "div[name=target] .o_select_menu_input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Product')",
            run: "click",
        },
        {
            content: "what means nothing for items is gone",
            trigger: ".o_form_view:not(:has(div[name=which])):not(:has(div[name=status]))",
        },
        {
            trigger: "div[name=record_count]:contains('3')",
        },
        {
            trigger: "div[name=which_items] .o_select_menu_input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Sold')",
            run: "click",
        },
        {
            trigger: "div[name=record_count]:contains('2')",
        },
        {
            trigger: "a:contains('Add a line')",
            run: "click",
        },
        {
            trigger: `${line(0)} td[name=target_field] input`,
            run: "edit barcode",
        },
        {
            trigger: ".o_xero_field_menu .o_select_menu_item:contains('Barcode'):first",
            run: "click",
        },
        {
            trigger: `${line(0)} td[name=source_fields] input`,
            run: "edit sales acc",
        },
        {
            trigger: ".o_xero_field_menu .o_select_menu_item:contains('Sales account')",
            run: "click",
        },
        {
            content: "the example is an item's",
            trigger: `${line(0)} td[name=example]:contains('200')`,
        },
        {
            trigger: `${line(0)} td.o_list_record_remove button`,
            run: "click",
        },
        {
            trigger: "div[name=mapping_ids]:not(:has(.o_data_row))",
        },
        {
            trigger: "button:contains('Add all usual lines')",
            run: "click",
        },
        {
            trigger: "div[name=key_label]:contains('Internal Reference = Code')",
        },
        {
            trigger: `${line(1)} td[name=example]:contains('Product 1')`,
        },
        {
            trigger: ".o_form_statusbar button:contains('Save')",
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
            trigger: ".o_xero_run_progress",
        },
    ],
});

addTour("xero_product", {
    steps: () => [
        {
            trigger: ".o_notebook_headers a:contains('Xero')",
            run: "click",
        },
        {
            trigger: ".o_xero_product_item[data-code=P001]:contains('12.50')",
        },
        {
            content: "what was typed here",
            trigger:
                ".o_xero_changed_here tr[data-field=name]:contains('Typed'):contains('Product 1')",
        },
        {
            trigger: ".o_xero_changed_here tr[data-field=name] .o_xero_follow",
            run: "click",
        },
        {
            trigger: ".o_xero_product_tab:not(:has(.o_xero_changed_here))",
        },
        {
            trigger: ".o_xero_product_item h5 a",
            run: "click",
        },
        {
            trigger: "button[name=action_unlink_record]",
            run: "click",
        },
        {
            trigger: ".modal-footer button:contains('Unlink')",
            run: "click",
        },
        {
            trigger: "button[name=action_import_again]",
            run: "click",
        },
        {
            trigger: "button[name=action_unlink_record]",
        },
    ],
});
