"""Odoo over HTTP, with the session of a browser."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import requests

from infra.host.errors import HostError

UP_SECONDS = 120
TIMEOUT = 120


class OdooRefused(Exception):
    """Odoo answered a call with an error; its text is what a person would read."""


class OdooClient:
    """One user of one database."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self.url = url
        self.http = requests.Session()
        self._database = database
        self._login = login
        self._password = password

    def wait_until_up(self, check: Callable[[], None]) -> None:
        """Wait until the server answers.

        :param check: called meanwhile; raises when waiting is in vain
        :raises HostError: it does not answer in time
        """
        until = time.monotonic() + UP_SECONDS
        while time.monotonic() < until:
            check()
            try:
                if self.http.get(f"{self.url}/web/health", timeout=5).ok:
                    return
            except requests.RequestException:
                time.sleep(0.3)
        raise HostError("Odoo does not answer", self.url, "read its log")

    def log_in(self) -> int:
        """Open the session; the user's id.

        :raises OdooRefused: wrong login or password
        """
        answer = self._post(
            "/web/session/authenticate",
            {"db": self._database, "login": self._login, "password": self._password},
        )
        return answer["uid"]

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a model's method; for records, the first argument is their ids.

        :raises OdooRefused: with the message that Odoo shows
        """
        parameters = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", parameters)

    def read(self, model: str, record: int, fields: Sequence[str]) -> dict[str, Any]:
        """Fields of one record."""
        return self.call(model, "read", [record], fields)[0]

    def search_read(
        self, model: str, domain: list, fields: Sequence[str], **options: Any
    ) -> list[dict[str, Any]]:
        """Fields of the records that a domain finds."""
        return self.call(model, "search_read", domain, fields, **options)

    def reference(self, xml_id: str) -> int:
        """The id of the record that a module calls ``xml_id``."""
        module, _, name = xml_id.partition(".")
        domain = [("module", "=", module), ("name", "=", name)]
        return self.search_read("ir.model.data", domain, ["res_id"])[0]["res_id"]

    def _post(self, path: str, parameters: dict[str, Any]) -> Any:
        body = {"jsonrpc": "2.0", "method": "call", "params": parameters}
        answer = self.http.post(f"{self.url}{path}", json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        content = answer.json()
        if "error" in content:
            error = content["error"]
            data = error.get("data") or {}
            raise OdooRefused(data.get("message") or error.get("message"))
        return content.get("result")
