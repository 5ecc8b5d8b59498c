"""Simulators inside this process, one for each data set that is judged."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter

from infra.xero_simulator import dataset, demo
from infra.xero_simulator.clock import Clock
from infra.xero_simulator.generator.organisations import generate
from infra.xero_simulator.limits import Rules
from infra.xero_simulator.oauth.registry import App
from infra.xero_simulator.oauth.scopes import CONSENT
from infra.xero_simulator.simulator import Simulator
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.webhooks.posting import Sender, post
from tests.contract.openapi.changes import change_everything
from tests.contract.openapi.exchange import Wire
from tests.contract.openapi.worst_values import worst_records

LOGIN = "https://login.xero.com"
IDENTITY = "https://identity.xero.com"
API = "https://api.xero.com"
REDIRECT = "https://c.example/oauth/callback"
APP = App("client", "secret", (REDIRECT,))
# Scopes add up over the consents to an app, so that little access needs another one.
LESSER_APP = App("lesser", "secret", (REDIRECT,))
DESCRIBED = Path(dataset.__file__).parent / "datasets/described"
CONTACTS, INVOICES = 30, 40


def _generated() -> Tenant:
    # A seed with a credit of each kind, small as it is.
    return generate(21, 0, CONTACTS, INVOICES)


def _changed() -> Tenant:
    tenant = _generated()
    change_everything(tenant)
    return tenant


def _described() -> Tenant:
    return dataset.load(DESCRIBED)[0]


def _worst() -> Tenant:
    """Through the files of a data set, the simulator's own way in."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (first, *_) = worst_records("Organisation", "OrganisationID")
        _write(folder / "Organisation.json", "Organisations", [first])
        for collection in Tenant("", "").collections.values():
            plural, key = collection.plural, collection.key
            records = worst_records(key.removesuffix("ID"), key)
            _write(folder / f"{plural}.json", plural, records)
        return dataset.load(folder)[0]


def _empty() -> Tenant:
    return generate(1, 1, 0, items=0)


DATASETS = {
    "generated": _generated,
    "changed": _changed,
    "described": _described,
    "worst": _worst,
    "empty": _empty,
}


def _write(path: Path, plural: str, records: list[dict]) -> None:
    path.write_text(json.dumps({plural: records}), encoding="utf-8")


def simulator(
    tenant: Tenant, clock: Clock | None = None, send: Sender = post
) -> Simulator:
    """A simulated Xero with one organisation and no limits to speak of."""
    return Simulator(
        address=IDENTITY,
        tenants=[tenant],
        apps=[APP, LESSER_APP],
        users=demo.people([tenant], []),
        clock=clock,
        rules=Rules(minute=100_000, day=1_000_000),
        send=send,
    )


@contextmanager
def wired(simulated: Simulator) -> Iterator[Wire]:
    """All HTTP of `requests` goes to this simulator, whatever the address."""
    wire = Wire(simulated)

    def send(adapter: HTTPAdapter, request, **more):
        return wire.send(adapter, request, **more)

    with patch.object(HTTPAdapter, "send", send):
        yield wire


def allow(address: str) -> dict[str, str]:
    """Open the consent page and allow access: what comes back to the app."""
    page = requests.post(address, data={"decision": "allow"}, allow_redirects=False)
    return {
        name: values[0]
        for name, values in parse_qs(urlsplit(page.headers["Location"]).query).items()
    }


def access_token(app: App = APP, scopes: Iterable[str] = CONSENT) -> str:
    """A token of the first user, with all that a consent can give."""
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": REDIRECT,
        "scope": " ".join(("offline_access", *sorted(scopes))),
        "state": "s",
    }
    address = f"{LOGIN}/identity/connect/authorize"
    page = requests.Request("GET", address, params=asked).prepare()
    form = {
        "grant_type": "authorization_code",
        "code": allow(page.url)["code"],
        "redirect_uri": REDIRECT,
    }
    secret = (app.client_id, app.client_secret)
    answer = requests.post(f"{IDENTITY}/connect/token", data=form, auth=secret)
    return answer.json()["access_token"]
