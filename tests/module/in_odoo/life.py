"""Installs, uses, updates, neutralizes, uninstalls and installs again, in one Odoo as
a person does it from the Apps, and writes down what is there after each step.
"""

import json
from pathlib import Path
from typing import Any

from odoo import api
from odoo.modules.neutralize import neutralize_database
from odoo.modules.registry import Registry

from tests.module.in_odoo.everything import everything, rows_of

MODULE = "crm_xero_module"


class Life:
    """One database, from before the module to after it.

    :param database: its name
    """

    def __init__(self, database: str):
        self.database = database
        self.seen: dict[str, Any] = {}

    def live(self) -> dict[str, Any]:
        """Go through all of it; what was seen."""
        with self._cursor() as env:
            env["ir.module.module"].update_list()
        self._look("before")
        self._press("button_immediate_install")
        self._use()
        self._press("button_immediate_upgrade")
        self._note("updated", self._what_is_ours)
        self._note("neutralized", self._neutralized)
        self._press("button_immediate_uninstall")
        self._look("after")
        self._note("customers_after", self._company().customers)
        self._note("notes", self._company().notes)
        self._press("button_immediate_install")
        self._note("taken_back", self._company().typed_values)
        self._again()
        self._press("button_immediate_uninstall")
        self._look("after_all")
        self._note("notes_again", self._company().notes)
        return self.seen

    def _use(self) -> None:
        company = self._company()
        with self._cursor() as env:
            connection = company.bring(env)
            company.use(env, connection)
        self._note("used", self._what_is_ours)
        self._note("customers", company.customers)
        self._note("typed", company.typed_values)

    def _again(self) -> None:
        company = self._company()
        with self._cursor() as env:
            company.bring(env)
        self._note("customers_again", company.customers)
        self._note("typed_again", company.typed_values)
        self._note("linked_again", _links)

    def _company(self) -> Any:
        """What needs the module's code: imported once that is loaded."""
        from tests.module.in_odoo import company

        return company

    def _press(self, button: str) -> None:
        with self._cursor() as env:
            module = env["ir.module.module"].search([("name", "=", MODULE)])
            getattr(module, button)()

    def _look(self, name: str) -> None:
        with self._cursor() as env:
            self.seen[name] = everything(env.cr)

    def _note(self, name: str, look: Any) -> None:
        with self._cursor() as env:
            self.seen[name] = look(env)
            env.cr.rollback()

    def _cursor(self) -> Any:
        return _Transaction(self.database)

    def _what_is_ours(self, env: Any) -> dict[str, list[str]]:
        env.cr.execute(
            "SELECT tablename FROM pg_tables"
            " WHERE tablename ~ '^xero_' OR tablename IN %s",
            [("res_partner", "product_template", "res_company", "mail_activity")],
        )
        tables = [row[0] for row in env.cr.fetchall()]
        parameters = rows_of(env.cr, "ir_config_parameter")
        return {
            **{table: rows_of(env.cr, table) for table in sorted(tables)},
            "parameters": [row for row in parameters if MODULE in row],
        }

    def _neutralized(self, env: Any) -> dict[str, Any]:
        neutralize_database(env.cr)
        env.invalidate_all()
        connections = env["xero.connection"].search([])
        return {
            "schedules": connections.mapped("schedule"),
            "next": [str(at) for at in connections.mapped("next_sync_at") if at],
            "key": env["ir.config_parameter"].search_count(
                [("key", "in", [f"{MODULE}.instance_key", f"{MODULE}.connector_url"])]
            ),
            "crons": env["ir.cron"].search_count([("cron_name", "=like", "Xero: %")]),
        }


def _links(env: Any) -> dict[str, list[int]]:
    return {
        "contacts": env["xero.contact"].search([]).mapped("partner_id").ids,
        "persons": env["xero.contact.person"].search([]).mapped("partner_id").ids,
        "products": env["xero.item"].search([]).mapped("product_id").ids,
    }


class _Transaction:
    """A transaction of the administrator, with the registry as it is by now."""

    def __init__(self, database: str):
        self._database = database

    def __enter__(self) -> Any:
        self._cr = Registry(self._database).cursor()
        env = api.Environment(self._cr, api.SUPERUSER_ID, {})
        return api.Environment(self._cr, env.ref("base.user_admin").id, {})

    def __exit__(self, kind: Any, _value: Any, _trace: Any) -> None:
        if kind is None:
            self._cr.commit()
        self._cr.close()


def main(database: str, answer: str) -> None:
    """Live in the database and write what was seen to the file ``answer``."""
    Path(answer).write_text(json.dumps(Life(database).live()))
