"""Whether what Xero posts would arrive: the connector posts to itself as Xero does."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from .apps import Apps
from .ports import WebhookProbe
from .webhook_posts import TEST, signature_of

TAKEN, REFUSED = 200, 401


@dataclass(frozen=True)
class Trial:
    """`reached`: our function answered both posts; `accepted`: it took the one that was
    rightly signed; `refused_wrong`: and refused the other. `code` says what keeps
    webhooks from working, None: nothing does."""

    reached: bool = False
    accepted: bool = False
    refused_wrong: bool = False
    code: str | None = None


@dataclass(frozen=True)
class WebhookTrial:
    apps: Apps
    probe: WebhookProbe

    def run(self, instance: str, address: str) -> Trial:
        """Xero's intent to receive in small: one post rightly signed, one wrongly."""
        key = self.apps.webhook_key(self.apps.required(instance))
        if not key:
            return Trial(code="webhook_key_missing")
        body = json.dumps({"events": [], TEST: True}).encode()
        right = self.probe.post(address, body, signature_of(key, body))
        wrong_key = secrets.token_hex(16)
        wrong = self.probe.post(address, body, signature_of(wrong_key, body))
        trial = Trial(
            reached={right, wrong} <= {TAKEN, REFUSED},
            accepted=right == TAKEN,
            refused_wrong=wrong == REFUSED,
        )
        return Trial(trial.reached, trial.accepted, trial.refused_wrong, _code(trial))


def _code(trial: Trial) -> str | None:
    if not trial.reached:
        return "webhook_unreachable"
    if not (trial.accepted and trial.refused_wrong):
        return "webhook_key_refused"
    return None
