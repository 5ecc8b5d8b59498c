"""Makes both sides in the template: the mirror's contacts and the CRM's customers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from odoo import api

from odoo.addons.crm_xero_module.services.mirror.contacts import land_contacts

from benchmarks.importers.database import job, opened
from benchmarks.importers.spool import connect, records_of


def main() -> None:
    wanted = job()
    with opened(wanted.template, wanted.data) as env:
        if not env["xero.connection"].search([]):
            connect(env)
        connection = env["xero.connection"].search([])
        for part in wanted.parts:
            land_contacts(connection, records_of([part]), datetime(2026, 11, 22))
        customers = (Path(wanted.folder) / "customers.json").read_text()
        _make_customers(env, customers)
        env.cr.commit()
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE xero_contact, xero_contact_person, res_partner")


def _make_customers(env: api.Environment, customers: str) -> None:
    """By SQL, as they are only looked at: nothing is measured here."""
    env.cr.execute(
        """
        INSERT INTO res_partner (
            name, complete_name, email, email_normalized, phone, vat, website,
            is_company, active, type, create_date, write_date
        )
        SELECT c->>0, c->>0, NULLIF(c->>1, ''), NULLIF(lower(c->>1), ''),
               NULLIF(c->>2, ''), NULLIF(c->>3, ''), NULLIF(c->>4, ''),
               TRUE, TRUE, 'contact', now(), now()
          FROM jsonb_array_elements(%s::jsonb) AS c
        """,
        [customers],
    )
