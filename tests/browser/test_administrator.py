"""The whole job as an administrator does it, in a browser, on the running stack."""

import re

from playwright.sync_api import Locator, Page, expect

from infra.demo.comparison import compare, is_customer, simulated_contacts
from infra.demo.stack import ADMINISTRATOR, SALES_PERSON, Stack

SYNC_MILLISECONDS = 120_000


def log_in(page: Page, stack: Stack, user: tuple[str, str]) -> None:
    page.goto(f"{stack.odoo_url}/web/login")
    page.get_by_label("Email").fill(user[0])
    page.get_by_label("Password").fill(user[1])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(re.compile("/odoo"))


def open_settings(page: Page, stack: Stack) -> None:
    """With Check pressed: the form is loaded anew then, and a dialog opened over the
    old one would go."""
    page.goto(f"{stack.odoo_url}/odoo/action-crm_xero_module.xero_settings_action")
    form = page.locator(".o_setting_container")
    form.evaluate("form => form.classList.add('o_before_check')")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("The connector answers")).to_be_visible()
    expect(page.locator(".o_setting_container:not(.o_before_check)")).to_be_visible()


def enter_app(page: Page, client_id: str, client_secret: str) -> None:
    page.get_by_role("button", name="Enter client id and secret").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Client id").fill(client_id)
    dialog.get_by_label("Client secret").fill(client_secret)
    dialog.get_by_role("button", name="Send to the connector").click()


def menu_of_customers(page: Page) -> Locator:
    return page.locator(".o_menu_sections").get_by_text("Customers", exact=True)


def test_from_the_settings_to_an_open_customer(page: Page, stack: Stack) -> None:
    log_in(page, stack, ADMINISTRATOR)
    app = stack.plan.app

    open_settings(page, stack)
    enter_app(page, app.client_id, "not-the-secret")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("Xero")
    dialog.get_by_label("Client secret").fill(app.client_secret)
    dialog.get_by_role("button", name="Send to the connector").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("set on")).to_be_visible()

    page.goto(f"{stack.odoo_url}/odoo/xero")
    page.get_by_text("Connect to Xero").click()
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Code: consent_denied")).to_be_visible()
    page.get_by_role("link", name="Connect again").click()
    second = page.get_by_role("radio").nth(1)
    second.check()
    organisation = second.get_attribute("value")
    page.get_by_role("button", name="Allow access").click()

    page.get_by_role("button", name="Sync now").first.click()
    expect(page.locator(".o_arrow_button_current")).to_have_text(
        "Done", timeout=SYNC_MILLISECONDS
    )

    contacts = simulated_contacts(stack.simulator_url, organisation)
    admin = stack.session(ADMINISTRATOR)
    admin.log_in()
    assert compare(contacts, admin).differences == []

    customer = next(each for each in contacts if is_customer(each))["Name"]
    page.goto(f"{stack.odoo_url}/odoo/xero")
    menu_of_customers(page).click()
    page.get_by_role("menuitem", name="Customers", exact=True).click()
    page.get_by_placeholder("Search...").fill(customer)
    page.get_by_placeholder("Search...").press("Enter")
    page.get_by_role("cell", name=customer, exact=True).first.click()
    expect(page.get_by_text(customer).first).to_be_visible()


def test_a_sales_person_opens_a_customer_and_is_not_offered_to_configure(
    page: Page, stack: Stack
) -> None:
    log_in(page, stack, SALES_PERSON)
    page.goto(f"{stack.odoo_url}/odoo/xero")
    expect(menu_of_customers(page)).to_be_visible()
    expect(page.get_by_text("Configuration")).to_be_hidden()
