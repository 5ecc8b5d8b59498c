# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom a match is about: contacts of Xero that are nobody yet, `c`, and customers of
the CRM whom no contact of the organisation is yet, `p`. As SQL."""

from odoo.tools import SQL

from ..imports.scope import CUSTOMERS, vendors_of

_CUSTOMERS = SQL(
    """
    p.active AND (p.is_company OR p.parent_id IS NULL AND p.type = 'contact')
    AND NOT EXISTS (
        SELECT FROM res_users u WHERE u.partner_id = p.id AND NOT u.share
    )
    AND NOT EXISTS (SELECT FROM res_company o WHERE o.partner_id = p.id)
    """
)


def open_contacts(connection):
    """What contacts meet that are to be matched; of the archived ones, those come to
    a person only who are the only one that a customer can be."""
    return SQL("(%s AND c.comes_as_new IS NOT TRUE)", unlinked_contacts(connection))


def new_contacts(connection):
    """What those meet of whom a person said that they are nobody of the CRM."""
    return SQL("(%s AND c.comes_as_new)", unlinked_contacts(connection))


def unlinked_contacts(connection):
    """What contacts meet that come as customers and are nobody yet."""
    return SQL(
        """
        (c.connection_id = %s AND c.link_state = 'unlinked'
         AND COALESCE(c.merged_to, '') = '' AND (%s OR %s))
        """,
        connection.id,
        CUSTOMERS,
        vendors_of(connection),
    )


def open_customers(connection):
    """What partners meet that an organisation's contact may be: companies, and humans
    without one, of its company or of none. A colleague is no customer, and who is
    somebody in this organisation already is not asked for again."""
    return SQL(
        "(%s AND NOT %s)",
        customers(connection),
        _taken(connection),
    )


def customers(connection):
    """What partners meet that may be a contact of the organisation at all."""
    return SQL(
        "(%s AND (p.company_id IS NULL OR p.company_id = %s))",
        _CUSTOMERS,
        connection.company_id.id,
    )


def _taken(connection):
    return SQL(
        """
        (EXISTS (
            SELECT FROM xero_contact l
             WHERE l.partner_id = p.id AND l.connection_id = %(connection)s
               AND l.link_state = 'linked'
        ) OR EXISTS (
            SELECT FROM xero_contact_person l
             WHERE l.partner_id = p.id AND l.connection_id = %(connection)s
               AND l.link_state = 'linked'
        ))
        """,
        connection=connection.id,
    )


def visible_partners(env):
    """The ids of the partners that the user of `env` may see, as a subselect."""
    return env["res.partner"]._search([]).subselect()
