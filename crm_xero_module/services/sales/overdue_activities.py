# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tells salespeople of customers that became overdue, once each, and takes it back
once nothing is overdue any more.

Who is told: the customer's salesperson, else the one of its newest open opportunity;
only people that may see Xero's figures of the company. Where: that person's newest
open opportunity with the customer, else the customer.
"""

import logging

from markupsafe import Markup

from odoo import SUPERUSER_ID, fields
from odoo.tools import SQL, format_date

from ..lost import is_lost
from .days import today_of
from .overdue import beyond, overdue_of, said_amount

_logger = logging.getLogger(__name__)

# Of one organisation. Whoever switches it on late is not flooded.
A_DAY = 50


def tell_overdue(connection, now=None):
    """Bring the activities about one organisation's overdue customers up to date, if
    its company wants them; how many were made and done.

    Figures are taken as they are. The caller commits.

    :param now: naive UTC, the present by default
    """
    company = connection.company_id
    if not company.xero_overdue_activity:
        return 0
    env = connection.env(
        user=SUPERUSER_ID, context={"allowed_company_ids": company.ids}
    )
    connection = connection.with_env(env)
    env.flush_all()
    done = _close_paid(connection)
    found = _untold(connection, now)
    for user_id in sorted({row["user_id"] for row in found}):
        theirs = [row for row in found if row["user_id"] == user_id]
        _each_alone(_tell, theirs, env["res.users"].browse(user_id), connection)
    _remember(connection, found, now)
    return done + len(found)


# Who is to be told of what


def _untold(connection, now):
    """The overdue customers that nobody was told of, the largest amounts first."""
    [[told]] = connection.env.execute_query(
        SQL(
            """
            SELECT count(*) FROM xero_customer_figures
             WHERE connection_id = %s AND overdue_told = %s
            """,
            connection.id,
            today_of(connection, now),
        )
    )
    if told >= A_DAY:
        return []
    people = _people(connection)
    return connection.env.execute_query_dict(
        SQL(
            """
            SELECT figures.customer, figures.contacts, opportunity.id AS lead_id,
                   CASE WHEN p.user_id = ANY(%(users)s)
                        THEN p.user_id ELSE opportunity.user_id END AS user_id
              FROM (%(owing)s) AS figures
              JOIN res_partner p ON p.id = figures.customer AND p.active
              LEFT JOIN LATERAL (%(opportunity)s) AS opportunity ON TRUE
             WHERE NOT figures.told AND %(beyond)s
               AND (p.user_id = ANY(%(users)s) OR opportunity.id IS NOT NULL)
             ORDER BY figures.overdue DESC, figures.customer
             LIMIT %(limit)s
            """,
            users=people,
            owing=_owing(connection),
            opportunity=_newest_opportunity(connection, people),
            beyond=beyond(connection, now),
            limit=A_DAY - told,
        )
    )


def _people(connection):
    """Ids of who may see the figures of the organisation."""
    group = connection.env.ref("crm_xero_module.group_xero_user")
    return group.all_user_ids.filtered(
        lambda user: (
            user.active and not user.share and connection.company_id in user.company_ids
        )
    ).ids


def _owing(connection):
    """SQL of the customers with something overdue: customer (commercial partner),
    connection_id, overdue_count, overdue, oldest_due, told and the contacts."""
    return SQL(
        """
        SELECT linked.commercial_partner_id AS customer, f.connection_id,
               sum(f.overdue_count) AS overdue_count, sum(f.overdue) AS overdue,
               min(f.oldest_due) AS oldest_due,
               bool_or(f.overdue_told IS NOT NULL OR EXISTS (
                   SELECT FROM mail_activity a
                    WHERE a.xero_contact_id = c.id AND a.active
               )) AS told,
               array_agg(c.id ORDER BY f.overdue DESC, c.id) AS contacts
          FROM xero_customer_figures f
          JOIN xero_contact c ON c.id = f.contact_id
          JOIN res_partner linked ON linked.id = c.partner_id
         WHERE f.connection_id = %s AND f.overdue_count > 0
         GROUP BY linked.commercial_partner_id, f.connection_id
        """,
        connection.id,
    )


def _newest_opportunity(connection, people):
    """SQL of the newest open opportunity of customer `p`, of its own salesperson where
    that is one of the people that may be told."""
    return SQL(
        """
        SELECT l.id, l.user_id
          FROM crm_lead l
          JOIN res_partner person ON person.id = l.partner_id
         WHERE person.commercial_partner_id = p.id AND l.user_id = ANY(%(users)s)
           AND (p.user_id = l.user_id OR (p.user_id = ANY(%(users)s)) IS NOT TRUE)
           AND l.active AND l.type = 'opportunity' AND l.won_status = 'pending'
           AND (l.company_id IS NULL OR l.company_id = %(company)s)
         ORDER BY l.id DESC
         LIMIT 1
        """,
        users=people,
        company=connection.company_id.id,
    )


# Telling


def _each_alone(work, rows, *arguments):
    """Do a work on all rows at once; where that fails, on each alone: one bad record
    never stops the others."""
    groups = [rows, *([row] for row in rows)] if len(rows) > 1 else [rows]
    for group in groups:
        try:
            with arguments[-1].env.cr.savepoint():
                work(group, *arguments)
        except Exception as error:  # noqa: BLE001  (another addon's, or the record's)
            if is_lost(error):
                raise
            if len(group) == 1:
                _logger.warning("Xero: an activity failed: %s", type(error).__name__)
        else:
            if group is rows:
                return


def _tell(rows, user, connection):
    """One activity for each of these customers, in the words of who is to do it."""
    env = _as_read_by(user, connection.env)
    customers = env["res.partner"].browse(row["customer"] for row in rows)
    figures = overdue_of(customers)
    readable = {
        model: _readable(env[model].browse(ids), user)
        for model, ids in (
            ("crm.lead", [row["lead_id"] for row in rows if row["lead_id"]]),
            ("res.partner", customers.ids),
        )
    }
    is_only_company = env["res.company"].search_count([], limit=2) == 1
    values = []
    for row in rows:
        customer = env["res.partner"].browse(row["customer"])
        places = env["crm.lead"].browse(row["lead_id"] or ()), customer
        place = next((at for at in places if at and at in readable[at._name]), None)
        for owed in figures.get(customer.id, ()):
            if place and owed["connection_id"] == connection.id:
                told = _activity(env, place, user, customer, owed, row)
                is_own = place.company_id == connection.company_id
                values.append(
                    told if is_own or is_only_company else told | _without_figures(env)
                )
    # No mail for each: they stand in the list of activities.
    env["mail.activity"].with_context(mail_activity_quick_update=True).create(values)


def _as_read_by(user, env):
    return env(context={**env.context, "lang": user.lang, "tz": user.tz})


def _readable(records, user):
    return records.with_user(user)._filtered_access("read").sudo()


def _activity(env, place, user, customer, figures, row):
    amount = said_amount(env, figures)
    # Not how many days: they would be others when it is read.
    since = format_date(env, figures["oldest_due"])
    company = env["res.company"].browse(figures["company_id"])
    todo = env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
    kind = company.xero_overdue_activity_type_id or todo
    sentence = env._(
        "%(customer)s has not paid %(amount)s in time, says %(organisation)s in Xero."
        " The oldest invoice was due on %(day)s.",
        customer=customer.display_name,
        amount=amount,
        organisation=figures["organisation"],
        day=since,
    )
    return {
        "res_model_id": env["ir.model"]._get_id(place._name),
        "res_id": place.id,
        "user_id": user.id,
        "activity_type_id": kind.id if kind else False,
        "summary": env._("Overdue since %(day)s: %(amount)s", day=since, amount=amount),
        "note": Markup("<p>%s</p>") % sentence,
        "date_deadline": fields.Date.context_today(place),
        "xero_contact_id": row["contacts"][0],
    }


def _without_figures(env):
    """What an activity says on a record that other companies see."""
    sentence = env._("What it has not paid in time stands under “Xero”.")
    return {
        "summary": env._("Overdue in Xero"),
        "note": Markup("<p>%s</p>") % sentence,
    }


def _remember(connection, found, now):
    contacts = [contact for row in found for contact in row["contacts"]]
    connection.env["xero.customer.figures"].search(
        [("contact_id", "in", contacts), ("connection_id", "=", connection.id)]
    ).overdue_told = today_of(connection, now)


# Taking it back


def _close_paid(connection):
    """Mark the activities as done whose customer owes nothing overdue any more."""
    paid = connection.env.execute_query(
        SQL(
            """
            SELECT a.id
              FROM mail_activity a
              JOIN xero_contact c ON c.id = a.xero_contact_id
              LEFT JOIN res_partner linked ON linked.id = c.partner_id
             WHERE a.active AND c.connection_id = %(connection)s
               AND NOT EXISTS (
                SELECT FROM xero_customer_figures f
                 WHERE f.contact_id = c.id AND f.overdue_count > 0
               )
               AND NOT EXISTS (
                SELECT FROM (%(owing)s) AS owing
                 WHERE owing.customer = linked.commercial_partner_id
               )
            """,
            connection=connection.id,
            owing=_owing(connection),
        )
    )
    activities = connection.env["mail.activity"].browse(row for [row] in paid)
    _each_alone(_close, list(activities), connection)
    return len(activities)


def _close(activities, connection):
    for activity in activities:
        activity = activity.with_env(_as_read_by(activity.user_id, connection.env))
        said = activity.env._("Nothing of it is overdue in Xero any more.")
        activity.action_feedback(feedback=said)
