"""One side is restored from a backup and the other is not: both come right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from infra.host.host import Host
from tests.backups import OdooBackup, TableBackup
from tests.whole import Company, whole_stack


@pytest.fixture(scope="module")
def company(host: Host) -> Iterator[Company]:
    data = ("--contacts", "120", "--seed", "7")
    with whole_stack(host, "backups", data) as stack:
        connected = Company.connected(stack)
        synced(connected)
        yield connected


def synced(company: Company) -> None:
    """Press "Sync now", and wait until nothing is under way any more."""
    company.job.sync_now(company.connection)
    open_runs = [("is_open", "=", True), ("connection_id", "=", company.connection)]

    def over() -> bool:
        for run in company.admin.search_read("xero.sync", open_runs, ["id"]):
            company.poke(run["id"])
        company.janitor()
        connection = company.admin.read(
            "xero.connection", company.connection, ["reread_needed"]
        )
        running = company.admin.call("xero.sync", "search_count", open_runs)
        return not running and not connection["reread_needed"]

    company.until("the end of all runs", over, every=1)


def test_odoo_restored_from_a_backup_reads_what_it_forgot(company: Company) -> None:
    backup = OdooBackup(company)
    backup.take()
    try:
        first = company.change("add", Name="Came After The Backup Ltd", IsCustomer=True)
        synced(company)
        company.change("update", ContactID=first["ContactID"], Name="Renamed After Ltd")
        synced(company)
        assert company.differences() == []
        backup.put_back()
        assert company.differences()
        synced(company)
        assert company.differences() == []
    finally:
        backup.remove()


def test_connector_restored_from_a_backup_is_read_anew(company: Company) -> None:
    """Its feed counts on from an older number, and reaches those that Odoo has read
    before with other content. Odoo is away meanwhile: else it would hear of the first
    page, see that its position is gone, and have all read anew at once."""
    backup = TableBackup(company)
    company.change("add", Name="Came After The Backup Too Ltd", IsCustomer=True)
    synced(company)
    held = company.admin.read(
        "xero.connection", company.connection, ["feed_position", "connector_ref"]
    )
    company.kill_odoo()
    backup.put_back()
    company.change("add", Name="Came After The Restoring Ltd", IsCustomer=True)
    at_the_connector = AtTheConnector(company, held["connector_ref"])
    at_the_connector.sync()
    assert at_the_connector.ask("GET", "")["feed"]["head"] >= held["feed_position"]
    company.stack.restart_odoo()
    company.admin.log_in()
    synced(company)
    assert company.differences() == []


@dataclass
class AtTheConnector:
    """What a connection's connector is asked past Odoo.

    :param reference: what the connector calls the connection
    """

    company: Company
    reference: str

    def sync(self) -> None:
        """A sync that Odoo has not asked for, to its end."""
        features = ["contacts", "items", "sales"]
        asked = {"features": features, "mode": "incremental"}
        sync = self.ask("POST", "/syncs", asked)["id"]

        def over() -> bool:
            syncs = self.ask("GET", "/syncs")["syncs"]
            return any(one["id"] == sync and one["state"] == "done" for one in syncs)

        self.company.until("the end of the connector's sync", over)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        stack = self.company.stack
        answer = requests.request(
            method,
            f"{stack.connector_url}/v1/connections/{self.reference}{path}",
            json=body,
            headers={"Authorization": f"Bearer {stack.instance_key}"},
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json()
