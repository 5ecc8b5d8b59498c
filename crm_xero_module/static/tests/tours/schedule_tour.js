import {stepUtils} from "@web_tour/tour_utils";
import {addTour} from "./add_tour";

const PAGE = ".o_xero_connection_form .nav-link:contains('When and which way')";

addTour("xero_schedule", {
    steps: () => [
        {
            trigger: PAGE,
            run: "click",
        },
        {
            content: "what is proposed says what it costs",
            trigger:
                ".o_xero_schedule .form-check:has(input[value=proposed]:checked):contains('every 15 minutes'):contains('of 1,000 calls a day')",
        },
        {
            trigger: ".o_xero_calls_parts td[data-name=people]:contains('50')",
        },
        {
            content: "when the next one comes",
            trigger: "div[name=next_sync_at]:contains('in ')",
        },
        {
            content: "an interval that does not fit is warned of before it is saved",
            trigger: ".o_xero_schedule select",
            run: "select 5",
        },
        {
            trigger: ".o_xero_schedule .alert-danger:contains('Every 15 minutes fits')",
        },
        {
            trigger: ".o_xero_schedule input[value=fixed]:checked",
        },
        {
            trigger: ".o_xero_schedule select",
            run: "select 10",
        },
        {
            trigger: ".o_xero_schedule .alert-warning:contains('on a busy day')",
        },
        {
            trigger: ".o_xero_schedule select",
            run: "select 30",
        },
        {
            trigger: ".o_xero_schedule:not(:has(.alert))",
        },
        ...stepUtils.saveForm(),
        {
            content: "by hand only costs nothing by itself",
            trigger: ".o_xero_schedule input[value=manual]",
            run: "click",
        },
        {
            trigger: ".o_xero_calls_parts td[data-name=syncs]:contains(/^0$/)",
        },
        {
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger: ".o_xero_schedule input[value=fixed]:checked",
        },
    ],
});

addTour("xero_webhooks", {
    steps: () => [
        {
            trigger: PAGE,
            run: "click",
        },
        {
            content: "the address is there to be copied",
            trigger: ".o_xero_webhooks code:contains('/webhooks/')",
        },
        {
            trigger: ".o_xero_webhooks .o_xero_copy_address",
        },
        {
            trigger: ".o_xero_webhooks ol:contains('Intent to receive')",
        },
        {
            trigger: "button[name=action_xero_enter_webhook_key]:visible",
            run: "click",
        },
        {
            trigger: ".o_xero_webhook_dialog #xero_webhook_key",
            run: "edit two words",
        },
        {
            trigger: ".o_xero_webhook_save:enabled",
            run: "click",
        },
        {
            content: "what is no key is said, and the dialog stays",
            trigger: ".o_xero_webhook_problem:contains('no webhooks key')",
        },
        {
            trigger: ".o_xero_webhook_dialog #xero_webhook_key",
            run: "edit s1gn1ngKeyThatMustNotStayAnywhere==",
        },
        {
            trigger: ".o_xero_webhook_save:enabled",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_xero_webhook_key:contains('set on')",
        },
        {
            trigger: ".o_xero_webhook_checks:contains('Not tested yet')",
        },
        {
            trigger: "button[name=action_xero_test_webhooks]:visible",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('The address works')",
        },
        {
            trigger: ".o_xero_webhook_checks:contains('signed wrongly is refused')",
        },
        {
            content: "that Xero has to confirm it is said",
            trigger: ".o_xero_webhook_checks:contains('not confirmed the address yet')",
        },
        {
            trigger: "button[name=action_xero_remove_webhook_key]:visible",
            run: "click",
        },
        {
            trigger: ".modal:contains('Nothing is lost') .btn-primary:contains('Remove')",
            run: "click",
        },
        {
            trigger: ".o_xero_webhooks:not(:has(.o_xero_webhook_key)) ol",
        },
    ],
});

addTour("xero_webhooks_settings", {
    url: "/odoo/action-crm_xero_module.xero_settings_action",
    steps: () => [
        {
            trigger: ".o_setting_box#xero_webhooks .o_xero_webhooks code",
        },
        {
            trigger: ".o_setting_box#xero_webhooks button:contains('Enter the key')",
            run: "click",
        },
        {
            trigger: ".o_xero_webhook_dialog #xero_webhook_key",
            run: "edit s1gn1ngKeyThatMustNotStayAnywhere==",
        },
        {
            trigger: ".o_xero_webhook_save:enabled",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_xero_webhook_key:contains('set on')",
        },
        {
            trigger: ".o_setting_box#xero_webhooks button[name=action_xero_test_webhooks]",
            run: "click",
        },
        {
            content: "an address that is not open is said with what to do",
            trigger: ".o_xero_webhooks .alert-danger:contains('open to the internet')",
        },
    ],
});
