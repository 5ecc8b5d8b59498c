# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Links between the mirror and CRM records, as they pass from row to row.

Every row that is changed takes a new number, so that the imports see it again. The
caller holds the connection's lock.
"""

import json

from odoo.tools import SQL


def pass_lead(env, pairs):
    """Let the second contact of each pair lead the partner that the first one led.

    It is linked to that partner and goes on from what was last applied there, also
    to its delivery address, so that what people typed stays theirs and the rest
    becomes its own.

    :param pairs: [(id, id)] of the mirror; no contact is in two of them
    """
    if not pairs:
        return
    env["xero.contact"].flush_model()
    env.execute_query(
        SQL(
            """
            WITH pair AS (%s)
            UPDATE xero_contact AS new
               SET partner_id = old.partner_id, link_state = 'linked',
                   is_leading = new.id = pair.new,
                   change_seq = nextval('xero_change_seq'),
                   applied = CASE
                       -- Of two that lead, the lower number does so in truth.
                       WHEN new.id = pair.new AND new.is_leading AND new.id < old.id
                       THEN new.applied
                       WHEN new.id = pair.new
                       THEN COALESCE(new.applied, '{}') || COALESCE(old.applied, '{}')
                   END,
                   delivery_partner_id = CASE WHEN new.id = pair.new THEN
                       COALESCE(new.delivery_partner_id, old.delivery_partner_id)
                   END,
                   delivery_state = CASE WHEN new.id = pair.new THEN
                       COALESCE(old.delivery_state, new.delivery_state)
                   END,
                   delivery_applied = CASE WHEN new.id = pair.new THEN
                       COALESCE(new.delivery_applied, old.delivery_applied)
                   END
              FROM pair
              JOIN xero_contact old ON old.id = pair.old
             WHERE new.id IN (pair.new, pair.old)
            RETURNING new.id
            """,
            _pairs(pairs),
        )
    )
    changed(env)


def join_partner(env, pairs):
    """Link the second contact of each pair to the first one's partner, which another
    one leads."""
    if not pairs:
        return
    env["xero.contact"].flush_model()
    env.execute_query(
        SQL(
            """
            WITH pair AS (%s)
            UPDATE xero_contact AS new
               SET partner_id = old.partner_id, link_state = 'linked',
                   is_leading = FALSE, change_seq = nextval('xero_change_seq')
              FROM pair
              JOIN xero_contact old ON old.id = pair.old
             WHERE new.id = pair.new
            RETURNING new.id
            """,
            _pairs(pairs),
        )
    )
    changed(env)


def move_persons(env, pairs):
    """Let the second person of each pair be the partner that the first one was."""
    if not pairs:
        return
    env["xero.contact.person"].flush_model()
    env.execute_query(
        SQL(
            """
            WITH pair AS (%s)
            UPDATE xero_contact_person AS new
               SET partner_id = CASE WHEN new.id = pair.new THEN old.partner_id END,
                   link_state = CASE new.id
                       WHEN pair.new THEN 'linked' ELSE 'ignored'
                   END,
                   applied = CASE
                       WHEN new.id = pair.new
                       THEN COALESCE(new.applied, '{}') || COALESCE(old.applied, '{}')
                   END,
                   change_seq = nextval('xero_change_seq')
              FROM pair
              JOIN xero_contact_person old ON old.id = pair.old
             WHERE new.id IN (pair.new, pair.old)
            RETURNING new.id
            """,
            _pairs(pairs),
        )
    )
    changed(env)


def bump_persons(env, contact_ids):
    """Let the imports see the persons of these contacts again."""
    env.execute_query(
        SQL(
            """
            UPDATE xero_contact_person SET change_seq = nextval('xero_change_seq')
             WHERE contact_id = ANY(%s) AND active
            RETURNING id
            """,
            list(contact_ids),
        )
    )


def forget(rows):
    """Unlink mirror rows, which are left alone until they are imported again."""
    of_contacts = SQL(
        """, is_leading = FALSE, delivery_partner_id = NULL, delivery_applied = NULL,
             delivery_state = NULLIF(delivery_state, 'linked')"""
    )
    _set_state(
        rows,
        SQL(
            "%s = NULL, applied = NULL, link_state = 'ignored'%s",
            SQL.identifier(rows._link),
            of_contacts if rows._name == "xero.contact" else SQL(),
        ),
        SQL("link_state = 'linked'"),
    )


def reset(rows):
    """Let rows that are left alone be imported again; one whose record is there after
    all, as it was archived for a while, is that record again."""
    _set_state(
        rows,
        SQL(
            "link_state ="
            " CASE WHEN %(link)s IS NULL THEN 'unlinked' ELSE 'linked' END,"
            " applied = CASE WHEN %(link)s IS NOT NULL THEN applied END",
            link=SQL.identifier(rows._link),
        ),
        SQL("link_state = 'ignored'"),
    )


def reset_deliveries(contacts):
    """The same for the delivery addresses of contacts."""
    contacts.flush_model()
    contacts.env.execute_query(
        SQL(
            """
            UPDATE xero_contact AS c
               SET delivery_state = CASE WHEN p.id IS NULL THEN 'unlinked'
                                         ELSE 'linked' END,
                   delivery_partner_id = p.id,
                   delivery_applied = CASE WHEN p.id IS NOT NULL
                                           THEN c.delivery_applied END,
                   change_seq = nextval('xero_change_seq')
              FROM xero_contact AS old
              LEFT JOIN res_partner p
                ON p.id = old.delivery_partner_id AND p.parent_id = old.partner_id
             WHERE c.id = old.id AND c.id = ANY(%s) AND c.delivery_state = 'ignored'
            RETURNING c.id
            """,
            contacts.ids,
        )
    )
    changed(contacts.env)


def _set_state(rows, values, condition):
    rows.flush_model()
    rows.env.execute_query(
        SQL(
            """
            UPDATE %s SET %s, change_seq = nextval('xero_change_seq')
             WHERE id = ANY(%s) AND (%s)
            RETURNING id
            """,
            SQL.identifier(rows._table),
            values,
            rows.ids,
            condition,
        )
    )
    changed(rows.env)


def _pairs(pairs):
    rows = json.dumps([{"old": old, "new": new} for old, new in pairs])
    return SQL(
        "SELECT * FROM jsonb_to_recordset(%s::jsonb) AS pair(old int, new int)", rows
    )


def changed(env):
    """Forget what was read of links."""
    for name in ("xero.contact", "xero.contact.person", "xero.item"):
        env[name].invalidate_model(flush=False)
    env["res.partner"].invalidate_model(
        ["xero_contact_ids", "xero_person_ids"], flush=False
    )
    env["product.template"].invalidate_model(["xero_item_ids"], flush=False)
