import {addTour} from "./add_tour";

const XERO_TAB = [
    {
        trigger: ".nav-link[name=xero]",
        run: "click",
    },
];

addTour("xero_create_customer", {
    steps: () => [
        {
            trigger: ".oe_stat_button[name=action_create_in_xero]",
        },
        ...XERO_TAB,
        {
            trigger: ".o_xero_not_linked .o_xero_create",
            run: "click",
        },
        {
            content: "what goes, and where from",
            trigger:
                ".modal .o_xero_will_be_sent:contains('Bayside Club'):contains('1 Main Road')",
        },
        {
            trigger: ".modal .o_xero_will_be_sent:contains('contact of Bayside Club')",
        },
        {
            content: "what is alike has its reason, and may be linked instead",
            trigger:
                ".modal .o_xero_alike:contains('Other'):contains('Same email'):has(.o_xero_link_instead)",
        },
        {
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            trigger: ".modal .o_xero_send_done",
        },
        {
            trigger: ".modal .o_xero_send_open[href*='go.xero.com']",
        },
        {
            trigger: ".modal .o_xero_send_close",
            run: "click",
        },
        {
            content: "the customer is linked, and may not be created again",
            trigger: ".o_xero_linked_contact:contains('Bayside Club'):contains('Leads')",
        },
        {
            trigger:
                ".o_form_view:not(:has(.oe_stat_button[name=action_create_in_xero]))",
        },
        {
            content: "read it again from Xero",
            trigger: ".o_xero_read_again",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('Nothing has changed in Xero')",
        },
    ],
});

addTour("xero_link_instead", {
    steps: () => [
        {
            trigger: ".oe_stat_button[name=action_create_in_xero]",
            run: "click",
        },
        {
            content: "a name that Xero has stops it, in words",
            trigger: ".modal .o_xero_stops:contains('this name already')",
        },
        {
            trigger: ".modal:not(:has(button[name=action_send]:visible))",
        },
        {
            trigger: ".modal .o_xero_link_instead",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('in Xero now')",
        },
        ...XERO_TAB,
        {
            trigger: ".o_xero_linked_contact:contains('Bayside Club'):contains('Leads')",
        },
    ],
});

addTour("xero_link_by_hand", {
    steps: () => [
        ...XERO_TAB,
        {
            trigger: ".o_xero_not_linked .o_xero_link",
            run: "click",
        },
        {
            trigger: ".modal div[name=other_contact_id] input",
            run: "edit Quite another",
        },
        {
            trigger: ".modal .dropdown-item:contains('Quite another name')",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_link]",
            run: "click",
        },
        {
            trigger: ".o_xero_linked_contact:contains('Quite another name')",
        },
    ],
});

addTour("xero_create_person", {
    steps: () => [
        {
            trigger: ".oe_stat_button[name=action_create_in_xero]",
            run: "click",
        },
        {
            content: "of a person its company goes",
            trigger: ".modal .o_xero_will_be_sent dd:contains('info@bayside.example')",
        },
        {
            trigger: ".modal div[name=subject] input[data-value=person]",
            run: "click",
        },
        {
            content: "or itself, with its company's address",
            trigger:
                ".modal .o_xero_will_be_sent:contains('address of Bayside Club, its company'):contains('Ann Lee')",
        },
        {
            trigger: ".modal-footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

addTour("xero_create_many", {
    steps: () => [
        {
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_cp_action_menus button:contains('Actions')",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Create in Xero')",
            run: "click",
        },
        {
            trigger: ".modal .o_xero_create_many p:contains('Bayside Club')",
        },
        {
            trigger: ".modal .o_xero_left_out:contains('Alike')",
        },
        {
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('on their way to Xero')",
        },
    ],
});
