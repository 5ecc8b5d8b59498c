"""Makes the connection in the template, and the values that the import's partners have:
the peers are given these, so that all make the same partners."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from odoo import api, sql_db

from odoo.addons.crm_xero_module.services.imports.run import ImportRun
from odoo.addons.crm_xero_module.services.mirror.contacts import land_contacts

from benchmarks.importers.database import Job, copied, job, opened
from benchmarks.importers.spool import connect, records_of


def main() -> None:
    """:raises AssertionError: a contact did not become a partner"""
    wanted = job()
    with opened(wanted.template, wanted.data) as env:
        if not env["xero.connection"].search([]):
            connect(env)
    sql_db.close_all()
    # In a copy: what was rolled back would lie in the template as dead rows.
    with copied(wanted) as env:
        found = _companies(env, _imported(env, wanted))
        (Path(wanted.folder) / "values.json").write_text(json.dumps(found))


def _imported(env: api.Environment, wanted: Job) -> Any:
    """Bring all pages in; the run that did."""
    connection = env["xero.connection"].search([])
    run = connection._run_of("prepare")
    for contacts in map(records_of, ([part] for part in wanted.parts)):
        land_contacts(connection, contacts, datetime(2026, 11, 22))
        for profile in connection._auto_profiles():
            while ImportRun(profile, run).run_next_batch():
                pass
    return run


def _companies(env: api.Environment, run: Any) -> list[dict[str, Any]]:
    """In the order of the pages, which is that of the mirror's rows."""
    companies, persons, _products = run.connection_id._auto_profiles()
    contacts = env["xero.contact"].search([], order="change_seq")
    assert all(contact.partner_id for contact in contacts), run.line_ids[:5].read()
    partners = contacts.partner_id
    company = _values(partners, [*companies.mapping_ids.mapped("target_field")])
    names = [*persons.mapping_ids.mapped("target_field"), "name", "type"]
    people = contacts.person_ids.partner_id
    person = _values(people, [name for name in names if name != "parent_id"])
    return [
        {
            "values": {**company[partner.id], "is_company": True},
            "persons": [person[child.id] for child in partner.child_ids & people],
        }
        for partner in partners
    ]


def _values(partners: Any, names: list[str]) -> dict[int, dict[str, Any]]:
    """{id: {field: value}} without what is empty."""
    return {
        row.pop("id"): {name: value for name, value in row.items() if value}
        for row in partners.read(names, load=None)
    }
