import {addTour} from "./add_tour";

const FORM = ".o_setting_container";

/**
 * Press Check and wait for what it says. The page is loaded anew then: what is typed
 * before would be lost.
 */
function check(said) {
    return [
        {
            trigger: FORM,
            run: () => document.querySelector(FORM).classList.add("o_before_check"),
        },
        {
            trigger: "button[name=action_xero_check]",
            run: "click",
        },
        {
            trigger: `.o_notification:contains('${said}')`,
        },
        {
            trigger: `${FORM}:not(.o_before_check)`,
        },
    ];
}

addTour("xero_settings", {
    url: "/odoo/action-crm_xero_module.xero_settings_action",
    steps: () => [
        {
            content: "the app can be entered only where there is a connector",
            trigger: ".o_setting_box:contains('First enter the connector')",
        },
        {
            trigger: "div[name=xero_connector_url] input",
            run: "edit https://connector.example.com",
        },
        {
            trigger: "div[name=xero_instance_key] input",
            run: "edit xo_test_wrong",
        },
        // A wrong key is said in words.
        ...check("does not accept the instance key"),
        {
            trigger: ".o_notification_close",
            run: "click",
        },
        {
            content: "the key is not shown again",
            trigger: "div[name=xero_instance_key] input[placeholder^='Entered']",
        },
        {
            trigger: "div[name=xero_instance_key] input",
            run: "edit xo_test_secret-of-the-tests",
        },
        ...check("The connector answers"),
        {
            trigger: "div[name=xero_connector_reached]:contains('It answered')",
        },
        {
            trigger: "div[name=xero_redirect_uri]:contains('/oauth/callback')",
        },
        {
            trigger: "button[name=action_xero_enter_app]",
            run: "click",
        },
        {
            trigger: ".o_xero_app_dialog #xero_client_id",
            run: "edit 4F2A9C71D0E84B0FA2C6",
        },
        {
            trigger: ".o_xero_app_dialog #xero_client_secret",
            run: "edit wrong",
        },
        {
            trigger: ".o_xero_app_save:enabled",
            run: "click",
        },
        {
            content: "a wrong secret is said, and the dialog stays",
            trigger: ".o_xero_app_problem:contains('client id and secret')",
        },
        {
            trigger: ".o_xero_app_dialog #xero_client_secret",
            run: "edit S3cretThatMustNotStayAnywhere",
        },
        {
            trigger: ".o_xero_app_save:enabled",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) div[name=xero_secret_info]:contains('set on')",
        },
        {
            trigger: "div[name=xero_client_id]:contains('4F2A9C71D0E84B0FA2C6')",
        },
    ],
});
