"""Whether the deployed connector works. Makes nothing that stays.

status
"""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Iterator
from typing import Any

from ..logic.clock import SystemClock
from .checks import FAILED, OK, Check, told
from .deployment import Deployment
from .inside import Inside
from .outside import Outside

WAIT_SECONDS = 90.0
"""The janitor's minute, and a cold start."""


def add_commands(groups: Any) -> None:
    status = groups.add_parser("status", help="check the whole way, make nothing")
    status.set_defaults(run=_status)
    may_wait(status)


def may_wait(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait-seconds",
        type=float,
        default=WAIT_SECONDS,
        help="how long functions may take to answer",
    )


def known_key() -> str | None:
    """Not an argument: those stand in the shell's history and the list of processes."""
    return os.environ.get("INSTANCE_KEY")


def whole_way(
    deployment: Deployment, key: str | None, hook: str, wait: float
) -> Iterator[Check]:
    inside = Inside(deployment, SystemClock(), wait)
    inside.send()
    yield from _stack(deployment.outputs.stack_status)
    outside = Outside(deployment, key, hook)
    yield from outside.checks()
    yield from inside.checks(outside.build)


def _stack(status: str) -> Iterator[Check]:
    """Not where the deployment is known by the environment alone."""
    found = f"CloudFormation says {status}."
    if "ROLLBACK" in status or "FAILED" in status:
        do = "The last change was not made: read the stack's events, deploy again."
        yield Check("stack", FAILED, found, do)
    elif "IN_PROGRESS" in status:
        yield Check("stack", FAILED, found, "Wait until it is complete.")
    elif status:
        yield Check("stack", OK, found)


def _status(
    deployment: Deployment, options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    """Any end of a webhooks' address does: what is not signed is refused at each."""
    hook = secrets.token_hex(16)
    return told(whole_way(deployment, known_key(), hook, options.wait_seconds))
