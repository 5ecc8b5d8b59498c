# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The persons of contacts that became customers: who of the customer's own people each
one is, so that the import of persons makes none of them again."""

import json

from odoo.tools import SQL, split_every

from ..imports.keys import normal_sql
from ..mirror.contacts import match_persons
from ..mirror.links import changed

BATCH = 1000
_FULL_NAME = SQL("concat_ws(' ', x.first_name, x.last_name)")
# What is looked at, one after the other: the same human writes from one address.
_SAME_HUMAN = (
    lambda p: p["email"] and p["name"] and (p["email"], p["name"]),
    lambda p: p["email"],
    lambda p: p["name"],
)


def link_persons(env, contact_ids):
    """Link the persons of linked contacts, as far as they are nobody yet, to people of
    the customer: by email and name, by email, then by name.

    A human who is a customer is found among its own people too; a contact that is
    one human is its customer, where nobody else is. Who is linked takes the person's
    id (`xero_id`), as an import would give it. The caller holds the connection's lock.

    :return: the number of persons that were linked
    """
    for model in ("xero.contact", "xero.contact.person", "res.partner"):
        env[model].flush_model()
    pairs = []
    for ids in split_every(BATCH, sorted(contact_ids)):
        pairs += _pairs(env, list(ids))
    if pairs:
        _save(env, pairs)
    return len(pairs)


def _pairs(env, contact_ids):
    """[(person's row, partner)] of one batch of contacts."""
    people = _people(env, contact_ids)
    pairs, taken = [], set()
    for contact_id, persons in _persons(env, contact_ids).items():
        free = [one for one in people[contact_id] if one["id"] not in taken]
        for person, found in match_persons(persons, free, _SAME_HUMAN):
            partner_id = found["id"] if found else _itself(person, taken)
            if partner_id:
                pairs.append((person["id"], partner_id))
                taken.add(partner_id)
    return pairs


def _itself(person, taken):
    """The customer, of a contact that is one human."""
    customer = person["customer"]
    is_free = person["is_alone"] and not person["is_taken"] and customer not in taken
    return customer if is_free else None


def _persons(env, contact_ids):
    """{contact: its persons that are nobody yet}, in Xero's order.

    `is_alone` says what `is_individual` (services/xero/fields.py) says of its record.
    """
    found = env.execute_query_dict(
        SQL(
            """
            SELECT person.*,
                   contact_name = name AND own_count = 1 AND position = 0 AS is_alone
              FROM (
                SELECT x.id, x.contact_id, x.position, c.partner_id AS customer,
                       %(email)s AS email, %(name)s AS name,
                       %(contact_name)s AS contact_name,
                       (SELECT count(*) FROM xero_contact_person o
                         WHERE o.contact_id = c.id AND o.active) AS own_count,
                       %(taken)s AS is_taken
                  FROM xero_contact_person x
                  JOIN xero_contact c ON c.id = x.contact_id
                 WHERE c.id = ANY(%(ids)s) AND c.link_state = 'linked'
                   AND c.partner_id IS NOT NULL
                   AND x.active AND x.link_state = 'unlinked' AND x.partner_id IS NULL
              ) person
             ORDER BY contact_id, position, id
            """,
            ids=contact_ids,
            email=_normal(env, "email", SQL("x.email")),
            name=_normal(env, "name", _FULL_NAME),
            contact_name=_normal(env, "name", SQL("c.name")),
            taken=_taken(SQL("c.partner_id")),
        )
    )
    persons = {}
    for person in found:
        persons.setdefault(person["contact_id"], []).append(person)
    return persons


def _people(env, contact_ids):
    """{contact: the people of its customer who are no person of Xero's yet}, those who
    are archived last."""
    found = env.execute_query_dict(
        SQL(
            """
            SELECT c.id AS contact_id, p.id, %(email)s AS email, %(name)s AS name
              FROM xero_contact c
             CROSS JOIN LATERAL (
                   SELECT * FROM res_partner
                    WHERE parent_id = c.partner_id AND type = 'contact'
                    UNION ALL
                   SELECT * FROM res_partner WHERE id = c.partner_id
              ) p
             WHERE c.id = ANY(%(ids)s) AND NOT COALESCE(p.is_company, FALSE)
               AND NOT %(taken)s
             ORDER BY c.id, p.active DESC, p.id
            """,
            ids=contact_ids,
            email=_normal(env, "email", SQL("p.email")),
            name=_normal(env, "name", SQL("p.name")),
            taken=_taken(SQL("p.id")),
        )
    )
    people = {contact_id: [] for contact_id in contact_ids}
    for one in found:
        people[one["contact_id"]].append(one)
    return people


def _taken(partner):
    """Whether a partner is a person of the contact's organisation already."""
    return SQL(
        """
        EXISTS (SELECT FROM xero_contact_person o
                 WHERE o.partner_id = %s AND o.connection_id = c.connection_id)
        """,
        partner,
    )


def _normal(env, name, expression):
    field = env["res.partner"]._fields[name]
    return SQL("NULLIF(%s, '')", normal_sql(field, expression))


def _save(env, pairs):
    rows = json.dumps([{"person": person, "partner": one} for person, one in pairs])
    env.execute_query(
        SQL(
            """
            WITH pair AS (
                SELECT * FROM jsonb_to_recordset(%s::jsonb) AS pair(
                    person int, partner int)
            ), linked AS (
                UPDATE xero_contact_person x
                   SET partner_id = pair.partner, link_state = 'linked',
                       applied = NULL, change_seq = nextval('xero_change_seq')
                  FROM pair
                 WHERE x.id = pair.person
                RETURNING x.partner_id, x.xero_id
            )
            UPDATE res_partner p SET xero_id = linked.xero_id
              FROM linked
             WHERE p.id = linked.partner_id AND COALESCE(p.xero_id, '') = ''
            RETURNING p.id
            """,
            rows,
        )
    )
    env["res.partner"].invalidate_model(["xero_id"], flush=False)
    changed(env)
