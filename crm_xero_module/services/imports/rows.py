# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rows of the mirror that an import looks at, read a batch at a time."""

from dataclasses import dataclass, field, replace

from odoo.tools import SQL

from ..mapping.targets import PRODUCT
from ..xero.fields import Contact, full_name, is_individual
from ..xero.values import record

BATCH = 500
_OF_CONTACTS = """
    c.id AS contact_id, c.name, c.payload, c.archived,
    COALESCE(c.merged_to, '') != '' AS merged
"""
# What is read of each target's rows, besides what all have.
_COLUMNS = {
    "company": f"""{_OF_CONTACTS},
        c.is_leading OR c.partner_id IS NULL AS leading, c.delivery_partner_id,
        c.delivery_state, COALESCE(c.delivery_applied, '{{}}') AS delivery_applied
    """,
    "contact": f"""{_OF_CONTACTS},
        c.partner_id AS company_record_id, c.link_state = 'ignored' AS contact_ignored,
        jsonb_build_object(
            'xero_id', p.xero_id, 'position', p.position, 'first_name', p.first_name,
            'last_name', p.last_name, 'email', p.email,
            'include_in_emails', p.include_in_emails
        ) AS person
    """,
    "product": "COALESCE(i.name, i.code) AS name, i.payload, i.is_tracked",
}


@dataclass(slots=True)
class Row:
    """A row of the mirror with what the plan needs of it.

    `record_id` is the CRM record that it is linked to. `merged` says that Xero merged
    the contact into another one. For persons, `name`, `payload` and what follows are
    the contact's that they belong to.
    """

    id: int
    seq: int
    xero_id: str
    record_id: int | None
    link_state: str
    applied: dict
    name: str
    payload: dict
    contact_id: int | None = None
    archived: bool = False
    merged: bool = False
    person: dict | None = None
    company_record_id: int | None = None
    contact_ignored: bool = False
    individual: bool = False
    leading: bool = True
    delivery_partner_id: int | None = None
    delivery_state: str | None = None
    delivery_applied: dict = field(default_factory=dict)
    is_tracked: bool = False

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
    found = scope.connection.env.execute_query_dict(
        SQL(
            f"""
            SELECT %(row)s.id, %(row)s.change_seq AS seq, %(row)s.xero_id,
                   %(row)s.%(link)s AS record_id, %(row)s.link_state,
                   COALESCE(%(row)s.applied, '{{}}') AS applied,
                   {_COLUMNS[scope.target.name]}
              FROM %(table)s
             WHERE %(scope)s AND %(condition)s
             ORDER BY %(row)s.change_seq
             LIMIT %(limit)s
            """,
            row=scope.row,
            link=SQL.identifier(scope.target.link),
            table=scope.table,
            scope=scope.condition,
            condition=condition,
            limit=limit,
        )
    )
    make = _row_of_item if scope.target is PRODUCT else _row_of_contact
    return [make(values) for values in found]


def _row_of_contact(values):
    contact = values["payload"] = Contact(values["payload"])
    return Row(**values, individual=is_individual(contact))


def _row_of_item(values):
    # Xero's answer is kept as it came, whatever that was.
    values["payload"] = record(values["payload"])
    return Row(**values)
