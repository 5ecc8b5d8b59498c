"""Odoo instances and their keys: who may ask, and for whom."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from .clock import Clock
from .model.instance import Instance, InstanceKey
from .ports import InstanceStore
from .problems import Problem

_KEY = re.compile(r"xo_([0-9a-f]{12})_[0-9A-Za-z_-]{43}")
_LAST_USE_GRAIN = timedelta(hours=1)


class OriginInvalid(ValueError):
    """The return origin is not an http(s) origin without path."""


@dataclass(frozen=True)
class Instances:
    store: InstanceStore
    clock: Clock

    def authenticate(self, bearer: str) -> str:
        """The instance of this key, or a Problem. Its last use is noted by the hour,
        so that a busy instance does not write with each request."""
        matched = _KEY.fullmatch(bearer)
        key = matched and self.store.key(matched[1], _digest(bearer))
        now = self.clock.now()
        if not key or not key.is_valid(now):
            raise Problem("instance_key_invalid")
        if not key.last_used_at or now - key.last_used_at >= _LAST_USE_GRAIN:
            self.store.touch_key(key, now)
        return key.instance

    def get(self, instance: str) -> Instance:
        found = self.store.get(instance)
        if not found:
            raise Problem("not_found")
        return found

    def create(self, name: str, return_origin: str) -> tuple[Instance, str]:
        """A new instance and its first key, which is never seen again."""
        now = self.clock.now()
        origin, hook = origin_of(return_origin), secrets.token_hex(16)
        made = Instance(secrets.token_hex(6), name, origin, hook, now)
        bearer, key = self._new_key(made.id)
        self.store.create(made, key)
        return made, bearer

    def move(self, instance: str, return_origin: str) -> Instance:
        """The same Odoo at another address: keys and connections stay."""
        moved = replace(self.get(instance), return_origin=origin_of(return_origin))
        self.store.save(moved)
        return moved

    def rotate(self, instance: str, grace: timedelta) -> str:
        """A second key; those before it end after the grace."""
        self.get(instance)
        before = self.store.keys(instance)
        bearer, key = self._new_key(instance)
        self.store.save_key(key)
        self._end(before, grace)
        return bearer

    def revoke(self, instance: str) -> None:
        """End every key of the instance at once."""
        self.get(instance)
        self._end(self.store.keys(instance), timedelta(0))

    def _new_key(self, instance: str) -> tuple[str, InstanceKey]:
        bearer = f"xo_{instance}_{secrets.token_urlsafe(32)}"
        return bearer, InstanceKey(instance, _digest(bearer), self.clock.now())

    def _end(self, keys: list[InstanceKey], grace: timedelta) -> None:
        end = self.clock.now() + grace
        for key in keys:
            if key.valid_until is None or key.valid_until > end:
                self.store.save_key(replace(key, valid_until=end))


def _digest(bearer: str) -> str:
    return hashlib.sha256(bearer.encode()).hexdigest()


def origin_of(text: str) -> str:
    """The origin as it is kept. Raises OriginInvalid."""
    parts = urlsplit(text.strip().rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise OriginInvalid("must begin with http:// or https:// and name a host")
    if parts.path or parts.query or parts.fragment or parts.username:
        raise OriginInvalid("must be an origin alone, such as https://crm.example.com")
    return f"{parts.scheme}://{parts.netloc.lower()}"
