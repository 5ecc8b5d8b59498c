"""The connector as Odoo and Xero see it: its public address."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import http
from .checks import FAILED, NOT_CHECKED, OK, Check
from .deployment import Deployment

_LOCAL = ("localhost", "127.0.0.1")


@dataclass
class Outside:
    """`key`: an instance key, None where none is known here; `hook`: the end of an
    address for webhooks. `build` is what ApiFunction runs, once that was seen."""

    deployment: Deployment
    key: str | None
    hook: str
    build: str | None = None

    def checks(self) -> Iterator[Check]:
        yield self._address()
        yield self._wrong_key()
        yield self._key()
        yield self._webhook_address()

    def _address(self) -> Check:
        address = self.deployment.address
        parts = urlsplit(address)
        if parts.scheme == "https" or parts.hostname in _LOCAL:
            return Check("address", OK, f"It is {address}.")
        found = f"{address} is not https: keys would travel readable."
        return Check("address", FAILED, found, "Deploy with a PublicUrl of https.")

    def _wrong_key(self) -> Check:
        """A key of the right form, so that the function has to ask its table."""
        name = "wrong key refused"
        wrong = f"xo_{secrets.token_hex(6)}_{secrets.token_urlsafe(32)}"
        try:
            reply = self._get_app(wrong)
        except http.Unreachable as error:
            return self._unreachable(name, error)
        if reply.status == 200:
            do = "Take the deployment off the internet, and tell its makers."
            return Check(name, FAILED, "A made-up key was accepted.", do)
        if reply.json.get("code") == "instance_key_invalid":
            return Check(name, OK, "The API answers, and refuses a made-up key.")
        return self._not_ours(name, reply, "api")

    def _key(self) -> Check:
        name = "key accepted"
        if not self.key:
            found = "No key is known here: the connector keeps a hash alone."
            do = "Give the key in the variable INSTANCE_KEY to have it tried."
            return Check(name, NOT_CHECKED, found, do)
        try:
            reply = self._get_app(self.key)
        except http.Unreachable as error:
            return self._unreachable(name, error)
        if reply.json.get("code") == "instance_key_invalid":
            do = "`instances rotate INSTANCE` makes another one, to be entered in Odoo."
            return Check(name, FAILED, "The key is refused.", do)
        if reply.status != 200 or "build" not in reply.json:
            return self._not_ours(name, reply, "api")
        self.build = reply.json["build"]
        return self._told_of(reply.json["redirect_uri"])

    def _told_of(self, redirect: str) -> Check:
        """The API tells people which address to register at Xero: it has to be ours."""
        name, wanted = "key accepted", self.deployment.redirect_address
        if redirect == wanted:
            return Check(name, OK, "The API accepts the key.")
        found = f"The API tells of {redirect}, and {wanted} was asked."
        do = "Deploy with the PublicUrl under which Odoo and Xero reach it."
        return Check(name, FAILED, found, do)

    def _webhook_address(self) -> Check:
        name, url = "webhook address", self.deployment.webhook_address(self.hook)
        try:
            reply = http.ask("POST", url, {"x-xero-signature": "none"})
        except http.Unreachable as error:
            return self._unreachable(name, error)
        if reply.status == 401 and not reply.body:
            return Check(name, OK, "It answers, and refuses what Xero did not sign.")
        return self._not_ours(name, reply, "webhook")

    def _get_app(self, key: str) -> http.Reply:
        url = f"{self.deployment.address}/v1/app"
        return http.ask("GET", url, {"Authorization": f"Bearer {key}"})

    def _unreachable(self, name: str, error: Exception) -> Check:
        found = f"Nothing answers at {self.deployment.address}: {error}"
        do = (
            "Check this machine's way to the internet and, with a domain of your own, "
            "its DNS record, certificate and API mapping."
        )
        return Check(name, FAILED, found, do)

    def _not_ours(self, name: str, reply: http.Reply, function: str) -> Check:
        if reply.status == 429:
            found = "The gateway throttles: status 429."
            do = "Try again; if it stays, raise the limit (docs/deploying.md)."
        elif reply.status >= 500:
            found = f"The function fails: status {reply.status}."
            do = f"Read its log, {self.deployment.log_group(function)}."
        else:
            found = f"Something else answers there: status {reply.status}."
            do = "Check that PublicUrl, or the API mapping, leads to this stack's API."
        return Check(name, FAILED, found, do)
