# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rows of the mirror that an import looks at, read a batch at a time."""

from dataclasses import dataclass

from odoo.tools import SQL

from .xero_fields import full_name, is_individual

BATCH = 500


@dataclass(slots=True)
class Row:
    """A row of the mirror with what the plan needs of it."""

    id: int
    seq: int
    xero_id: str
    name: str
    payload: dict
    partner_id: int | None
    link_state: str
    applied: dict
    archived: bool
    contact_id: int
    person: dict | None = None
    company_partner_id: int | None = None
    contact_ignored: bool = False
    individual: bool = False
    leading: bool = True

    @property
    def label(self):
        """The record as people call it."""
        person = self.person and (full_name(self.person) or self.person["email"])
        return person or self.name or self.xero_id


def company_rows(scope, condition, limit=BATCH):
    """Rows of xero.contact as `Row`, in the order of their change."""
    result = scope.connection.env.execute_query(
        SQL(
            """
            SELECT c.id, c.change_seq, c.xero_id, c.name, c.payload, c.partner_id,
                   c.link_state, c.applied, c.archived, c.id, c.is_leading
              FROM %s
             WHERE %s AND %s
             ORDER BY c.change_seq
             LIMIT %s
            """,
            scope.table,
            scope.condition,
            condition,
            limit,
        )
    )
    return [
        Row(
            *values[:7],
            applied=values[7] or {},
            archived=values[8],
            contact_id=values[9],
            leading=values[10] or not values[5],
            individual=is_individual(values[4]),
        )
        for values in result
    ]


def person_rows(scope, condition, limit=BATCH):
    """Rows of xero.contact.person as `Row`, in the order of their change."""
    result = scope.connection.env.execute_query(
        SQL(
            """
            SELECT p.id, p.change_seq, p.xero_id, c.name, c.payload, p.partner_id,
                   p.link_state, p.applied, c.archived, c.id, c.partner_id,
                   c.link_state, p.position, p.first_name, p.last_name, p.email,
                   p.include_in_emails
              FROM %s
             WHERE %s AND %s
             ORDER BY p.change_seq
             LIMIT %s
            """,
            scope.table,
            scope.condition,
            condition,
            limit,
        )
    )
    rows = []
    for values in result:
        person = {
            "xero_id": values[2],
            "position": values[12],
            "first_name": values[13],
            "last_name": values[14],
            "email": values[15],
            "include_in_emails": values[16],
        }
        rows.append(
            Row(
                *values[:7],
                applied=values[7] or {},
                archived=values[8],
                contact_id=values[9],
                person=person,
                company_partner_id=values[10],
                contact_ignored=values[11] == "ignored",
                individual=is_individual(values[4]),
            )
        )
    return rows
