"""The deployer's command line: Odoo instances and their keys.

    python -m lambda_connector.cli instances create --name NAME --return-origin ORIGIN
    python -m lambda_connector.cli instances rotate INSTANCE [--grace-hours 24]
    python -m lambda_connector.cli instances list
    python -m lambda_connector.cli instances revoke INSTANCE

It works on the deployed table with the deployer's own AWS credentials and needs
TABLE_NAME (an output of the stack) in the environment. Keys are shown once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import boto3

from .logic.clock import SystemClock, iso
from .logic.instances import Instances, OriginInvalid
from .logic.model.instance import InstanceKey
from .logic.problems import Problem
from .storage.instances import DynamoInstances
from .storage.table import Table


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one JSON line for each thing done; 1 and a sentence where it cannot be."""
    options = _parser().parse_args(arguments)
    table_name = os.environ.get("TABLE_NAME", "")
    if not table_name:
        return _refuse("Set TABLE_NAME to the table of the deployed stack.")
    store = DynamoInstances(Table(boto3.client("dynamodb"), table_name))
    instances = Instances(store, SystemClock())
    try:
        for line in _COMMANDS[options.command](instances, options):
            print(json.dumps(line))
    except OriginInvalid as error:
        return _refuse(f"--return-origin {error}.")
    except Problem:
        return _refuse(f"There is no instance {options.instance}.")
    return 0


def _create(instances: Instances, options: argparse.Namespace) -> list[dict[str, Any]]:
    made, bearer = instances.create(options.name, options.return_origin)
    return [{"instance": made.id, "key": bearer}]


def _rotate(instances: Instances, options: argparse.Namespace) -> list[dict[str, Any]]:
    bearer = instances.rotate(options.instance, timedelta(hours=options.grace_hours))
    return [{"instance": options.instance, "key": bearer}]


def _revoke(instances: Instances, options: argparse.Namespace) -> list[dict[str, Any]]:
    instances.revoke(options.instance)
    return [{"instance": options.instance, "revoked": True}]


def _list(instances: Instances, options: argparse.Namespace) -> list[dict[str, Any]]:
    return [
        {
            "instance": one.id,
            "name": one.name,
            "return_origin": one.return_origin,
            "created_at": iso(one.created_at),
            "keys": [_key(key) for key in instances.store.keys(one.id)],
        }
        for one in instances.store.all()
    ]


def _key(key: InstanceKey) -> dict[str, str | None]:
    return {
        "sha256": key.digest[:12],
        "created_at": iso(key.created_at),
        "valid_until": key.valid_until and iso(key.valid_until),
        "last_used_at": key.last_used_at and iso(key.last_used_at),
    }


_COMMANDS = {"create": _create, "rotate": _rotate, "revoke": _revoke, "list": _list}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lambda_connector.cli")
    groups = parser.add_subparsers(required=True, metavar="instances")
    commands = groups.add_parser("instances").add_subparsers(
        required=True, dest="command"
    )
    create = commands.add_parser("create", help="register an Odoo and show its key")
    create.add_argument("--name", required=True)
    create.add_argument("--return-origin", required=True)
    rotate = commands.add_parser("rotate", help="a new key; the old ones end later")
    rotate.add_argument("instance")
    rotate.add_argument("--grace-hours", type=float, default=24.0)
    revoke = commands.add_parser("revoke", help="end every key of an instance now")
    revoke.add_argument("instance")
    commands.add_parser("list", help="instances, their keys and when they were used")
    return parser


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
