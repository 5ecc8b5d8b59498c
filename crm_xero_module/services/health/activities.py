# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tells one person that a connection needs somebody: one activity a connection, made
once for each thing that happens, and done by itself when it is mended.

Who is told: who connected it, else an administrator of its company. The browsers of
all administrators are told that something changed, and look for themselves.
"""

from markupsafe import Markup

from odoo import SUPERUSER_ID, fields

from .findings import PROBLEM, health_of, since_text, words

ADMINISTRATORS = "crm_xero_module.group_xero_administrator"
BUS_TYPE = "crm_xero_module/health"


def is_telling_due(connection):
    """Whether what a person has to do is another thing than what was told."""
    finding = _problem(connection)
    return (finding.code if finding else False) != (connection.told_code or False)


def tell_health(connection):
    """Bring the connection's activity up to date. The caller commits."""
    company = connection.company_id
    env = connection.env(
        user=SUPERUSER_ID, context={"allowed_company_ids": company.ids}
    )
    connection = connection.with_env(env)
    finding = _problem(connection)
    activity = _activity(connection)
    if finding:
        _tell(connection, finding, activity)
    else:
        _close(activity)
    connection.told_code = finding.code if finding else False
    env.ref(ADMINISTRATORS)._bus_send(BUS_TYPE, {})


def _problem(connection):
    """The worst finding, where it is one that needs a person."""
    level, findings = health_of(connection)[connection.id]
    return findings[0] if level == PROBLEM else None


def _activity(connection):
    return connection.env["mail.activity"].search(
        [
            ("res_model", "=", connection._name),
            ("res_id", "=", connection.id),
            ("xero_finding", "!=", False),
        ]
    )


def _tell(connection, finding, activity):
    user = activity.user_id[:1] or _person(connection)
    if not user:
        return
    env = _as_read_by(user, connection.env)
    happened, remedy = words(env, finding)
    since = since_text(env, finding)
    values = {
        "summary": env._(
            "Xero, %(organisation)s: %(happened)s",
            organisation=connection.name,
            happened=happened,
        ),
        "note": Markup("<p>%s</p><p>%s</p>")
        % (remedy, env._("Since %(moment)s.", moment=since) if since else ""),
        "xero_finding": finding.code,
    }
    if activity:
        activity.write(values)
        return
    todo = env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
    env["mail.activity"].create(
        {
            **values,
            "res_model_id": env["ir.model"]._get_id(connection._name),
            "res_id": connection.id,
            "user_id": user.id,
            "activity_type_id": todo.id if todo else False,
            "date_deadline": fields.Date.context_today(connection.with_env(env)),
        }
    )


def _person(connection):
    """Who connected it, as long as that is an administrator; else the first one."""
    administrators = connection.env.ref(ADMINISTRATORS).all_user_ids.filtered(
        lambda user: (
            user.active
            and not user.share
            and user.id != SUPERUSER_ID
            and connection.company_id in user.company_ids
        )
    )
    return (connection.connected_by_id & administrators) or administrators.sorted("id")[
        :1
    ]


def _close(activities):
    for activity in activities:
        activity = activity.with_env(_as_read_by(activity.user_id, activity.env))
        activity.action_feedback(feedback=activity.env._("It works again."))


def _as_read_by(user, env):
    return env(context={**env.context, "lang": user.lang, "tz": user.tz})
