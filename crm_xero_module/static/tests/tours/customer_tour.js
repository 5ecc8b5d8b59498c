import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("xero_customer", {
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

registry.category("web_tour.tours").add("xero_customer_not_linked", {
    steps: () => [
        {
            trigger: ".nav-link[name=xero]",
            run: "click",
        },
        {
            trigger: ".o_xero_not_linked:contains('Not linked to a Xero contact')",
        },
    ],
});
