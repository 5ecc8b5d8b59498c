"""PostgreSQL's programs: the machine's, or Debian's packages unpacked."""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.host import apt
from infra.host.commands import run
from infra.host.packages import packages
from infra.host.steps import Steps

OLDEST = 13


@dataclass(frozen=True)
class Programs:
    """The folder of PostgreSQL's programs and what they need to start."""

    folder: Path
    environment: Mapping[str, str]


def machine_programs(environment: Mapping[str, str] = os.environ) -> Programs | None:
    """The newest PostgreSQL on this machine that is new enough."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    found = {_version(folder): folder for folder in folders}
    on_path = shutil.which("initdb", path=environment.get("PATH"))
    if on_path:
        folder = Path(on_path).resolve().parent
        found[_version(folder)] = folder
    found = {v: f for v, f in found.items() if v >= OLDEST}
    return Programs(found[max(found)], {}) if found else None


def _version(folder: Path) -> int:
    """The major version of the PostgreSQL in ``folder``; 0 where there is no server."""
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
        return 0
    text = run([folder / "postgres", "--version"], what="PostgreSQL does not start")
    found = re.search(r"(\d+)", text)
    return int(found[1]) if found else 0


def prepare_programs(folder: Path, steps: Steps) -> Programs:
    """PostgreSQL's programs: the machine's, or its packages unpacked."""
    programs = machine_programs()
    if programs:
        return programs
    root = folder / "postgresql"
    steps.build("PostgreSQL", root, ["postgresql", str(root)], _unpack)
    return unpacked_programs(root)


def unpacked_programs(root: Path) -> Programs:
    """The programs below the folder that the packages were unpacked into."""
    folder = next((root / "usr/lib/postgresql").glob("*/bin"))
    return Programs(folder, {"LD_LIBRARY_PATH": apt.library_path(root)})


def _unpack(root: Path) -> None:
    name = f"postgresql-{apt.this_machine().codename}"
    apt.unpack(packages(name, _fetch, gigabytes=1), root)


def _fetch(target: Path, work: Path) -> None:
    private = apt.private_apt(work)
    private.update()
    private.download(private.missing(["postgresql"]), target)
