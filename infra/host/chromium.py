"""Chromium: the machine's, or Debian's package unpacked.

What the rest uses is ``bin/chromium`` in the host folder, which Odoo's own browser
tests find on ``PATH``.
"""

import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from infra.host import apt
from infra.host.commands import run
from infra.host.errors import HostError
from infra.host.packages import packages
from infra.host.steps import Steps

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
# Without any font Chromium stops with an assertion.
PACKAGES = ("chromium", "fonts-liberation")
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{root}/usr/share/fonts</dir>
  <cachedir>{root}/fontcache</cachedir>
</fontconfig>
"""
WRAPPER = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}"
export FONTCONFIG_FILE="{root}/fonts.conf"
exec "{root}/usr/lib/chromium/chromium" "$@"
"""


def own_chromium(
    environment: Mapping[str, str] = os.environ, ours: Path | None = None
) -> Path | None:
    """The browser of the operator (``CHROMIUM``) or of the machine.

    :param ours: a folder on ``PATH`` that is not the machine's but this project's
    :raises HostError: ``CHROMIUM`` names nothing that can be run
    """
    chosen = environment.get("CHROMIUM")
    if chosen and not os.access(chosen, os.X_OK):
        raise HostError(
            "CHROMIUM is no program", chosen, "set it to the path of a Chromium"
        )
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(each for each in folders if Path(each) != ours)
    for name in (chosen,) if chosen else NAMES:
        found = shutil.which(name, path=path)
        # Ubuntu's snap sees none of the folders that the tests use.
        if found and "/snap/" not in str(Path(found).resolve()):
            return Path(found)
    return None


def prepare_chromium(folder: Path, steps: Steps) -> Path:
    """A browser that can be started, as ``bin/chromium`` of the host folder."""
    link = folder / "bin" / "chromium"
    program = own_chromium(ours=link.parent)
    if program is None:
        root = folder / "chromium"
        steps.build("Chromium", root, [PACKAGES, str(root)], _unpack)
        program = root / "chromium"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(program)
    return link


def _unpack(root: Path) -> None:
    machine = apt.this_machine()
    name = f"chromium-{machine.codename}"
    files = packages(name, lambda to, work: _fetch(to, work, machine), gigabytes=1)
    apt.unpack(files, root)
    (root / "fonts.conf").write_text(FONTS.format(root=root))
    wrapper = root / "chromium"
    wrapper.write_text(WRAPPER.format(root=root, libraries=apt.library_path(root)))
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    run([wrapper, "--version"], what="Chromium does not start")


def _fetch(target: Path, work: Path, machine: apt.Machine) -> None:
    if machine.is_debian:
        source = apt.private_apt(work)
        source.update()
    else:
        # Ubuntu has it as a snap only, which sees none of the tests' folders.
        source = apt.debian_apt(work, [apt.OLDER_SUITE])
    source.download(source.missing(PACKAGES), target)
