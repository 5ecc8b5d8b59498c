# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts of Xero become customers that are there: links, one statement for all.

The caller holds the connection's lock, and has looked at who may do it.
"""

import json

from odoo.tools import SQL

from ..mirror.links import bump_persons, changed
from .persons import link_persons


def link(env, pairs):
    """Let contacts be customers, as far as they are nobody yet, and their persons too.

    A contact leads where nobody else does; of several that become one customer here,
    the oldest. The imports see all of them again. A partner of another company than
    the contact's is never its customer.

    :param pairs: [(id of xero.contact, id of res.partner)], no contact twice
    :return: the ids of the contacts that were linked
    """
    if not pairs:
        return []
    env["xero.contact"].flush_model()
    env["res.partner"].flush_model(["company_id"])
    found = env.execute_query(
        SQL(
            """
            WITH pair AS (
                SELECT c.id, pair.partner,
                       row_number() OVER (PARTITION BY pair.partner ORDER BY c.id) = 1
                       AND NOT EXISTS (
                           SELECT FROM xero_contact l
                            WHERE l.partner_id = pair.partner
                              AND l.link_state = 'linked' AND l.is_leading
                       ) AS leads
                  FROM jsonb_to_recordset(%s::jsonb) AS pair(contact int, partner int)
                  JOIN xero_contact c ON c.id = pair.contact
                  JOIN res_partner p ON p.id = pair.partner
                   AND COALESCE(p.company_id, c.company_id) = c.company_id
                 WHERE c.partner_id IS NULL AND COALESCE(c.merged_to, '') = ''
            )
            UPDATE xero_contact AS c
               SET partner_id = pair.partner, link_state = 'linked', applied = NULL,
                   is_leading = pair.leads, comes_as_new = FALSE,
                   change_seq = nextval('xero_change_seq')
              FROM pair
             WHERE c.id = pair.id
            RETURNING c.id
            """,
            json.dumps([{"contact": one, "partner": other} for one, other in pairs]),
        )
    )
    contact_ids = [contact_id for (contact_id,) in found]
    if contact_ids:
        changed(env)
        bump_persons(env, contact_ids)
        link_persons(env, contact_ids)
    return contact_ids


def unlink(env, contact_ids):
    """Take `link` back: these contacts and their persons are nobody again, and may be
    suggested anew. What came into the CRM with them stays."""
    env["xero.contact"].flush_model()
    env["xero.contact.person"].flush_model()
    env.execute_query(
        SQL(
            """
            WITH persons AS (
                UPDATE xero_contact_person
                   SET partner_id = NULL, link_state = 'unlinked', applied = NULL,
                       change_seq = nextval('xero_change_seq')
                 WHERE contact_id = ANY(%(ids)s) AND link_state = 'linked'
            )
            UPDATE xero_contact
               SET partner_id = NULL, link_state = 'unlinked', applied = NULL,
                   is_leading = FALSE, change_seq = nextval('xero_change_seq'),
                   delivery_partner_id = NULL, delivery_applied = NULL,
                   delivery_state = NULLIF(delivery_state, 'linked')
             WHERE id = ANY(%(ids)s) AND link_state = 'linked'
            RETURNING id
            """,
            ids=list(contact_ids),
        )
    )
    changed(env)


def see_again(contacts):
    """Let the imports look at these contacts and their persons again."""
    env = contacts.env
    contacts.flush_model()
    env.execute_query(
        SQL(
            """
            UPDATE xero_contact SET change_seq = nextval('xero_change_seq')
             WHERE id = ANY(%s)
            RETURNING id
            """,
            contacts.ids,
        )
    )
    bump_persons(env, contacts.ids)
    changed(env)
