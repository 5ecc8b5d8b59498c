# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the connector in memory answers of schedules and webhooks."""

WEBHOOK_ADDRESS = "https://connector.example.com/webhooks/6f1d2c3b4a59"
# Polled every so many minutes, all of an organisation costs so many calls a day.
DAILY = [
    {"name": "organisation", "calls": 1},
    {"name": "contact_groups", "calls": 1},
    {"name": "contacts", "calls": 4},
    {"name": "open_invoices", "calls": 20},
]


def plan(proposed=15, day_limit=1000, taken=250):
    """A schedule as the connector proposes it; `taken` calls go to no poll."""
    daily = sum(entry["calls"] for entry in DAILY)
    choices = []
    for minutes in (5, 10, 15, 20, 30, 60, 120, 240, 480, 1440):
        calls = daily + 5 * 1440 // minutes + min(72, 3 * 1440 // minutes)
        fits = calls <= day_limit - taken
        choices.append({"minutes": minutes, "calls": calls, "fits": fits})
    return {
        "day_limit": day_limit,
        "reserved": day_limit // 20,
        "proposed": proposed,
        "choices": choices,
        "daily": [dict(entry) for entry in DAILY],
    }


class XeroFreshness:
    """A mixin of `FakeConnector`: schedules are proposed, and webhooks taken.

    `webhooks` is what the app says of them, `webhook_key` the key as it was sent, and
    `tested` the answer to a test where a key is there. `plan` is the proposal, and
    `planned_for` the features that it was asked for.
    """

    def __init__(self):
        super().__init__()
        self.plan = plan()
        self.planned_for = []
        self.webhook_key = None
        self.webhooks = {
            "address": WEBHOOK_ADDRESS,
            "key_set_at": None,
            "confirmed_at": None,
            "received_at": None,
        }
        self.tested = {
            "reached": True,
            "accepted": True,
            "refused_wrong": True,
            "code": None,
        }

    def _route_freshness(self, method, path, query, body):
        """The answer, or None where the call is about something else."""
        match (method, *path):
            case ("GET", "connections", _, "schedule"):
                self.planned_for.append(query["features"].split(","))
                return self.respond(200, self.plan)
            case ("PUT", "app", "webhooks"):
                return self._set_webhook_key(body["key"])
            case ("DELETE", "app", "webhooks"):
                self.webhook_key = None
                self.webhooks |= {"key_set_at": None, "confirmed_at": None}
                return self.respond(204, b"")
            case ("POST", "app", "webhooks", "test"):
                return self.respond(200, self._test())
        return None

    def _set_webhook_key(self, key):
        if not key.strip() or " " in key or len(key) > 200:
            return self.problem(422, "request_invalid", errors=[])
        self.webhook_key = key
        self.webhooks["key_set_at"] = "2026-11-03T10:12:00.442Z"
        return self.respond(200, self.app())

    def _test(self):
        if self.webhook_key:
            return self.tested
        return {
            "reached": False,
            "accepted": False,
            "refused_wrong": False,
            "code": "webhook_key_missing",
        }
