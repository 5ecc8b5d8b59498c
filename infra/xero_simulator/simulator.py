"""One simulated Xero: everything that a request can reach."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from infra.xero_simulator.cache import Cache
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.faults import Faults
from infra.xero_simulator.idempotency import IdempotencyKeys
from infra.xero_simulator.limits import Limits, Rules
from infra.xero_simulator.oauth.registry import App, Registry, User
from infra.xero_simulator.oauth.tokens import Tokens
from infra.xero_simulator.request_log import RequestLog
from infra.xero_simulator.schedule import Schedule
from infra.xero_simulator.store import Store, Tenant
from infra.xero_simulator.webhooks.posting import Sender, post
from infra.xero_simulator.webhooks.webhooks import Webhooks


@dataclass
class Settings:
    """`bulk_connect`: whether one consent may connect several organisations.

    `withheld_scopes` are not granted though the user allows access.
    """

    bulk_connect: bool = False
    withheld_scopes: list[str] = field(default_factory=list)


class Simulator:
    """The state of a simulated Xero, at one address, with one clock.

    `send` posts webhooks.
    """

    def __init__(
        self,
        address: str,
        tenants: Iterable[Tenant],
        apps: Iterable[App],
        users: Iterable[User],
        clock: Clock | None = None,
        rules: Rules | None = None,
        settings: Settings | None = None,
        send: Sender = post,
    ) -> None:
        self.address = address
        self.clock = clock or Clock()
        self.settings = settings or Settings()
        self.store = Store(tenants)
        self.registry = Registry(self.clock, apps, users)
        self.tokens = Tokens(self.clock, self.registry, address)
        self.webhooks = Webhooks(self.clock, self.registry, address, send)
        for tenant in self.store.tenants.values():
            self.webhooks.watch(tenant)
        self.limits = Limits(self.clock, rules)
        self.idempotency_keys = IdempotencyKeys(self.clock)
        self.faults = Faults()
        self.schedule = Schedule()
        self.log = RequestLog()
        self.cache = Cache()
