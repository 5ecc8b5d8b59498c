"""A company that used the module: what came from Xero, and what people made of it."""

from datetime import datetime
from typing import Any

from odoo.addons.crm_xero_module.services.imports.run import ImportRun
from odoo.addons.crm_xero_module.services.mirror.contacts import land_contacts
from odoo.addons.crm_xero_module.services.mirror.items import land_items
from odoo.addons.crm_xero_module.tests.books import item
from odoo.addons.crm_xero_module.tests.common import (
    FakeConnector,
    address,
    contact,
    person,
    phone,
)

READ_AT = datetime(2026, 11, 20, 10, 0, 0)
COMPANIES = 5


def records() -> list[dict[str, Any]]:
    """The contacts of an organisation: companies with persons, one individual."""
    companies = [
        contact(
            number,
            f"Firm <{number}> & Sons",
            FirstName="Jo",
            LastName=f"Doe{number}",
            EmailAddress=f"jo{number}@example.com",
            SkypeUserName=f"jo-{number}",
            ContactPersons=[person("Ann", "Lee", "ann@example.com")],
            Phones=[phone(kind, f"55{number}") for kind in ("FAX", "DDI", "MOBILE")],
            Addresses=[address(AddressLine3="Level 3"), address("STREET", "9 Side St")],
        )
        for number in range(COMPANIES)
    ]
    return [*companies, contact(99, "Mia Wong", FirstName="Mia", LastName="Wong")]


def bring(env: Any) -> Any:
    """Connect the organisation, and import what Xero has; the connection."""
    connection = env["xero.connection"].create({})
    connection._set_connected(FakeConnector().connection())
    connection.matching = "done"
    # As the connector last said; Xero is not asked here.
    run = connection.sudo()._run_of("sync-1")
    land_contacts(connection.sudo(), records(), READ_AT)
    land_items(connection.sudo(), [item(1), item(2)], READ_AT)
    for profile in connection._auto_profiles():
        while ImportRun(profile, run).run_next_batch():
            pass
    run._finish("done")
    env.flush_all()
    return connection


def use(env: Any, connection: Any) -> None:
    """What people make with the module's records and fields."""
    partners = env["res.partner"]
    typed = {"name": "Typed by hand", "xero_fax": "<99> & more", "comment": "<p>Hm</p>"}
    partners.create(typed)
    partners.create({"name": "Archived", "xero_mobile": "021", "active": False})
    model_id = env["ir.model"]._get_id
    env["ir.filters"].create({"name": "Ours", "model_id": "xero.contact"})
    env["ir.filters"].create(
        {
            "name": "Faxes",
            "model_id": "res.partner",
            "domain": "[('xero_fax', '!=', False)]",
        }
    )
    env["ir.exports"].create(
        {
            "name": "Faxes",
            "resource": "res.partner",
            "export_fields": [(0, 0, {"name": "xero_fax"})],
        }
    )
    env["ir.default"].set("res.partner", "xero_fax", "1")
    code = {"state": "code", "model_id": model_id("xero.connection")}
    env["ir.actions.server"].create({"name": "Ours", **code})
    env["ir.cron"].create({"name": "Ours", "interval_type": "days", **code})
    env["ir.attachment"].sudo().create(
        {"name": "a", "res_model": "xero.connection", "res_id": connection.id}
    )
    _talk(env, connection)
    for name in ("instance_key", "connector_url", "app", "kept_runs"):
        env["ir.config_parameter"].set_param(f"crm_xero_module.{name}", "7")
    env["xero.audit"]._note("sync", connection)
    env.ref("crm_xero_module.ir_cron_xero")._trigger()


def _talk(env: Any, connection: Any) -> None:
    """Messages and activities, of the connection and about a customer's debts."""
    contact_row = env["xero.contact"].search([("partner_id", "!=", False)], limit=1)
    connection.message_post(body="Hello")
    connection.activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
    debt = contact_row.partner_id.activity_schedule(
        "mail.mail_activity_data_todo", user_id=env.uid
    )
    debt.sudo().xero_contact_id = contact_row
    env["bus.bus"].sudo().create(
        {"channel": f'["db","xero.connection",{connection.id}]', "message": "{}"}
    )


def customers(env: Any) -> list[tuple[Any, ...]]:
    """Partners and products as people know them, archived ones too."""
    env.invalidate_all()
    partners = env["res.partner"].with_context(active_test=False)
    products = env["product.template"].with_context(active_test=False)
    return [
        *(
            (
                "partner",
                one.id,
                one.name or "",
                one.parent_id.id,
                one.type,
                one.active,
                one.email or "",
                one.phone or "",
                one.street or "",
                one.ref or "",
            )
            for one in partners.search([], order="id")
        ),
        *(
            ("product", one.id, one.name, one.default_code or "", one.list_price)
            for one in products.search([], order="id")
        ),
    ]


def typed_values(env: Any) -> list[tuple[Any, ...]]:
    """What our own fields of partners hold."""
    names = [
        name
        for name, field in env["res.partner"]._fields.items()
        if name.startswith("xero_") and field.store and field.type == "char"
    ]
    partners = env["res.partner"].with_context(active_test=False)
    return [
        (one.id, *(one[name] or "" for name in names))
        for one in partners.search([], order="id")
    ]


def notes(env: Any) -> dict[str, str]:
    """{name: internal note} of the partners that have one."""
    partners = env["res.partner"].with_context(active_test=False)
    found = partners.search([("comment", "!=", False)])
    return {f"{one.id} {one.name}": str(one.comment) for one in found}
