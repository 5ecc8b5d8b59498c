"""The connector on the local stack, with the simulator in Xero's place, over HTTP."""

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from infra.host.ports import free_port
from tests.local_stack import PROJECT, RunningStack, running
from tests.waiting import until

CONTACTS = 2500
APP = {"client_id": "A" * 32, "client_secret": "s" * 48}
ORIGIN = "http://localhost:8069"
# Small, so that what was killed is taken up again within seconds.
QUICK = {
    "WorkerTimeoutSeconds": 10,
    "SyncVisibilitySeconds": 12,
    "StuckAfterSeconds": 10,
    "WaitInPlaceSeconds": 3,
    "XeroTimeoutSeconds": 8,
    "WebhookWindowSeconds": 1,
}


@dataclass
class Odoo:
    """In Odoo's place: calls the connector with an instance key."""

    stack: RunningStack
    simulator: str
    key: str
    consumer: str

    def call(self, method: str, path: str, body: Any = None, **query: Any):
        answer = requests.request(
            method,
            self.stack.url + path,
            json=body,
            params=query,
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=30,
        )
        assert answer.ok, (method, path, answer.status_code, answer.text)
        return answer

    def simulate(self, what: str, body: dict[str, Any]) -> None:
        """Tell the simulated Xero what to do."""
        url = f"{self.simulator}/_simulator/{what}"
        requests.post(url, json=body).raise_for_status()

    def slow(self, path: str, **fault: Any) -> None:
        self.simulate("faults", {"kind": "slow", "path": path, **fault})

    def connect(self) -> dict[str, Any]:
        """Ask for an authorization, allow it at Xero's page, complete it."""
        features = ["contacts", "items", "sales", "report"]
        wanted = {"reference": "test", "features": features, "connection": None}
        asked = self.call("POST", "/v1/authorizations", wanted).json()
        back = requests.post(
            asked["authorize_url"], {"decision": "allow"}, allow_redirects=False
        )
        callback = requests.get(back.headers["Location"], allow_redirects=False)
        assert callback.status_code == 302, callback.text
        to = callback.headers["Location"]
        began = f"{ORIGIN}/xero/return?authorization="
        assert to.startswith(f"{began}{asked['id']}-")
        path = f"/v1/authorizations/{to.removeprefix(began)}/completion"
        done = self.call("POST", path, {"organisation": None}).json()
        assert done["status"] == "connected", done
        return done["connection"]

    def sync(self, connection: str, mode: str = "incremental") -> dict[str, Any]:
        wanted = {"resources": ["organisation", "contacts"], "mode": mode}
        return self.call("POST", f"/v1/connections/{connection}/syncs", wanted).json()

    def finished(self, sync: dict[str, Any]) -> dict[str, Any]:
        def ended():
            now = self.call("GET", f"/v1/syncs/{sync['id']}").json()
            return now if now["finished_at"] else None

        return until(ended, "the sync's end")

    def drain(self, connection: dict[str, Any]) -> tuple[list[dict], list[dict]]:
        """All entries that wait, and the contacts in their parts; acknowledged."""
        path = f"/v1/connections/{connection['id']}/feed"
        position = {"epoch": connection["feed"]["epoch"], "consumer": self.consumer}
        entries, contacts = [], []
        feed = connection["feed"]
        assert feed["acknowledged"] == feed["head"]
        at = {"after": feed["head"], "stamp": feed["stamp"]}
        while new := self.call("GET", path, **at, **position).json()["entries"]:
            for entry in new:
                if entry["kind"] == "part":
                    part = self.call("GET", f"{path}/parts/{entry['n']}", **position)
                    assert hashlib.sha256(part.content).hexdigest() == entry["sha256"]
                    answer = json.loads(gzip.decompress(part.content))
                    contacts += answer.get("Contacts", [])
            entries += new
            at = {"after": new[-1]["n"], "stamp": new[-1]["stamp"]}
        reached = {"n": at["after"], "stamp": at["stamp"]}
        self.call("POST", f"{path}/acknowledgement", {**position, **reached})
        return entries, contacts


@pytest.fixture(scope="module")
def odoo(tmp_path_factory) -> Iterator[Odoo]:
    port, simulator_port = free_port(), free_port()
    simulator = subprocess.Popen(
        [
            *(sys.executable, "-m", "infra.xero_simulator"),
            *("--port", str(simulator_port), "--contacts", str(CONTACTS)),
            *("--client-id", APP["client_id"], "--client-secret", APP["client_secret"]),
            *("--redirect-uri", f"http://localhost:{port}/oauth/callback"),
        ],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        url = json.loads(simulator.stdout.readline())["simulator"]
        options = [f"--port={port}", f"--xero-url={url}"]
        options += [f"--parameter={name}={value}" for name, value in QUICK.items()]
        with running(tmp_path_factory.mktemp("stack"), *options) as stack:
            odoo = Odoo(stack, url, instance_key(stack), str(uuid.uuid4()))
            odoo.call("PUT", "/v1/app", APP)
            yield odoo
    finally:
        simulator.terminate()
        simulator.wait(60)


def instance_key(stack: RunningStack) -> str:
    """A key as the deployer makes it, by the first steps: the whole way is checked, in
    the roles that the template gives the functions."""
    janitor = f"{stack.ready['scheduler']}/JanitorFunction"
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "lambda_connector.cli", "first-steps"),
            *("--name", "test", "--return-origin", ORIGIN),
        ],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **stack.ready["environment"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as steps:
        # Its schedule would bring it within the minute.
        until(
            lambda: requests.post(janitor) and steps.poll() is not None,
            "the steps",
            every=0.5,
        )
        said, refused = steps.communicate()
    lines = [json.loads(line) for line in said.splitlines()]
    failed = [line for line in lines if line.get("result", "ok") != "ok"]
    assert (failed, refused, steps.returncode) == ([], "", 0)
    return lines[1]["instance_key"]


@pytest.fixture(scope="module")
def connection(odoo) -> dict[str, Any]:
    return odoo.connect()


def test_a_full_sync_brings_each_contact_once(odoo, connection):
    begun = odoo.sync(connection["id"], "full")
    done = odoo.finished(begun)
    assert (done["state"], done["code"]) == ("done", None)
    entries, contacts = odoo.drain(connection)
    assert [entry["n"] for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1]["kind"] == "sync_finished"
    ids = [contact["ContactID"] for contact in contacts]
    assert len(ids) == len(set(ids)) == done["resources"][1]["item_count"]
    assert len(ids) >= CONTACTS


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(odoo, connection):
    odoo.slow("/api.xro/2.0/Contacts", after=1, seconds=3)
    before = odoo.call("GET", f"/v1/connections/{connection['id']}").json()
    begun = odoo.sync(connection["id"], "full")

    def second_page_is_read():
        faults = requests.get(f"{odoo.simulator}/_simulator/faults").json()
        return not faults["faults"]

    until(second_page_is_read, "the second page")
    (worker,) = odoo.stack.processes()["worker"]
    os.kill(worker, signal.SIGKILL)

    done = odoo.finished(begun)
    assert done["state"] == "done"
    assert odoo.stack.processes()["worker"] != [worker]
    _, contacts = odoo.drain(before)
    ids = [contact["ContactID"] for contact in contacts]
    assert len(ids) == len(set(ids)) == done["resources"][1]["item_count"]


def test_a_worker_that_its_time_out_kills_loses_and_doubles_nothing(odoo, connection):
    """The token has expired for Xero: refused, refreshed, asked again, all of it slow
    and together longer than the worker has."""
    before = odoo.call("GET", f"/v1/connections/{connection['id']}").json()
    odoo.simulate("clock", {"advance_seconds": 1900})
    odoo.slow("/connect/token", seconds=6)
    odoo.slow("/api.xro/2.0/Organisation", after=1, seconds=6)
    done = odoo.finished(odoo.sync(connection["id"], "full"))
    assert (done["state"], done["code"]) == ("done", None)
    log = odoo.stack.state / "logs" / "WorkerFunction.log"
    assert "Sandbox.Timedout" in log.read_text()
    entries, contacts = odoo.drain(before)
    assert [entry["kind"] for entry in entries].count("sync_finished") == 1
    ids = [contact["ContactID"] for contact in contacts]
    assert len(ids) == len(set(ids)) == done["resources"][1]["item_count"]
    now = odoo.call("GET", f"/v1/connections/{connection['id']}").json()
    assert now["state"] == "connected"


def test_a_document_comes_through_gateway_and_runtime_as_xero_gave_it(odoo, connection):
    """Binary as it is, and text with letters of any kind."""
    organisation = connection["organisation"]["id"]
    url = f"{odoo.simulator}/_simulator/organisations/{organisation}/invoices"
    invoice = next(
        record
        for record in requests.get(url).json()["Invoices"]
        if (record["Type"], record["Status"]) == ("ACCREC", "AUTHORISED")
    )
    at = f"/v1/connections/{connection['id']}"
    pdf = odoo.call("GET", f"{at}/invoices/{invoice['InvoiceID']}/pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-") and pdf.content.endswith(b"%%EOF\n")
    assert f"Invoice {invoice['InvoiceNumber']}".encode() in pdf.content
    path = f"{at}/invoices/{invoice['InvoiceID']}/online-url"
    assert odoo.call("GET", path).json()["url"].startswith("https://in.xero.com/")
    contact = invoice["Contact"]
    path = f"{at}/contacts/{contact['ContactID']}/aged-receivables"
    today = datetime.now(UTC).date()
    (report,) = odoo.call("GET", path, date=today).json()["Reports"]
    assert contact["Name"] in report["ReportTitles"]


@pytest.fixture(scope="module")
def webhook(odoo, connection) -> str:
    """Xero's control over the app's webhook, registered and confirmed."""
    webhooks = odoo.call("GET", "/v1/app").json()["webhooks"]
    assert webhooks["key_set_at"] is None
    control = f"{odoo.simulator}/_simulator/apps/{APP['client_id']}/webhook"
    made = requests.put(control, json={"address": webhooks["address"]}).json()
    odoo.call("PUT", "/v1/app/webhooks", {"key": made["signing_key"]})

    def answered() -> bool:
        # In five seconds, which a function that is just starting on a busy machine
        # may miss: a person tries again then.
        return requests.post(f"{control}/intent").json()["status"] == "OK"

    until(answered, "an answer in Xero's time", every=1)
    return control


def test_xeros_intent_to_receive_is_answered_and_remembered(odoo, webhook):
    def confirmed():
        return odoo.call("GET", "/v1/app").json()["webhooks"]["confirmed_at"]

    until(confirmed, "the confirmation")


def test_the_connector_tries_its_own_address(odoo, webhook):
    assert odoo.call("POST", "/v1/app/webhooks/test").json() == {
        "reached": True,
        "accepted": True,
        "refused_wrong": True,
        "code": None,
    }


def test_a_burst_of_changes_in_xero_is_read_by_itself(odoo, connection, webhook):
    before = odoo.call("GET", f"/v1/connections/{connection['id']}").json()
    odoo.finished(odoo.sync(connection["id"]))
    path = f"/v1/connections/{connection['id']}/syncs"
    known = {one["id"] for one in odoo.call("GET", path).json()["syncs"]}
    organisation = connection["organisation"]["id"]
    odoo.simulate(f"organisations/{organisation}/burst", {"events": 500})

    def read():
        syncs = odoo.call("GET", path).json()["syncs"]
        told = [one for one in syncs if one["id"] not in known]
        return told if told and all(one["finished_at"] for one in told) else None

    syncs = until(read, "the sync that Xero's word started")
    assert {one["trigger"] for one in syncs} == {"webhook"}
    assert {one["state"] for one in syncs} == {"done"}
    assert sum(one["calls"] for one in syncs) <= 3
    _, contacts = odoo.drain(before)
    assert len({contact["ContactID"] for contact in contacts}) >= 500
    now = odoo.call("GET", f"/v1/connections/{connection['id']}").json()
    assert now["webhook_at"] and not now["feed"]["waits_since"]


def test_what_nobody_signed_is_refused_whatever_its_size(odoo):
    """Of what Lambda takes; the gateway refuses more."""
    url = f"{odoo.stack.url}/webhooks/{'0' * 32}"
    for size in (0, 4_000_000):
        answer = requests.post(url, data=b"x" * size, timeout=30)
        assert (answer.status_code, answer.content) == (401, b"")
        assert "Set-Cookie" not in answer.headers
    assert requests.get(url, timeout=30).status_code == 404
    assert requests.post(f"{url}/more", timeout=30).status_code == 404


def test_the_janitor_runs_in_its_role(odoo):
    answer = requests.post(f"{odoo.stack.ready['scheduler']}/JanitorFunction")
    assert answer.status_code == 200, answer.text


def test_no_function_was_refused_anything(odoo, webhook):
    """Every permission that the functions used so far is in the template."""
    logs = (odoo.stack.state / "logs").glob("*Function.log")
    texts = {each.name: each.read_text() for each in logs}
    functions = ("Api", "Worker", "Janitor", "Webhook", "WebhookBatch")
    assert set(texts) >= {f"{name}Function.log" for name in functions}
    assert [name for name, text in texts.items() if "role does not allow" in text] == []
