# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is known of the Xero app, as a person reads it. Nobody is asked."""

from odoo import fields
from odoo.tools import format_date

from ..reasons import sentence
from ..xero.values import moment
from . import app_facts

DONE, WRONG, OPEN = "done", "wrong", "open"


def day(env, when):
    """The day of an ISO 8601 moment in UTC, as its reader's calendar has it."""
    known = moment(when)
    if not known:
        return "?"
    local = fields.Datetime.context_timestamp(env["res.config.settings"], known)
    return format_date(env, local.date(), date_format="d MMM yyyy")


def set_by(env, set_at, user):
    """When something was entered, and by whom; None where it never was."""
    return set_at and env._(
        "set on %(day)s by %(user)s", day=day(env, set_at), user=user or "?"
    )


def webhooks_told(env, heard_at=None):
    """What screens show of webhooks: {"address", "key", "checks", "problem", "works"}.

    `key` says since when there is one. Each of `checks` is {"state": done, wrong or
    open, "text", "at": a moment or None}. `works` is whether changes come by them, for
    all that Xero said. Empty without a Xero app.

    :param heard_at: when Xero last told of the organisation that is looked at, in
        place of any organisation
    """
    facts = app_facts.recall(env)
    webhooks = facts.get("webhooks")
    if not webhooks or not facts.get("client_id"):
        return {}
    key_set_at = webhooks.get("key_set_at")
    test = facts.get("webhook_test") if key_set_at else None
    code = (test or {}).get("code")
    return {
        "address": webhooks.get("address"),
        "key": set_by(env, key_set_at, facts.get("webhook_key_set_by")),
        "checks": key_set_at
        and [*_tested(env, test), *_heard(env, webhooks, heard_at)],
        "problem": code and sentence(env, code),
        "works": bool(key_set_at and webhooks.get("confirmed_at")),
    }


def _tested(env, test):
    if not test:
        return [_check(OPEN, env._("Not tested yet"))]
    reached, accepted = test.get("reached"), test.get("accepted")
    checks = [
        _check(reached, env._("The address was reached"), test.get("at"))
        if reached
        else _check(reached, env._("The address was not reached"), test.get("at"))
    ]
    if reached:
        checks += [
            _check(True, env._("What is signed with the key is accepted"))
            if accepted
            else _check(False, env._("What is signed with the key is refused")),
            _check(True, env._("What is signed wrongly is refused"))
            if test.get("refused_wrong")
            else _check(False, env._("What is signed wrongly is accepted")),
        ]
    return checks


def _heard(env, webhooks, heard_at):
    confirmed_at = webhooks.get("confirmed_at")
    if not confirmed_at:
        text = env._(
            "Xero has not confirmed the address yet: press “Send intent to receive”"
            " there, then Test here"
        )
        return [_check(OPEN, text)]
    told = env._("Xero confirmed the address on %(day)s", day=day(env, confirmed_at))
    heard_at = heard_at or webhooks.get("received_at")
    heard = (
        _check(True, env._("The last change was heard"), heard_at)
        if heard_at
        else _check(OPEN, env._("No change was heard yet"))
    )
    return [_check(True, told), heard]


def _check(state, text, at=None):
    if state != OPEN:
        state = DONE if state else WRONG
    return {"state": state, "text": text, "at": at or None}
