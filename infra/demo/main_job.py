"""The main job, done over HTTP as an administrator does it in the browser."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from infra.demo.odoo_client import OdooClient
from infra.demo.stack import XeroApp
from infra.host.errors import HostError

RUN_SECONDS = 3600
LIVE = ("queued", "running", "waiting")


@dataclass
class MainJob:
    """The steps, in the order of their definition.

    :param admin: a session that is logged in
    :param check: called while waiting; raises when a piece of the stack is gone
    """

    admin: OdooClient
    check: Callable[[], None]
    say: Callable[[str], None]

    def enter_app(self, app: XeroApp) -> None:
        """Enter the Xero app's id and secret, as the settings' dialog does.

        :raises HostError: with what the dialog says
        """
        answer = self.admin.call(
            "res.config.settings",
            "xero_set_app",
            client_id=app.client_id,
            client_secret=app.client_secret,
        )
        if answer.get("problem"):
            raise HostError("The Xero app was refused", answer["problem"], "see there")

    def new_connection(self) -> int:
        """A connection that is not connected yet, and may write to Xero too."""
        wanted = {"with_writing": True, "with_invoicing": True}
        return self.admin.call("xero.connection", "create", wanted)

    def connect_address(self, connection: int) -> str:
        """The address that the button Connect opens."""
        action = self.admin.call("xero.connection", "action_connect", [connection])
        return urljoin(self.admin.url, action["url"])

    def connect(self, connection: int, organisation: str = "") -> None:
        """Go to the simulator's page, allow, and come back with the same session.

        :param organisation: Xero's id of it; else the page's first one
        :raises HostError: Odoo is not connected afterwards
        """
        page = self.admin.http.get(self.connect_address(connection), timeout=60)
        page.raise_for_status()
        form = {"decision": "allow"}
        if organisation:
            form["organisation"] = organisation
        back = self.admin.http.post(page.url, data=form, timeout=60)
        back.raise_for_status()
        self.require_connected(connection, f"the way back ended at {back.url}")

    def require_connected(self, connection: int, seen: str) -> None:
        """Check that Odoo says "Connected".

        :raises HostError: with the state that Odoo shows
        """
        state = self.state(connection)
        if state["state"] != "connected":
            message = state["state_message"] or state["state"]
            raise HostError("Xero is not connected", f"{message} ({seen})", "see there")

    def state(self, connection: int) -> dict[str, Any]:
        fields = ["name", "state", "state_message", "organisation_ref"]
        return self.admin.read("xero.connection", connection, fields)

    def wait_until_connected(self, connection: int) -> None:
        """Wait for a person who connects in a browser."""
        while self.state(connection)["state"] != "connected":
            self.check()
            time.sleep(2)

    def sync_now(self, connection: int) -> int:
        """Press "Sync now"; the run that it opens."""
        action = self.admin.call("xero.connection", "action_sync_now", [connection])
        return action["res_id"]

    def follow(self, run: int) -> dict[str, Any]:
        """Watch the run as its open screen does, until it is over.

        :raises HostError: it failed, or takes longer than an hour
        """
        fields = [
            *("state", "message", "progress", "records_done", "records_total"),
            *("created_count", "updated_count", "skipped_count", "failed_count"),
        ]
        until, said = time.monotonic() + RUN_SECONDS, ""
        while time.monotonic() < until:
            self.check()
            seen = self.admin.read("xero.sync", run, fields)
            if seen["state"] not in LIVE:
                return self._finished(seen)
            text = f"{seen['state']}, {seen['records_done']} of {seen['records_total']}"
            if text != said:
                self.say(f"  {text} ({seen['progress']:.0f} %)")
                said = text
            self.admin.call("xero.sync", "poke", [run])
            time.sleep(1)
        raise HostError("The run does not end", f"{RUN_SECONDS} s", "read Odoo's log")

    def wait_for_figures(self, run: int) -> None:
        """Wait until the figures of the customers that a run touched are worked out.

        :raises HostError: they are not, within an hour
        """
        stale = ["|", ("stale", "=", True), ("day", "=", False)]
        until = time.monotonic() + RUN_SECONDS
        while time.monotonic() < until:
            self.check()
            if not self.admin.call("xero.customer.figures", "search_count", stale):
                return
            self.admin.call("xero.sync", "poke", [run])
            time.sleep(1)
        raise HostError("No figures", f"{RUN_SECONDS} s", "read Odoo's log")

    @staticmethod
    def _finished(run: dict[str, Any]) -> dict[str, Any]:
        if run["state"] != "done":
            why = run["message"] or run["state"]
            raise HostError("The run failed", why, "open it in Odoo, Xero → Runs")
        return run
