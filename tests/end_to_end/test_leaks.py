"""No secret lies anywhere, and no name in a log, after all that the product does."""

import json
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from infra.demo.odoo_client import OdooRefused
from infra.demo.sales_comparison import SimulatedBooks
from infra.demo.stack import XeroApp
from infra.demo.to_xero import ToXero
from infra.demo.webhooks import register_webhook
from infra.host.commands import run
from infra.host.errors import HostError
from infra.host.host import Host
from infra.host.places import PROJECT
from tests.leaks import Place, Places, findings, plain_forms_of
from tests.whole import Company, whole_stack

TALKATIVE = ("--log-level=debug",)
WRONG_KEY = "a-wrong-instance-key-that-somebody-entered"
WRONG_SECRET = "a-wrong-client-secret-that-somebody-entered"
ODOOS_OWN = (b" DEBUG xero_test_leaks odoo.service.model: ",)
SHORTEST_NAME = 7
"""What is shorter stands in a log by chance."""


@dataclass
class Lived:
    """A company that everything has happened to, and what nobody may find of it."""

    company: Company
    instance_keys: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    """Secrets that were entered, right and wrong ones."""
    messages: list[Place] = field(default_factory=list)

    @property
    def places(self) -> Places:
        return Places(self.company)

    def secrets(self) -> dict[str, str]:
        """All that Xero made, and all that was entered, but the instance key."""
        known = self.company.control("GET", "/secrets")["secrets"]
        assert len(known) > 10
        return dict.fromkeys(known, "a secret of Xero's") | dict.fromkeys(
            self.given, "a secret that was entered"
        )

    def keys(self) -> dict[str, str]:
        return dict.fromkeys(self.instance_keys, "an instance key")

    def names(self) -> dict[str, str]:
        """Whom Xero's books name, and who works there."""
        stack = self.company.stack
        books = SimulatedBooks(stack.simulator_url, self.company.organisation)
        wanted = {name: "a name" for name in _names(books.records("contacts"))}
        for user in self.company.control("GET", "")["users"]:
            wanted[user["email"]] = "a Xero user's email"
        assert len(wanted) > 60
        return wanted

    def everywhere(self) -> Iterator[Place]:
        places = self.places
        yield from places.logs()
        yield from places.items()
        yield from places.objects()
        yield from places.messages()
        yield from self.messages
        yield from places.database()


def _names(contacts: Iterable[dict[str, Any]]) -> Iterator[str]:
    for contact in contacts:
        yield from _of_person(contact)
        if len(contact["Name"]) >= SHORTEST_NAME:
            yield contact["Name"]
        for person in contact.get("ContactPersons") or ():
            yield from _of_person(person)
        for address in contact.get("Addresses") or ():
            line = address.get("AddressLine1") or ""
            if len(line) >= SHORTEST_NAME:
                yield line


def _of_person(person: dict[str, Any]) -> Iterator[str]:
    first, last = (person.get(name) or "" for name in ("FirstName", "LastName"))
    if first and last:
        yield f"{first} {last}"
    if person.get("EmailAddress"):
        yield person["EmailAddress"]


@pytest.fixture(scope="module")
def lived(host: Host) -> Iterator[Lived]:
    data = ("--contacts", "60", "--seed", "5", "--invoices", "60")
    # What an earlier run left is not this one's.
    shutil.rmtree(host.folder / "tests" / "leaks", ignore_errors=True)
    talkative = {"LogLevel": "DEBUG"}
    with whole_stack(host, "leaks", data, talkative, TALKATIVE) as stack:
        lived = Lived(Company.connected(stack), [stack.instance_key])
        lived.given.append(stack.plan.app.client_secret)
        for step in (
            refuse_what_is_wrong,
            read_and_write,
            hear_of_changes,
            meet_faults,
            renew_the_key,
            reconnect,
            stop_in_the_middle,
        ):
            step(lived)
        yield lived


# What happens


def sync(company: Company, state: str = "done") -> None:
    run = company.job.sync_now(company.connection)
    assert company.finish(run)["state"] == state


def refuse_what_is_wrong(lived: Lived) -> None:
    company = lived.company
    lived.given += [WRONG_KEY, WRONG_SECRET]
    app = company.stack.plan.app
    with pytest.raises(HostError):
        company.job.enter_app(XeroApp(app.client_id, WRONG_SECRET))
    company.job.enter_app(app)
    address = company.stack.connector_url
    shown = {"Authorization": f"Bearer {WRONG_KEY}"}
    answer = requests.get(f"{address}/v1/app", headers=shown, timeout=30)
    assert answer.status_code == 401
    strange = {"state": WRONG_SECRET, "code": WRONG_KEY}
    answer = requests.get(f"{address}/oauth/callback", params=strange, timeout=30)
    assert answer.status_code == 400
    # Somebody's names and secrets where the API takes none.
    body = {"client_id": "Ana Rangi", "client_secret": {"wrong": WRONG_SECRET}}
    shown = {"Authorization": f"Bearer {company.stack.instance_key}"}
    answer = requests.put(f"{address}/v1/app", json=body, headers=shown, timeout=30)
    assert answer.status_code == 422


def read_and_write(lived: Lived) -> None:
    company = lived.company
    sync(company)
    partner = company.admin.call(
        "res.partner",
        "create",
        {
            "name": "Pohutukawa Pottery",
            "is_company": True,
            "email": "clay@pohutukawa.example",
            "street": "17 Kingfisher Crescent",
        },
    )
    create_in_xero(company, partner)


def create_in_xero(company: Company, partner: int) -> None:
    to_xero = ToXero(company.admin)
    entry = to_xero.queue_customer(partner)

    def done() -> bool:
        return to_xero.send(entry)["state"] == "done"

    company.until("the customer in Xero", done, every=1)


def hear_of_changes(lived: Lived) -> None:
    company = lived.company
    client_id = company.stack.plan.app.client_id
    register_webhook(company.admin, company.stack.simulator_url, client_id)
    webhook = company.control("GET", f"/apps/{client_id}/webhook")
    lived.given.append(webhook["signing_key"])
    company.change("add", Name="Rangitoto Roofing", IsCustomer=True)
    named = [("name", "=", "Rangitoto Roofing")]

    def came() -> int:
        return company.admin.call("res.partner", "search_count", named)

    company.until("the new customer", came)


def meet_faults(lived: Lived) -> None:
    """Errors name things: a refusal in Xero's words, a page of HTML, a lost answer."""
    company = lived.company
    contacts = "/api.xro/2.0/Contacts"
    for fault in ("unavailable_html", "token_expired", "truncated_body"):
        body = {"kind": fault, "path": contacts, "method": "GET"}
        company.control("POST", "/faults", body)
    sync(company)
    assert company.no_fault_waits()
    partner = company.admin.call(
        "res.partner",
        "create",
        {"name": "Weka Wines", "is_company": True, "email": "cellar@weka.example"},
    )
    body = {"kind": "reset_after_commit", "path": contacts, "method": "PUT"}
    company.control("POST", "/faults", body)
    create_in_xero(company, partner)


def renew_the_key(lived: Lived) -> None:
    """The old one and the new one are valid for a while."""
    stack = lived.company.stack
    environment = stack.local["environment"]
    cli = [sys.executable, "-m", "lambda_connector.cli", "instances"]
    held = run([*cli, "list"], what="No list", cwd=PROJECT, env=environment)
    instance = json.loads(held.splitlines()[0])["instance"]
    rotated = [*cli, "rotate", instance]
    answer = run(rotated, what="No key", cwd=PROJECT, env=environment)
    key = json.loads(answer)["key"]
    lived.instance_keys.append(key)
    parameter = "crm_xero_module.instance_key"
    lived.company.admin.call("ir.config_parameter", "set_param", parameter, key)
    sync(lived.company)


def reconnect(lived: Lived) -> None:
    company = lived.company
    company.control("POST", f"/organisations/{company.organisation}/disconnect")
    sync(company, "failed")
    company.job.connect(company.connection, company.organisation)
    sync(company)


def stop_in_the_middle(lived: Lived) -> None:
    """Messages are seen while nobody takes them, then all goes on."""
    company = lived.company
    pollers = ("worker", "webhookbatch")
    for poller in pollers:
        company.signal_poller(poller, signal.SIGSTOP)
    try:
        run = company.job.sync_now(company.connection)
        company.change("add", Name="Kakapo Kayaks", IsCustomer=True)
        seen: set[str] = set()

        def both_kinds() -> bool:
            found = list(lived.places.messages())
            lived.messages.extend(found)
            seen.update(place.name for place in found)
            return len(seen) >= len(pollers)

        company.until("a message in both queues", both_kinds, every=1)
    finally:
        for poller in pollers:
            company.signal_poller(poller, signal.SIGCONT)
    with pytest.raises(OdooRefused):
        company.admin.call("xero.sync", "no_such_method", [run])


# What is found


def test_no_secret_lies_anywhere(lived: Lived) -> None:
    assert findings(lived.everywhere(), lived.secrets()) == []


def test_instance_key_lies_in_odoos_parameters_and_nowhere_else(lived: Lived) -> None:
    found = findings(lived.everywhere(), lived.keys())
    assert len(found) == 1
    assert "an instance key in Odoo's ir_config_parameter" in found[0]


def test_no_log_names_anybody(lived: Lived) -> None:
    """But Odoo's own record of what its users send and ask, which is what it writes at
    this level; at its usual one there is none."""
    logs = [without(place, ODOOS_OWN) for place in lived.places.logs()]
    assert findings(logs, lived.names(), plain_forms_of) == []


def without(place: Place, loggers: Iterable[bytes]) -> Place:
    lines = place.content.splitlines()
    kept = [line for line in lines if not any(one in line for one in loggers)]
    return Place(place.name, b"\n".join(kept))


def test_every_place_was_looked_into(lived: Lived) -> None:
    """What finds nothing in an empty place shows nothing."""
    logs = {place.name.rpartition("/")[2] for place in lived.places.logs()}
    functions = ("Api", "Janitor", "Webhook", "WebhookBatch", "Worker")
    assert logs >= {f"{name}Function.log" for name in functions} | {"odoo.log"}
    content = b"".join(place.content for place in lived.places.logs())
    for said in (b'"Xero was called"', b" DEBUG ", b"nudged"):
        assert said in content, said
    assert sum(1 for _ in lived.places.items()) > 20
    assert sum(1 for _ in lived.places.objects()) > 3
    assert {place.name for place in lived.messages}
    tables = {place.name for place in lived.places.database()}
    assert {"Odoo's res_partner", "Odoo's xero_contact", "Odoo's xero_sync"} <= tables


def test_click_is_found_on_its_way_to_xero(lived: Lived) -> None:
    """One search shows the way: request, message, call of Xero, nudge, Odoo's run."""
    company = lived.company
    (run,) = company.admin.search_read(
        "xero.sync",
        [("trigger", "=", "person"), ("state", "=", "done")],
        ["correlation"],
        limit=1,
    )
    trace = run["correlation"].encode()
    lines = {
        place.name.rpartition("/")[2]: [
            line for line in place.content.splitlines() if trace in line
        ]
        for place in lived.places.logs()
    }
    assert any(
        b"/v1/connections/<connection>/syncs" in x for x in lines["ApiFunction.log"]
    )
    assert any(b'"Xero was called"' in line for line in lines["WorkerFunction.log"])
    assert any(b"begins by person" in line for line in lines["odoo.log"])


# Shown to fail


@pytest.fixture
def secret(lived: Lived) -> str:
    return next(iter(lived.secrets()))


def test_leaks_are_found_wherever_they_are(lived: Lived, secret: str) -> None:
    company = lived.company
    clients = {name: lived.places._client(name) for name in ("dynamodb", "s3", "sqs")}
    table = clients["dynamodb"].list_tables()["TableNames"][0]
    bucket = clients["s3"].list_buckets()["Buckets"][0]["Name"]
    queue = clients["sqs"].create_queue(QueueName="seeded")["QueueUrl"]
    key = {"pk": {"S": "SEEDED"}, "sk": {"S": "SEEDED"}}
    clients["dynamodb"].put_item(
        TableName=table, Item=key | {"held": {"B": b"\0" + secret.encode()}}
    )
    clients["s3"].put_object(Bucket=bucket, Key=f"seeded/{secret}", Body=b"")
    clients["sqs"].send_message(QueueUrl=queue, MessageBody=json.dumps([secret]))
    parameter = "seeded.parameter"
    company.admin.call("ir.config_parameter", "set_param", parameter, f"x{secret}")
    log = company.stack.plan.state / "logs" / "seeded.log"
    name = next(iter(lived.names()))
    log.write_text(f'{{"said": "{secret}"}}\n{{"said": {json.dumps(name)}}}\n')
    try:
        found = " ".join(findings(lived.everywhere(), {secret: "the secret"}))
        for place in (
            "table item SEEDED",
            "object name",
            "message in seeded",
            "Odoo's ir_config_parameter",
            "logs/seeded.log",
        ):
            assert f"the secret in {place}" in found
        seeded = [Place("logs/seeded.log", log.read_bytes())]
        (told,) = findings(seeded, lived.names(), plain_forms_of)
        assert "in logs/seeded.log" in told
        assert secret not in found
    finally:
        log.unlink()
        clients["dynamodb"].delete_item(TableName=table, Key=key)
        clients["s3"].delete_object(Bucket=bucket, Key=f"seeded/{secret}")
        clients["sqs"].delete_queue(QueueUrl=queue)
        company.admin.call("ir.config_parameter", "set_param", parameter, False)
