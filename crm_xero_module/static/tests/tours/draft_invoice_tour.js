import {addTour} from "./add_tour";

const LINES = ".modal .o_xero_draft_lines";

addTour("xero_draft_invoice", {
    steps: () => [
        {
            trigger: "button[name=action_xero_draft_invoice]",
            run: "click",
        },
        {
            content: "the expected revenue is one line",
            trigger: `${LINES} .o_data_row:contains('New shelves')`,
        },
        {
            trigger: `${LINES} .o_field_x2many_list_row_add a:contains('Add a line')`,
            run: "click",
        },
        {
            trigger: `${LINES} .o_selected_row [name=item_id] input`,
            run: "edit P001",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('[P001] Product 1')",
            run: "click",
        },
        {
            content: "an item brings its description and price",
            trigger: `${LINES} .o_selected_row [name=description] textarea:value('Product 1, as agreed')`,
        },
        {
            trigger: `${LINES} .o_selected_row [name=quantity] input`,
            run: "edit 3 && press Tab",
        },
        {
            trigger: ".modal [name=total]:contains('NZD 1,230.00')",
        },
        {
            trigger: `${LINES} .o_field_x2many_list_row_add a:contains('Add a text')`,
            run: "click",
        },
        {
            trigger: `${LINES} .o_selected_row [name=description] textarea`,
            run: "edit <b>Thank you</b>",
        },
        {
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            content: "the dialog says what became of it",
            trigger: ".modal:contains('The draft invoice is in Xero')",
        },
        {
            trigger: ".modal .btn-close, .modal button:contains('Close')",
            run: "click",
        },
        {
            content: "the opportunity shows its state",
            trigger: ".o_xero_invoice:contains('Draft')",
        },
        {
            trigger: "body:not(:has(button[name=action_xero_draft_invoice]))",
        },
        {
            trigger: ".o_xero_invoice",
            run: "click",
        },
        {
            trigger: ".o_form_view:contains('INV-0001')",
        },
    ],
});

addTour("xero_draft_invoice_problem", {
    steps: () => [
        {
            trigger: "button[name=action_xero_draft_invoice]",
            run: "click",
        },
        {
            content: "who is not in Xero is created there first",
            trigger: ".modal .o_xero_problem:contains('is not in Xero yet')",
        },
        {
            trigger: ".modal footer:not(:has(button[name=action_send]))",
        },
        {
            trigger: ".modal button[name=action_create_contact]",
            run: "click",
        },
        {
            trigger: ".modal .modal-title:contains('Create in Xero')",
        },
    ],
});
