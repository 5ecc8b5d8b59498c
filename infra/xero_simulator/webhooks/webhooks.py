"""All subscriptions, and how what happens in organisations gets to them."""

from collections.abc import Iterable
from functools import partial

from infra.xero_simulator.clock import Clock
from infra.xero_simulator.oauth.registry import Registry
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record
from infra.xero_simulator.webhooks.events import (
    CATEGORIES,
    Happening,
    check_categories,
    content_of,
)
from infra.xero_simulator.webhooks.intent import Trial
from infra.xero_simulator.webhooks.posting import Sender, check_address
from infra.xero_simulator.webhooks.subscription import Subscription


class Webhooks:
    """The subscriptions by client id.

    :param address: where the API answers
    :param send: posts to apps
    """

    def __init__(
        self, clock: Clock, registry: Registry, address: str, send: Sender
    ) -> None:
        self._send = send
        self._clock = clock
        self._registry = registry
        self._address = address
        self._subscriptions: dict[str, Subscription] = {}

    def watch(self, tenant: Tenant) -> None:
        """Hear of every change in an organisation that Xero dates."""
        for name in CATEGORIES:
            tenant.collections[name].watcher = partial(self._note, tenant, name)

    def subscribe(
        self, client_id: str, address: str, categories: Iterable[str]
    ) -> Subscription:
        """Register an app's webhook, or change it. Raises ValueError."""
        check_address(address)
        check_categories(categories)
        found = self._subscriptions.get(client_id)
        if found:
            found.change(address, categories)
            return found
        made = Subscription(self._clock, client_id, address, categories)
        self._subscriptions[client_id] = made
        return made

    def unsubscribe(self, client_id: str) -> None:
        self._subscriptions.pop(client_id, None)

    def get(self, client_id: str) -> Subscription | None:
        return self._subscriptions.get(client_id)

    def deliver(self) -> int:
        """Post whatever is due, to every app; how many posts that was."""
        every = list(self._subscriptions.values())
        return sum(each.deliver(self._send) for each in every)

    def deliver_at_once(self, subscription: Subscription) -> int:
        """Post all that waits for an app, held or not; how many posts that was."""
        return subscription.deliver(self._send, at_once=True)

    def send_intent(self, subscription: Subscription) -> list[Trial]:
        """Send an intent to receive: what came of it decides the status."""
        return subscription.send_intent(self._send)

    def _note(self, tenant: Tenant, name: str, record: Record, created: bool) -> None:
        at = self._clock.milliseconds()
        happening = Happening(tenant, name, record, created, at)
        for subscription in list(self._subscriptions.values()):
            if self._registry.reaches(subscription.client_id, tenant):
                content = content_of(self._address, happening)
                subscription.note(happening, content)
