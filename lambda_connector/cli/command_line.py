"""Commands by group. Each prints one JSON line for each thing done, or refuses."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from . import (
    connections,
    dead_letters,
    feeds,
    first_steps,
    instances,
    status,
    syncs,
)
from .deployment import deployment_of
from .refusals import Refused

GROUPS = (
    first_steps,
    status,
    instances,
    connections,
    syncs,
    feeds,
    dead_letters,
)
"""Modules with `add_commands(groups)`. A command's `run(deployment, options)` gives
what is printed, line by line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 and a sentence on standard error where it cannot be done."""
    options = parser().parse_args(arguments)
    try:
        for line in options.run(deployment_of(options), options):
            print(json.dumps(line), flush=True)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS does not do it: {error}", file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    made = argparse.ArgumentParser(
        prog="python -m lambda_connector.cli",
        description="Works on the deployed connector with your own AWS credentials.",
    )
    made.add_argument(
        "--stack", help="the deployed stack; else TABLE_NAME and so on are read"
    )
    groups = made.add_subparsers(required=True, metavar="command")
    for group in GROUPS:
        group.add_commands(groups)
    return made
