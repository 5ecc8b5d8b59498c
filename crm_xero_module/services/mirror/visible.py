# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose documents and figures a reader may see, where SQL adds them up: the twin of the
record rules. Suppliers are no business of sales, unless they became partners."""

from odoo.tools import SQL

_ALL = "crm_xero_module.group_xero_administrator"


def of_seen_contacts(env, contact_id):
    """SQL condition: the contact with this id, an SQL expression, is not hidden from
    the user of `env`. Documents whose contact has not come yet are nobody's secret."""
    if env.su or env.user.has_group(_ALL):
        return SQL("TRUE")
    return SQL(
        """
        NOT EXISTS (
            SELECT FROM xero_contact hidden
             WHERE hidden.id = %s AND hidden.is_supplier IS TRUE
               AND hidden.is_customer IS NOT TRUE AND hidden.partner_id IS NULL
        )
        """,
        contact_id,
    )
