"""Odoo 19: the operator's own, or Debian's package unpacked.

Debian's package is only unpacked: its dependencies are those of Debian's unstable, and
we bring them as Python wheels. Some of its files are links to other packages', which
are laid into the same folder.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.host import apt
from infra.host.errors import HostError
from infra.host.packages import packages
from infra.host.steps import Steps

TESTED = Path(__file__).with_name("tested_odoo.json")
SUITE = "sid"
FROM_SUITE = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
# Newer ones lack the files that Odoo's links point to.
FROM_OLDER_SUITE = ("fonts-font-awesome", "fonts-inconsolata")
DIST_PACKAGES = "usr/lib/python3/dist-packages"
# Debian leaves this minified file out, and without it every page logs an error, which
# Odoo's tours take for a failure.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class Release:
    """A version of Debian's package, and the SHA-256 of its file."""

    version: str
    sha256: str


def tested_release() -> Release:
    """The Odoo that this project was tested with."""
    return Release(**json.loads(TESTED.read_text()))


def choose_release(stanzas: list[dict[str, str]]) -> Release:
    """The first 19.0 that the index offers.

    :raises HostError: the index has no Odoo 19.0
    """
    for stanza in stanzas:
        if re.match(r"(\d+:)?19\.0", stanza.get("Version", "")):
            return Release(stanza["Version"], stanza["SHA256"])
    raise _gone("it offers no version 19.0")


def _gone(why: str) -> HostError:
    return HostError(
        "odoo-19 is not on the Debian mirror",
        why,
        "set ODOO_HOME to an Odoo 19 source checkout, or DEBIAN_MIRROR to an archive"
        " that still has it",
    )


def own_odoo(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of the operator's own Odoo (``ODOO_HOME``), checked to be a 19.0.

    :raises HostError: there is no Odoo, or another version
    """
    if not environment.get("ODOO_HOME"):
        return None
    home = Path(environment["ODOO_HOME"]).resolve()
    release = home / "odoo" / "release.py"
    if not release.exists():
        raise HostError(
            "ODOO_HOME is not an Odoo",
            f"{release} is not there",
            "set it to the folder that holds odoo/ (a checkout or dist-packages)",
        )
    if not re.search(r"^version_info = \(19, 0,", release.read_text(), re.MULTILINE):
        raise HostError(
            "ODOO_HOME is not Odoo 19.0",
            f"{release} names another version",
            "point it at branch 19.0",
        )
    return home


def prepare_odoo(folder: Path, steps: Steps) -> Path:
    """The folder to put on ``PYTHONPATH`` for ``python -m odoo``."""
    own = own_odoo()
    if own:
        return own
    name = f"odoo-19-{SUITE}"
    target = folder / "odoo"
    inputs = [name, FROM_SUITE, FROM_OLDER_SUITE, TESTED.read_text()]
    steps.build("Odoo 19", target, inputs, lambda to: _unpack(to, name, steps.say))
    return target / DIST_PACKAGES


def _unpack(target: Path, name: str, say: Callable[[str], None]) -> None:
    files = packages(name, _fetch, gigabytes=1)
    odoo = json.loads((files[0].parent / "release.json").read_text())
    tested = tested_release()
    if Release(**odoo) != tested:
        say(f"host: Odoo {odoo['version']} is used; tested was {tested.version}")
    apt.unpack(files, target)
    stub = target / DIST_PACKAGES / LEFT_OUT
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.write_text("// Left out by Debian; no part of the CRM uses it.\n")


def _fetch(target: Path, work: Path) -> None:
    debian = apt.debian_apt(work, [SUITE, apt.OLDER_SUITE])
    try:
        release = choose_release(debian.describe("odoo-19"))
    except HostError as missing:
        raise _gone(str(missing)) from None
    wanted = [f"odoo-19={release.version}"]
    wanted += [f"{name}/{SUITE}" for name in FROM_SUITE]
    wanted += [f"{name}/{apt.OLDER_SUITE}" for name in FROM_OLDER_SUITE]
    debian.download(wanted, target)
    (target / "release.json").write_text(json.dumps(vars(release)))
