"""One walk of a person through Xero's consent page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

PENDING, RETURNED, REFUSED = "pending", "returned", "refused"
EXCHANGED, USED = "exchanged", "used"

CONSENT_TIME = timedelta(minutes=30)
"""To log in at Xero, with a second factor and a password to look for."""


@dataclass(frozen=True)
class Authorization:
    """A consent that was asked for, and what came of it.

    status: pending (the browser is at Xero) → returned (a code waits) or refused →
    exchanged (the tokens are kept; or refused, where rights are missing) → used (an
    organisation is connected).
    `verifier` and `code` are sealed; the code is forgotten when `valid_until` passes.
    """

    instance: str
    id: str
    version: int
    status: str
    state_digest: str
    reference: str
    scopes: tuple[str, ...]
    redirect_uri: str
    created_at: datetime
    valid_until: datetime
    connection: str | None = None
    verifier: bytes | None = None
    code: bytes | None = None
    proof_digest: str | None = None
    """Of what the browser that came back was given, and nobody else."""
    refusal: str | None = None
    missing: tuple[str, ...] = ()
    """Scopes that were asked for and not granted, where that is the refusal."""
    token_set: str | None = None
    consent_event: str | None = None
    """Xero's authentication_event_id: which organisations this consent covered."""
