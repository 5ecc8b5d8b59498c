"""Xero's own SDK, signed in at a simulator of its own process."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.identity import IdentityApi

DESCRIBED = Path(__file__).parents[2] / "infra/xero_simulator/datasets/described"
REDIRECT = "http://localhost:8070/oauth/callback"
SCOPES = (
    "offline_access accounting.contacts.read accounting.invoices.read "
    "accounting.payments.read accounting.reports.aged.read accounting.settings.read"
)
WRITING = f"{SCOPES} accounting.contacts accounting.invoices"


class Sdk:
    """The SDK's two APIs, signed in at a simulator."""

    def __init__(self, address: str, scopes: str) -> None:
        self.address = address
        self._scopes = scopes
        self.token = self._sign_in()
        settings = OAuth2Token(client_id="client", client_secret="secret")
        client = ApiClient(Configuration(oauth2_token=settings))
        client.oauth2_token_getter(lambda: self.token)
        client.oauth2_token_saver(lambda token: setattr(self, "token", token))
        self.client = client
        self.accounting = AccountingApi(client, f"{address}/api.xro/2.0")
        self.identity = IdentityApi(client, address)
        (connection,) = self.identity.get_connections()
        self.tenant = connection.tenant_id

    def control(self, method: str, path: str, **sent: object) -> dict:
        """Call the simulator's own API."""
        answer = requests.request(method, f"{self.address}/_simulator{path}", **sent)
        answer.raise_for_status()
        return answer.json()

    def _sign_in(self) -> dict:
        page = requests.Request(
            "GET",
            f"{self.address}/identity/connect/authorize",
            params={
                "response_type": "code",
                "client_id": "client",
                "redirect_uri": REDIRECT,
                "scope": self._scopes,
            },
        ).prepare()
        allowed = requests.post(
            page.url, data={"decision": "allow"}, allow_redirects=False
        )
        form = {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(allowed.headers["Location"]).query)["code"][0],
            "redirect_uri": REDIRECT,
        }
        answer = requests.post(
            f"{self.address}/connect/token", data=form, auth=("client", "secret")
        )
        token = answer.json()
        return token | {"scope": token["scope"].split()}


def run_simulator(*options: str, scopes: str = SCOPES) -> Iterator[Sdk]:
    """A simulator of its own process, and the SDK signed in at it."""
    command = [
        *(sys.executable, "-m", "infra.xero_simulator", "--port", "0"),
        *("--client-id", "client", "--client-secret", "secret"),
        *("--redirect-uri", REDIRECT, *options),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    sdk = Sdk(json.loads(process.stdout.readline())["simulator"], scopes)
    sdk.control("PUT", "/limits", json={"minute": 10_000, "day": 10_000})
    yield sdk
    process.terminate()
    assert process.wait(timeout=60) == 0


def truth(sdk: Sdk, plural: str = "Contacts") -> list[dict]:
    collection = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", plural).lower()
    path = f"/organisations/{sdk.tenant}/{collection}"
    return sdk.control("GET", path)[plural]


def change(sdk: Sdk, collection: str, **body: object) -> dict:
    path = f"/organisations/{sdk.tenant}/{collection}"
    return sdk.control("POST", path, json=body)
