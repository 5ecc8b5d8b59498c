# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""New customers of the CRM that go to Xero by themselves.

They are found by one query, not by a hook in `create`: whoever enters a customer is
still typing, and an import of thousands must not wait for Xero.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .contact_body import contact_bodies
from .customer_filter import FilterRefused, domain_of, guarded, looking
from .look_alikes import SCORES, look_alikes

# New entries a pass; what is left goes with the next.
BATCH = 100
# Who is as like as this is to be looked at by a person.
SURE = SCORES["name"]


def queue_new_customers(connection):
    """Put customers that are to go into the outbox; how many entries were made.

    A filter that cannot be worked with is told on the connection, and nothing goes.
    """
    if not may_go(connection):
        return 0
    try:
        with guarded(connection.env):
            ids = new_customers(connection, limit=BATCH)
    except FilterRefused as refusal:
        _tell(connection, refusal.code)
        return 0
    _tell(connection, False)
    if not ids:
        return 0
    return _queue(connection, connection.env["res.partner"].sudo().browse(ids))


def may_go(connection):
    """Whether new customers go by themselves now.

    Not before the mirror holds what Xero has, nor while people are still asked who is
    who: nobody could tell a new customer from one that Xero knows.
    """
    return (
        connection.direction == "both"
        and connection.state == "connected"
        and connection.may_write
        and connection.last_sync_at
        and connection.matching != "offered"
    )


def new_customers(connection, *, limit=None):
    """The ids of the customers that are to go now.

    :raise FilterRefused: the filter cannot be worked with
    """
    delay = timedelta(hours=connection.new_customers_delay)
    return found_by(
        connection,
        looking(connection),
        connection.new_customers,
        since=connection.new_customers_since,
        unchanged_since=fields.Datetime.now() - delay,
        limit=limit,
    )


def found_by(connection, partners, text, *, since, unchanged_since=None, limit=None):
    """The ids of the customers that a filter finds and that are not in Xero.

    :param partners: res.partner of whoever looks
    :param text: the filter
    :param since: leave out those that were made before; False for all
    :param unchanged_since: leave out those that were changed since
    :raise FilterRefused: the filter cannot be worked with; anything else that it
        raises is for `guarded`
    """
    found = partners._search(domain_of(text))
    rows = connection.env.execute_query(
        SQL(
            """
            SELECT p.id FROM res_partner p
             WHERE p.id IN %(found)s
               AND %(customer)s AND %(unknown)s AND %(since)s AND %(waited)s
             ORDER BY p.id LIMIT %(limit)s
            """,
            found=found.subselect(),
            customer=_is_customer(connection),
            unknown=_is_unknown(connection),
            since=SQL("p.create_date >= %s", since) if since else SQL("TRUE"),
            waited=_unchanged(unchanged_since) if unchanged_since else SQL("TRUE"),
            limit=limit,
        )
    )
    return [row[0] for row in rows]


def _is_customer(connection):
    """A company, or a person without one, of the connection's company; neither one of
    the people who work here nor one of the companies itself."""
    return SQL(
        """
        p.active AND p.partner_share AND p.commercial_partner_id = p.id
        AND (p.is_company OR p.parent_id IS NULL)
        AND COALESCE(p.company_id, %(company)s) = %(company)s
        AND NOT EXISTS (SELECT FROM res_company own WHERE own.partner_id = p.id)
        """,
        company=connection.company_id.id,
    )


def _is_unknown(connection):
    """Neither it nor one of its persons and branches is linked, it never was a
    contact that is left alone now, and it never went before."""
    return SQL(
        """
        NOT EXISTS (
            SELECT FROM res_partner member JOIN xero_contact c
                ON c.partner_id = member.id AND c.connection_id = %(connection)s
             WHERE member.commercial_partner_id = p.id
        )
        AND NOT EXISTS (
            SELECT FROM res_partner member JOIN xero_contact_person person
                ON person.partner_id = member.id
               AND person.connection_id = %(connection)s
             WHERE member.commercial_partner_id = p.id
        )
        AND NOT EXISTS (
            SELECT FROM xero_contact c
             WHERE c.connection_id = %(connection)s AND c.xero_id IN (p.ref, p.xero_id)
        )
        AND NOT EXISTS (
            SELECT FROM xero_outbox o
             WHERE o.connection_id = %(connection)s AND o.partner_id = p.id
               AND o.kind = 'create_contact'
        )
        """,
        connection=connection.id,
    )


def _unchanged(moment):
    """Nobody changed it or one of its persons since: they may still be typing."""
    return SQL(
        """
        NOT EXISTS (
            SELECT FROM res_partner member
             WHERE member.commercial_partner_id = p.id AND member.write_date > %s
        )
        """,
        moment,
    )


def _queue(connection, partners):
    env = connection.env
    bodies = contact_bodies(connection, partners)
    alike = look_alikes(connection, partners)
    for partner in partners:
        body = bodies[partner.id]
        code, data = _decision(env, body, alike[partner.id])
        env["xero.outbox"]._queue(
            "create_contact",
            connection,
            name=partner.display_name or str(partner.id),
            partner=partner,
            body=body.contact,
            shown=body.shown + _left_behind(env, body),
            built=body.held,
            automatic=True,
            failed=code,
            data=data,
        )
    return len(partners)


def _decision(env, body, alike):
    """What a person is to decide before it goes: (code, data), or (None, None)."""
    for problem in body.stops:
        return problem.code, problem.data
    sure = [one.contact_id for one in alike if is_sure(one)]
    if sure:
        contacts = env["xero.contact"].sudo().browse(sure)
        return "look_alike", {"contacts": [_as_in_xero(row) for row in contacts]}
    return None, None


def _as_in_xero(contact):
    """What the outbox tells of a contact that may be the customer, in Xero's words."""
    return {
        "ContactID": contact.xero_id,
        "Name": contact.name or "",
        "ContactNumber": contact.contact_number or "",
        "EmailAddress": contact.email or "",
        "ContactStatus": contact.status or "",
    }


def _left_behind(env, body):
    """What of the customer Xero does not take, for who looks the entry up later."""
    label = env._("Left out")
    return [
        {"label": label, "value": problem.told(env).happened, "origin": ""}
        for problem in body.problems
        if not problem.stops
    ]


def is_sure(one):
    """Whether nobody but a person may say that this contact is another customer.

    An email alone is shared by the customers of one accountant; it counts where its
    contact is no customer here yet.
    """
    return one.score >= SURE or ("email" in one.kinds and not one.partner_id)


def _tell(connection, code):
    if connection.new_customers_code != code:
        connection.new_customers_code = code
