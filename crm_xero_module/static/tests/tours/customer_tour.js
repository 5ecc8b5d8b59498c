import {addTour} from "./add_tour";

addTour("xero_customer", {
    steps: () => [
        {
            trigger: ".oe_stat_button:contains('Xero')",
        },
        {
            trigger: ".nav-link[name=xero]",
            run: "click",
        },
        {
            trigger: ".o_xero_linked_contact:contains('Bayside Club'):contains('Leads')",
        },
        {
            trigger: ".o_xero_linked_contact:contains('1,250.50 NZD')",
        },
        {
            content: "what was changed here is shown beside what Xero holds",
            trigger:
                ".o_xero_changed_here tr[data-field=phone]:contains('my own'):contains('555 9999')",
        },
        {
            trigger: ".o_xero_changed_here tr[data-field=phone] .o_xero_follow",
            run: "click",
        },
        {
            content: "it follows Xero again, at once",
            trigger: ".o_form_view div[name=phone] input:value('555 9999')",
        },
        {
            trigger: ".o_xero_customer_tab:not(:has(.o_xero_changed_here))",
        },
        {
            trigger: "div[name=phone] input",
            run: "edit 555 0000",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "what is typed now is shown once it is saved",
            trigger: ".o_xero_changed_here tr[data-field=phone]:contains('555 0000')",
        },
        {
            trigger: ".o_xero_unlink",
            run: "click",
        },
        {
            trigger: ".modal-footer button:contains('Cancel'), .modal-footer button:contains('Discard')",
            run: "click",
        },
        {
            trigger: "div[name=xero_fax] input:value('(04) 555 1234')",
        },
        {
            trigger: ".o_xero_linked_contact a:contains('Bayside Club')",
            run: "click",
        },
        {
            content: "the contact as Xero has it",
            trigger: ".o_form_view div[name=xero_id]:contains('00000000-0000-4000')",
        },
    ],
});

const OPEN_TAB = {trigger: ".nav-link[name=xero]", run: "click"};

addTour("xero_customer_sales", {
    steps: () => [
        {
            trigger:
                ".oe_stat_button[name=action_open_xero_sales]:contains('450.00'):contains('Xero this year')",
        },
        {
            trigger:
                ".oe_stat_button[name=action_open_xero_owed]:contains('350.00'):contains('20 days late')",
        },
        OPEN_TAB,
        {
            trigger:
                ".o_xero_figure[data-figure=sales_this_year]:contains('since April 1'):contains('450.00')",
        },
        {
            content: "450 against 300 in the same days of last year",
            trigger:
                ".o_xero_figure[data-figure=sales_same_days]:contains('+50.0 %'):contains('300.00')",
        },
        {
            trigger:
                ".o_xero_figure[data-figure=overdue]:contains('1 invoice, 20 days'):contains('400.00')",
        },
        {
            trigger:
                ".o_xero_figure[data-figure=days_to_pay]:contains('19 days, of 1 paid invoice')",
        },
        {
            trigger: ".o_xero_ages [data-age=days_1_30]:contains('400.00')",
        },
        {
            trigger: ".o_xero_ages [data-age=credits]:contains('-50.00')",
        },
        {
            trigger: ".o_xero_sales_chart canvas",
        },
        {
            trigger: ".o_xero_most_bought tr:contains('Product 1'):contains('2 ×')",
        },
        {
            trigger:
                ".o_xero_invoice:contains('INV-0001'):contains('Overdue'):has(.o_xero_pdf)",
        },
        {
            trigger: ".o_xero_linked_contact:contains('Leads')",
        },
        {
            content: "on this narrow a screen Odoo folds buttons away",
            trigger: ".o_button_more",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .oe_stat_button:contains('Open in Xero')",
        },
        {
            trigger: ".o-dropdown--menu .oe_stat_button:contains('Xero invoices')",
            run: "click",
        },
        {
            content: "the sales log of this customer",
            trigger: ".o_list_view .o_data_row:contains('INV-0002')",
        },
    ],
});

addTour("xero_customer_person", {
    steps: () => [
        {
            trigger: ".oe_stat_button[name=action_open_xero_owed]:contains('350.00')",
        },
        OPEN_TAB,
        {
            trigger: ".o_xero_of_company:contains('Figures of Company 1, its company')",
        },
        {
            trigger: ".o_xero_figure[data-figure=outstanding]:contains('350.00')",
        },
        {
            trigger: ".o_xero_linked_contact:contains('Of its company')",
        },
    ],
});

addTour("xero_customer_several", {
    steps: () => [
        OPEN_TAB,
        {
            trigger:
                ".o_xero_organisation:contains('Another Company (AU)'):contains('AUD 30.00'):contains('since July 1')",
        },
        {
            content: "what is not converted stands beside",
            trigger:
                ".o_xero_organisation:contains('Demo Company (NZ)') [data-figure=outstanding]:contains('and USD 1,200.00')",
        },
        {
            trigger:
                ".o_xero_last_invoices .o_xero_invoice:contains('Another Company (AU)')",
        },
    ],
});

addTour("xero_customer_no_sales", {
    steps: () => [
        {
            trigger: ".oe_stat_button:contains('Open in Xero')",
        },
        OPEN_TAB,
        {
            trigger: ".o_xero_no_sales:contains('No sales in Xero yet')",
        },
        {
            trigger: ".o_xero_linked_contact:contains('Company 2')",
        },
    ],
});

addTour("xero_customer_lists", {
    steps: () => [
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .o_menu_item:contains('Overdue in Xero')",
            run: "click",
        },
        {
            trigger: ".o_facet_value:contains('Overdue in Xero')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Company 2')))",
        },
        {
            trigger: ".o_optional_columns_dropdown button",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Overdue in Xero') input:not(:checked)",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains('Company 1') td[name=xero_overdue]:contains('400.00')",
        },
        {
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains('Company 1')",
        },
        {
            trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains('Company 2')))",
        },
    ],
});

addTour("xero_customer_not_linked", {
    steps: () => [
        {
            trigger: ".nav-link[name=xero]",
            run: "click",
        },
        {
            trigger: ".o_xero_not_linked:contains('Not linked to a contact in Xero')",
        },
        {
            content: "there are no buttons of zeros",
            trigger:
                ".o_form_view:not(:has(.oe_stat_button[name^=action_open_xero], .oe_stat_button[name=action_open_in_xero]))",
        },
    ],
});
