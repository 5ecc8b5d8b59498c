"""After the first deployment: Odoo's key, what to enter where, whether it works.

first-steps --name NAME --return-origin ORIGIN
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from ..logic.instances import Instances, OriginInvalid, origin_of
from ..logic.model.instance import Instance
from .checks import told
from .deployment import Deployment
from .instances import instances_of
from .refusals import Refused
from .status import known_key, may_wait, whole_way


def add_commands(groups: Any) -> None:
    first = groups.add_parser(
        "first-steps", help="make an Odoo's key, say what to enter where, check it all"
    )
    first.set_defaults(run=_first_steps)
    first.add_argument("--name", required=True, help="what you call this Odoo")
    first.add_argument(
        "--return-origin",
        required=True,
        help="Odoo's address without path, such as https://crm.example.com",
    )
    may_wait(first)


def _first_steps(
    deployment: Deployment, options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    instances = instances_of(deployment)
    held = _registered(instances, options.name, options.return_origin)
    if held:
        instance, key = held, known_key()
    else:
        instance, key = instances.create(options.name, options.return_origin)
    yield _about(instance, is_new=not held)
    yield {
        "enter_in_odoo": "Settings > Xero",
        "connector_address": deployment.address,
        "instance_key": "as it was shown when it was made" if held else key,
    }
    yield {
        "register_at_xero": "https://developer.xero.com/app/manage",
        "redirect_address": deployment.redirect_address,
        "webhook_address": deployment.webhook_address(instance.hook),
    }
    wait = options.wait_seconds
    yield from told(whole_way(deployment, key, instance.hook, wait))


def _registered(instances: Instances, name: str, origin: str) -> Instance | None:
    """The instance of this name and origin. Raises Refused where it can be none."""
    try:
        wanted = name, origin_of(origin)
    except OriginInvalid as error:
        raise Refused(f"--return-origin {error}.") from None
    known = instances.store.all()
    return next((one for one in known if (one.name, one.return_origin) == wanted), None)


def _about(instance: Instance, is_new: bool) -> dict[str, Any]:
    told = {"instance": instance.id, "made": is_new}
    if is_new:
        return told | {"note": "The key below is shown this once: it is kept nowhere."}
    return told | {
        "note": "This Odoo is registered already. Its key is not shown again; "
        f"`instances rotate {instance.id}` makes another one."
    }
