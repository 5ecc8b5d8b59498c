# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Xero holds of a customer after a write is as if it had been applied here.

Xero gives a value back in a form of its own. Neither that nor what the CRM holds is a
change of the other side then.
"""

import json

from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..imports.items import Item
from ..imports.lines import ProfileBroken
from ..imports.run import ImportRun
from ..imports.values import Values
from ..mapping.crm_values import is_empty
from ..mapping.targets import COMPANY, CONTACT


def remember_applied(contact, held):
    """Remember on a contact's row and its persons' what Xero now gives, and what the
    CRM held when that was sent. The caller holds the connection's lock.

    :param held: {str(partner id): {CRM field: value as `current_value` gives it}}
    """
    rows = {COMPANY.name: contact, CONTACT.name: contact.person_ids}
    for profile in contact.connection_id.profile_ids:
        mirror = rows.get(profile.target)
        if mirror:
            _remember(profile, mirror, held)


def _remember(profile, mirror, held):
    try:
        planner = ImportRun(profile, mirror.env["xero.sync"])._planner()
    except (AccessError, ProfileBroken):
        # The import says so itself, and applies nothing as it is.
        return
    mirror.flush_model()
    condition = SQL("%s = ANY(%s)", planner.alias("id"), mirror.ids)
    rows = planner.rows(condition, len(mirror))
    given = Values(planner.env, planner.lines).of([Item(row) for row in rows])
    applied = []
    for row in rows:
        was = held.get(str(row.record_id)) or {}
        pairs = {
            name: [value, was[name]]
            for name, value in given[row.id].items()
            if name in was and not is_empty(value)
        }
        if pairs:
            applied.append({"id": row.id, "applied": row.applied | pairs})
    _save(mirror, applied)


def _save(mirror, applied):
    mirror.env.execute_query(
        SQL(
            """
            UPDATE %s AS old SET applied = new.applied
              FROM jsonb_to_recordset(%s::jsonb) AS new(id int, applied jsonb)
             WHERE old.id = new.id
            RETURNING old.id
            """,
            SQL.identifier(mirror._table),
            json.dumps(applied),
        )
    )
    mirror.invalidate_model(["applied"], flush=False)
