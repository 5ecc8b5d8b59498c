"""What all programs of this benchmark look at."""

from __future__ import annotations

from typing import Any

from odoo import api


def fresh(env: api.Environment) -> Any:
    """The connection; both tables have been read once."""
    looked_at(env)
    return env["xero.connection"].search([])


def looked_at(env: api.Environment) -> int:
    """How many contacts and customers there are: the records of a run."""
    env.cr.execute(
        "SELECT (SELECT count(*) FROM xero_contact)"
        " + (SELECT count(*) FROM res_partner WHERE is_company)"
    )
    return env.cr.fetchone()[0]
