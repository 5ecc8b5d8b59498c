# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rows of the mirror that an import looks at, read a batch at a time."""

from dataclasses import dataclass, field, replace

from odoo.tools import SQL

from ..xero.fields import Contact, full_name, is_individual

BATCH = 500
_OF_BOTH = """
    %(row)s.id, %(row)s.change_seq AS seq, %(row)s.xero_id, %(row)s.partner_id,
    %(row)s.link_state, COALESCE(%(row)s.applied, '{}') AS applied,
    c.id AS contact_id, c.name, c.payload, c.archived,
    COALESCE(c.merged_to, '') != '' AS merged
"""
_OF_COMPANIES = """
    c.is_leading OR c.partner_id IS NULL AS leading, c.delivery_partner_id,
    c.delivery_state, COALESCE(c.delivery_applied, '{}') AS delivery_applied
"""
_OF_PERSONS = """
    c.partner_id AS company_partner_id, c.link_state = 'ignored' AS contact_ignored,
    jsonb_build_object(
        'xero_id', p.xero_id, 'position', p.position, 'first_name', p.first_name,
        'last_name', p.last_name, 'email', p.email,
        'include_in_emails', p.include_in_emails
    ) AS person
"""


@dataclass(slots=True)
class Row:
    """A row of the mirror with what the plan needs of it.

    `merged` says that Xero merged the contact into another one. For persons, `name`,
    `payload` and what follows are the contact's that they belong to.
    """

    id: int
    seq: int
    xero_id: str
    partner_id: int | None
    link_state: str
    applied: dict
    contact_id: int
    name: str
    payload: dict
    archived: bool
    merged: bool
    person: dict | None = None
    company_partner_id: int | None = None
    contact_ignored: bool = False
    individual: bool = False
    leading: bool = True
    delivery_partner_id: int | None = None
    delivery_state: str | None = None
    delivery_applied: dict = field(default_factory=dict)

    @property
    def label(self):
        """The record as people call it."""
        person = self.person and (full_name(self.person) or self.person["email"])
        return person or self.name or self.xero_id

    @property
    def of_contact(self):
        """The row of a person as if it were its contact's: values are read as the
        organisation's."""
        return replace(self, person=None)


def read_rows(scope, condition, limit=BATCH):
    """The scope's rows that meet an SQL condition, in the order of their change."""
    own = _OF_COMPANIES if scope.is_company else _OF_PERSONS
    found = scope.connection.env.execute_query_dict(
        SQL(
            f"""
            SELECT {_OF_BOTH}, {own}
              FROM %(table)s
             WHERE %(scope)s AND %(condition)s
             ORDER BY %(row)s.change_seq
             LIMIT %(limit)s
            """,
            row=scope.row,
            table=scope.table,
            scope=scope.condition,
            condition=condition,
            limit=limit,
        )
    )
    return [_row(values) for values in found]


def _row(values):
    contact = values["payload"] = Contact(values["payload"])
    return Row(**values, individual=is_individual(contact))
