"""What can go wrong at Xero, told apart once, at the edge."""

from __future__ import annotations


class XeroFault(Exception):
    """Anything that Xero did other than what was asked for. Carries no body text."""


class Unavailable(XeroFault):
    """No connection, an error of Xero's own (5xx), or a refresh under way elsewhere."""


class Failed(Unavailable):
    """Xero answered with an error of its own: it is done with the request."""


class TimedOut(Unavailable):
    """No complete answer within the time that one call has."""


class TooLarge(XeroFault):
    """The answer is larger than the memory of a function should hold."""


class Unreadable(XeroFault):
    """The answer is not what Xero documents: broken, cut, or not JSON."""


class Throttled(XeroFault):
    """Status 429. `retry_after` in seconds; None where Xero did not say."""

    def __init__(self, kind: str, retry_after: float | None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.retry_after = retry_after


class TokenRejected(XeroFault):
    """Status 401: the access token is expired or revoked."""


class ScopeMissing(XeroFault):
    """The access token lacks the scope of this address; refreshing does not help."""


class OrganisationGone(XeroFault):
    """Status 403: no access to this organisation (any more). Xero says the same
    where it was disconnected, its user was removed, or a demo company was reset."""


class Refused(XeroFault):
    """Any other 4xx. `reason` is Xero's error type or number, never its text."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


class Invalid(Exception):
    """Xero answered, and did not take what was to be written. `messages` are its own
    words, which may quote what was sent: for who sent it, and for no log."""

    def __init__(self, messages: tuple[str, ...]) -> None:
        super().__init__("not taken")
        self.messages = messages


class ClientRefused(XeroFault):
    """The identity service does not know this client id and secret."""


class GrantRefused(XeroFault):
    """The identity service does not take this code or refresh token."""


class ReconnectNeeded(XeroFault):
    """Only a person can help, by connecting again. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
