import {addTour} from "./add_tour";

const row = (name) => `.o_xero_match:contains('${name}')`;
const current = (name) => `.o_xero_match.o_xero_current:contains('${name}')`;
const press = (key, trigger) => ({trigger, run: `press ${key}`});

addTour("xero_matching_mouse", {
    steps: () => [
        {
            content: "imports wait, and the workbench says so",
            trigger: ".o_xero_matching_gate:contains('Match them')",
        },
        {
            trigger: ".o_xero_matching_progress:contains('0 of 6 matched')",
        },
        {
            content: "the likeliest first, every field beside the other's",
            trigger: `${current("Bayside Club Ltd")} [data-field=phone][data-mark=differs]`,
        },
        {
            trigger: `${current("Bayside Club Ltd")} .o_xero_reason:contains('Same email')`,
        },
        {
            trigger: `${current("Bayside Club Ltd")} button[name=accept]`,
            run: "click",
        },
        {
            trigger: ".o_xero_matching_progress:contains('1 of 6 matched')",
        },
        {
            trigger: "button[name=undo]",
            run: "click",
        },
        {
            content: "undone: it is asked again",
            trigger: row("Bayside Club Ltd"),
        },
        {
            content: "one customer that another contact may be too",
            trigger: row("Harbour Club"),
            run: "click",
        },
        {
            trigger: `${current("Harbour Club")} .o_xero_other:contains('Harbour Club (old)')`,
            run: "click",
        },
        {
            trigger: `${current("Harbour Club")} .o_xero_right:contains('Harbour Club (old)')`,
        },
        {
            trigger: `${current("Harbour Club")} button[name=never]`,
            run: "click",
        },
        {
            content: "only this pair is never suggested again",
            trigger: `${row("Harbour Club")}:not(:contains('(old)'))`,
        },
        {
            trigger: ".o_xero_kinds button[name=never]",
            run: "click",
        },
        {
            trigger: `${current("Harbour Club")} button:contains('Suggest again')`,
        },
        {
            trigger: ".o_xero_kinds button[name=none]",
            run: "click",
        },
        {
            trigger: `${row("Nobody Knows")} button[name=choose]`,
            run: "click",
        },
        {
            trigger: ".o_xero_chooser input",
            run: "edit Somebody",
        },
        {
            trigger: ".o_xero_chooser .dropdown-item:contains('Somebody Else')",
            run: "click",
        },
        {
            trigger: ".o_xero_said:contains('Somebody Else')",
        },
        {
            content: "what comes from Xero is text",
            trigger: row("<b>Nobody Either</b>"),
        },
        {
            trigger: ".o_xero_kinds button[name=all]",
            run: "click",
        },
        {
            trigger: "button[name=look_through]",
            run: "click",
        },
        {
            content: "the count first, and who they are",
            trigger: ".o_xero_above:contains('of 90 % or more')",
        },
        {
            trigger: `${row("Coastal Timber")} input[type=checkbox]:checked`,
            run: "click",
        },
        {
            trigger: "button[name=accept_above]:contains('Accept 3')",
            run: "click",
        },
        {
            content: "whom the tick was taken from stays",
            trigger: row("Coastal Timber"),
        },
        {
            trigger: ".o_xero_matching_progress:contains('4 of 6 matched')",
        },
        {
            trigger: "button[name=matching_done]:contains('Done matching')",
            run: "click",
        },
        {
            trigger: ".modal-footer button:contains('Begin importing')",
            run: "click",
        },
        {
            trigger: ".o_xero_matching:not(:has(.o_xero_matching_gate))",
        },
    ],
});

addTour("xero_matching_keys", {
    steps: () => [
        {
            content: "which key does what is always seen",
            trigger: ".o_xero_keys:contains('never') kbd:contains('N')",
        },
        press("Enter", current("Bayside Club Ltd")),
        {
            trigger: ".o_xero_matching_progress:contains('1 of 6 matched')",
        },
        press("z", ".o_xero_current"),
        {
            trigger: ".o_xero_matching_progress:contains('0 of 6 matched')",
        },
        press("Home", ".o_xero_current"),
        press("ArrowDown", current("Bayside Club Ltd")),
        press("n", ".o_xero_match.o_xero_current:not(:contains('Bayside Club Ltd'))"),
        {
            trigger: ".o_xero_said:contains('never this one')",
        },
        press("End", ".o_xero_current"),
        {
            content: "the last is the one without a suggestion",
            trigger: current("No suggestion"),
        },
        press("o", ".o_xero_current"),
        {
            trigger: ".o_xero_chooser input:focus",
            run: "edit Somebody",
        },
        {
            content: "the list is of what was typed: a late one would open it again",
            trigger:
                ".o_xero_chooser:not(:contains('Bayside Club')) .dropdown-item:contains('Somebody Else')",
        },
        press("Escape", ".o_xero_chooser input"),
        {
            content: "the first one closes the list only",
            trigger: ".o_xero_chooser:not(:has(.dropdown-item)) input",
        },
        press("Escape", ".o_xero_chooser input"),
        {
            content: "the row has the focus again",
            trigger: ".o_xero_current:focus:not(:has(.o_xero_chooser))",
        },
        press("c", ".o_xero_current"),
        {
            trigger: ".o_xero_said:contains('comes as a new customer')",
        },
        {
            trigger: ".o_xero_kinds button[name=new]:contains('1')",
        },
        press("Home", ".o_xero_current"),
        press("Space", ".o_xero_current"),
        press("ArrowDown", ".o_xero_current.o_xero_chosen"),
        press("Space", ".o_xero_current:not(.o_xero_chosen)"),
        {
            trigger: ".o_xero_chosen_bar:contains('2 chosen') button[name=accept_chosen]",
            run: "click",
        },
        {
            trigger: ".o_xero_matching_progress:contains('3 of 6 matched')",
        },
    ],
});

addTour("xero_matching_customers", {
    steps: () => [
        {
            trigger: ".nav-link[name=customers]",
            run: "click",
        },
        {
            trigger: ".o_xero_customer:contains('Somebody Else'):contains('Not in Xero')",
            run: "click",
        },
        press("o", ".o_xero_current:contains('Somebody Else')"),
        {
            trigger: ".o_xero_chooser input",
            run: "edit Nobody",
        },
        {
            trigger: ".o_xero_chooser .dropdown-item:contains('Nobody Knows')",
            run: "click",
        },
        {
            trigger: ".o_xero_matching_progress:contains('1 of 6 matched')",
        },
        {
            trigger: ".o_xero_matches:not(:contains('Somebody Else'))",
        },
    ],
});

addTour("xero_matching_gate", {
    url: "/odoo/xero",
    steps: () => [
        {
            content: "the card says what the imports wait for",
            trigger: ".o_xero_gate:contains('Match them') button[name=action_match]",
            run: "click",
        },
        {
            trigger: ".o_xero_match:contains('Bayside Club Ltd')",
        },
        {
            trigger: ".o_breadcrumb a:contains('Overview'), .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_xero_gate button[name=action_import_without_matching]",
            run: "click",
        },
        {
            trigger: ".modal-footer button:contains('Begin importing')",
            run: "click",
        },
        {
            trigger: ".o_kanban_view:not(:has(.o_xero_gate:visible))",
        },
    ],
});

addTour("xero_matching_nothing", {
    steps: () => [
        {
            trigger: ".o_xero_nothing:contains('Xero is not connected yet') button",
            run: "click",
        },
        {
            trigger: ".o_view_nocontent a:contains('Connect to Xero')",
        },
    ],
});
