# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the connector last said of itself and of the Xero app.

Kept as one system parameter, so that no screen has to ask while it loads. There is
no secret in it.
"""

import json

from odoo import fields

from ..xero.values import moment

PARAMETER = "crm_xero_module.app"
KEPT = ("client_id", "secret_set_at", "verified", "redirect_uri", "webhooks")


def recall(env):
    """Return the facts: `instance_name`, `checked_at`, `client_id`,
    `secret_set_at` (ISO 8601 UTC), `secret_set_by` (a user's name), `verified`,
    `redirect_uri`, `webhooks` (see `ConnectorClient.set_webhook_key`),
    `webhook_key_set_by`, `webhook_test` (the last one of this key, with its moment
    `at`). Empty before the first check and after the address or key changed.
    """
    return json.loads(env["ir.config_parameter"].sudo().get_param(PARAMETER) or "{}")


def remember(env, answer, **noted):
    """Keep what the connector answered of the app, and what was `noted` here besides:
    `secret_set_by`, `webhook_key_set_by`, `webhook_test`."""
    before = recall(env)
    facts = {name: answer.get(name) for name in KEPT}
    facts["instance_name"] = (answer.get("instance") or {}).get("name")
    facts["checked_at"] = fields.Datetime.to_string(fields.Datetime.now())
    if facts["secret_set_at"] == before.get("secret_set_at"):
        facts["secret_set_by"] = before.get("secret_set_by")
    if _webhook_key(facts) == _webhook_key(before):
        for name in ("webhook_key_set_by", "webhook_test"):
            facts[name] = before.get(name)
    _store(env, json.dumps(facts | noted))


def forget(env):
    """Nothing is known any more: another connector or key, or it refused."""
    _store(env, False)


def awaits_confirmation(env):
    """Whether Xero has not confirmed webhooks whose key is entered, as far as known."""
    webhooks = recall(env).get("webhooks") or {}
    return bool(webhooks.get("key_set_at")) and not webhooks.get("confirmed_at")


def webhooks_changed_at(env):
    """When webhooks became what they are, by key or confirmation: naive UTC or None."""
    webhooks = recall(env).get("webhooks") or {}
    moments = (moment(webhooks.get(name)) for name in ("key_set_at", "confirmed_at"))
    return max(filter(None, moments), default=None)


def _webhook_key(facts):
    """What is another one with another key or address."""
    webhooks = facts.get("webhooks") or {}
    return webhooks.get("address"), webhooks.get("key_set_at")


def _store(env, value):
    env["ir.config_parameter"].sudo().set_param(PARAMETER, value)
