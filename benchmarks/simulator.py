"""A running simulator, and what is asked of it from outside."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from benchmarks.rounds import BenchmarkFailed
from infra.host.commands import ENDS_WITH_US
from infra.host.places import PROJECT

CLIENT, SECRET = "bench-client", "bench-secret"
REDIRECT = "https://connector.example/oauth/callback"
SCOPES = "offline_access accounting.invoices.read accounting.contacts.read"
_NO_LIMIT = {"minute": 10**6, "day": 10**6, "app_minute": 10**6}


@dataclass(frozen=True)
class Simulator:
    """`address` stands for Xero's three; the limits on calls are lifted."""

    address: str

    @property
    def organisation(self) -> dict[str, Any]:
        """The first one, which has the data."""
        return self.control("GET", "")["organisations"][0]

    def control(self, method: str, path: str, **sent: Any) -> Any:
        """Call the simulator's own API."""
        answer = requests.request(
            method, f"{self.address}/_simulator{path}", timeout=120, **sent
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def allow(self, authorize_url: str) -> dict[str, str]:
        """Consent as a person does; what the browser brings back."""
        form = {"decision": "allow", "organisation": self.organisation["id"]}
        answer = requests.post(
            authorize_url, data=form, allow_redirects=False, timeout=60
        )
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def access_token(self) -> str:
        """A token of half an hour for what the readers read."""
        page = requests.Request(
            "GET",
            f"{self.address}/identity/connect/authorize",
            params={
                "response_type": "code",
                "client_id": CLIENT,
                "redirect_uri": REDIRECT,
                "scope": SCOPES,
            },
        ).prepare()
        form = {
            "grant_type": "authorization_code",
            "code": self.allow(str(page.url))["code"],
            "redirect_uri": REDIRECT,
        }
        url = f"{self.address}/connect/token"
        answer = requests.post(url, data=form, auth=(CLIENT, SECRET), timeout=60)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def count(
        self, path: str, headers: dict[str, str], parameters: dict[str, str]
    ) -> int:
        """How many records a list has, as its pagination says."""
        answer = requests.get(
            f"{self.address}/api.xro/2.0/{path}",
            headers=headers,
            params=parameters | {"page": "1", "pageSize": "1"},
            timeout=60,
        )
        answer.raise_for_status()
        return answer.json()["pagination"]["itemCount"]

    def calls(self) -> dict[str, int]:
        """How often each list was asked for since the last time."""
        prefix = "/api.xro/2.0/"
        path = f"/requests?path={prefix}&listed=0"
        counted = self.control("GET", path)["by_path"]
        self.control("DELETE", "/requests")
        return {
            name.removeprefix(f"GET {prefix}"): count for name, count in counted.items()
        }


@contextlib.contextmanager
def running(*options: str) -> Iterator[Simulator]:
    """A simulator with these options, in a process of its own.

    :raises BenchmarkFailed: it did not start
    """
    command = [
        *(*ENDS_WITH_US, sys.executable, "-m", "infra.xero_simulator", "--port=0"),
        *(f"--client-id={CLIENT}", f"--client-secret={SECRET}"),
        *(f"--redirect-uri={REDIRECT}", *options),
    ]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        try:
            line = process.stdout.readline() if process.stdout else b""
            if not line:
                raise BenchmarkFailed("the simulator did not start")
            simulator = Simulator(json.loads(line)["simulator"])
            simulator.control("PUT", "/limits", json=_NO_LIMIT)
            yield simulator
        finally:
            process.terminate()
