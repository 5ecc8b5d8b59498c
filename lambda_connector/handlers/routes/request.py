"""What every route needs to know of the request."""

from __future__ import annotations

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from ..observability import logger


@dataclass(frozen=True)
class Request:
    resolver: APIGatewayHttpResolver
    public_url: str

    @property
    def instance(self) -> str:
        """Whose key was shown. Never from a body or an address."""
        return self.resolver.context["instance"]

    @property
    def correlation(self) -> str:
        """What everything that follows from the request is found by in the logs."""
        return logger.get_correlation_id() or ""

    @property
    def redirect_uri(self) -> str:
        """What has to be registered at Xero."""
        return f"{self._public()}/oauth/callback"

    def webhook_address(self, hook: str) -> str:
        """Where Xero has to tell of changes."""
        return f"{self._public()}/webhooks/{hook}"

    def _public(self) -> str:
        gateway = self.resolver.current_event.request_context.domain_name
        return self.public_url or f"https://{gateway}"
