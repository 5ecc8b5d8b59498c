# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lands Xero's contact groups, and which contacts are in them.

Xero lists its groups once a day, the active ones only; who is in them stands in the
contacts. Only what differs is written.
"""

import json

from odoo.tools import SQL

from ..xero.values import ID_LIMIT, record, text


def land_groups(connection, groups, *, is_whole):
    """Bring the groups up to date with Xero's list of those that it has.

    :param is_whole: the list begins with these, so that what is not among them was
        deleted in Xero; a further part of a list only adds
    :return: how many groups came
    """
    named = dict(filter(None, map(_group, groups)))
    connection.env["xero.contact.group"].flush_model()
    connection.env.execute_query(
        SQL(
            """
            WITH new AS (
                SELECT key AS xero_id, value AS name
                  FROM jsonb_each_text(%(named)s::jsonb)
            ), gone AS (
                UPDATE xero_contact_group SET active = FALSE
                 WHERE connection_id = %(connection)s AND active AND %(is_whole)s
                   AND xero_id NOT IN (SELECT xero_id FROM new)
            )
            INSERT INTO xero_contact_group AS old (
                connection_id, company_id, xero_id, name, active
            )
            SELECT %(connection)s, %(company)s, xero_id, name, TRUE FROM new
             ORDER BY xero_id
            ON CONFLICT (connection_id, xero_id) DO UPDATE
               SET name = EXCLUDED.name, active = TRUE
             WHERE old.name IS DISTINCT FROM EXCLUDED.name OR NOT old.active
            RETURNING id
            """,
            named=json.dumps(named),
            connection=connection.id,
            company=connection.company_id.id,
            is_whole=is_whole,
        )
    )
    connection.env["xero.contact.group"].invalidate_model(flush=False)
    return len(named)


def land_memberships(connection, contacts):
    """Make the groups of these contacts, {mirror row id: record}, what they say.

    A group that was not listed yet is made with its name.
    """
    rows = [
        {"contact_id": contact_id, "xero_id": xero_id, "name": name}
        for contact_id, contact in contacts.items()
        for xero_id, name in _groups_of(contact).items()
    ]
    connection.env.execute_query(
        SQL(
            """
            WITH new AS (
                SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
                           AS new(contact_id int, xero_id text, name text)
            ), made AS (
                INSERT INTO xero_contact_group (
                    connection_id, company_id, xero_id, name, active
                )
                SELECT DISTINCT ON (xero_id)
                       %(connection)s, %(company)s, xero_id, name, TRUE
                  FROM new
                 WHERE xero_id NOT IN (
                       SELECT xero_id FROM xero_contact_group
                        WHERE connection_id = %(connection)s
                 )
                 ORDER BY xero_id
                RETURNING id, xero_id
            ), wanted AS (
                SELECT new.contact_id, known.id AS group_id
                  FROM new
                  JOIN (
                       SELECT id, xero_id FROM xero_contact_group
                        WHERE connection_id = %(connection)s
                       UNION ALL
                       SELECT id, xero_id FROM made
                  ) known USING (xero_id)
            ), left_by AS (
                DELETE FROM xero_contact_group_rel
                 WHERE contact_id = ANY(%(contacts)s)
                   AND (contact_id, group_id) NOT IN (
                       SELECT contact_id, group_id FROM wanted
                   )
            )
            INSERT INTO xero_contact_group_rel (contact_id, group_id)
            SELECT contact_id, group_id FROM wanted
            EXCEPT
            SELECT contact_id, group_id FROM xero_contact_group_rel
             WHERE contact_id = ANY(%(contacts)s)
            RETURNING contact_id
            """,
            rows=json.dumps(rows),
            connection=connection.id,
            company=connection.company_id.id,
            contacts=list(contacts),
        )
    )
    connection.env["xero.contact.group"].invalidate_model(flush=False)


def _groups_of(contact):
    groups = contact.get("ContactGroups")
    found = map(_group, groups if isinstance(groups, list) else [])
    return dict(filter(None, found))


def _group(value):
    """(ContactGroupID, name) of a group of Xero's, None where it has no id."""
    group = record(value)
    xero_id = text(group.get("ContactGroupID"))
    if not xero_id or len(xero_id) > ID_LIMIT:
        return None
    if text(group.get("Status")) == "DELETED":
        return None
    return xero_id, text(group.get("Name")) or xero_id
