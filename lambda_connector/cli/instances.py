"""Odoo instances and their keys. Keys are shown once.

instances create --name NAME --return-origin ORIGIN
instances rotate INSTANCE [--grace-hours 24]
instances list
instances revoke INSTANCE
instances move INSTANCE --return-origin ORIGIN
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from ..logic.clock import SystemClock, iso
from ..logic.instances import Instances, OriginInvalid
from ..logic.model.instance import InstanceKey
from ..logic.problems import Problem
from ..storage.instances import DynamoInstances
from .connector import commands_of
from .deployment import Deployment
from .refusals import Refused

Lines = Iterable[dict[str, Any]]


def add_commands(groups: Any) -> None:
    command = commands_of(groups, "instances", "Odoo instances and their keys")
    create = command("create", _create, "register an Odoo and show its key")
    create.add_argument("--name", required=True)
    create.add_argument("--return-origin", required=True)
    rotate = command("rotate", _rotate, "a new key; the old ones end later")
    rotate.add_argument("instance")
    rotate.add_argument("--grace-hours", type=float, default=24.0)
    revoke = command("revoke", _revoke, "end every key of an instance now")
    revoke.add_argument("instance")
    move = command("move", _move, "the same Odoo has another address now")
    move.add_argument("instance")
    move.add_argument("--return-origin", required=True)
    command("list", _list, "instances, their keys and when they were used")


def instances_of(deployment: Deployment) -> Instances:
    return Instances(DynamoInstances(deployment.table), SystemClock())


def _create(deployment: Deployment, options: argparse.Namespace) -> Lines:
    instances = instances_of(deployment)
    try:
        made, bearer = instances.create(options.name, options.return_origin)
    except OriginInvalid as error:
        raise Refused(f"--return-origin {error}.") from None
    yield {"instance": made.id, "key": bearer}


def _rotate(deployment: Deployment, options: argparse.Namespace) -> Lines:
    grace = timedelta(hours=options.grace_hours)
    try:
        bearer = instances_of(deployment).rotate(options.instance, grace)
    except Problem:
        raise _unknown(options.instance) from None
    yield {"instance": options.instance, "key": bearer}


def _revoke(deployment: Deployment, options: argparse.Namespace) -> Lines:
    try:
        instances_of(deployment).revoke(options.instance)
    except Problem:
        raise _unknown(options.instance) from None
    yield {"instance": options.instance, "revoked": True}


def _move(deployment: Deployment, options: argparse.Namespace) -> Lines:
    try:
        moved = instances_of(deployment).move(options.instance, options.return_origin)
    except OriginInvalid as error:
        raise Refused(f"--return-origin {error}.") from None
    except Problem:
        raise _unknown(options.instance) from None
    yield {"instance": moved.id, "return_origin": moved.return_origin}


def _unknown(instance: str) -> Refused:
    return Refused(f"There is no instance {instance}.")


def _list(deployment: Deployment, _options: argparse.Namespace) -> Lines:
    instances = instances_of(deployment)
    for one in instances.store.all():
        yield {
            "instance": one.id,
            "name": one.name,
            "return_origin": one.return_origin,
            "created_at": iso(one.created_at),
            "keys": [_key(key) for key in instances.store.keys(one.id)],
        }


def _key(key: InstanceKey) -> dict[str, str | None]:
    return {
        "sha256": key.digest[:12],
        "created_at": iso(key.created_at),
        "valid_until": key.valid_until and iso(key.valid_until),
        "last_used_at": key.last_used_at and iso(key.last_used_at),
    }
