"""The Python environments, built from wheels that the cache keeps.

What comes from an index must have one of the hashes that the requirements name. A
package that is published as source alone is built with tools that were checked in the
same way; the sum of what was built, and of all else in the cache, is kept beside it.
"""

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from infra.host.commands import run
from infra.host.errors import HostError
from infra.host.packages import sha256
from infra.host.places import PROJECT, cache_folder, require_space
from infra.host.steps import Steps, fingerprint

REQUIREMENTS = {
    "connector": PROJECT / "requirements.txt",
    "odoo": PROJECT / "infra/host/requirements-odoo.txt",
    "sam": PROJECT / "infra/host/requirements-sam.txt",
    "bench": PROJECT / "infra/host/requirements-bench.txt",
    "build": PROJECT / "infra/host/requirements-build.txt",
    "audit": PROJECT / "infra/host/requirements-audit.txt",
    "checkov": PROJECT / "infra/host/requirements-checkov.txt",
}
# Beside the wheels in the cache: what they were when they were put there.
SUMS = "sums.txt"


def require_venv() -> None:
    """Check that this Python can make environments.

    :raises HostError: a part of it is not installed
    """
    if not importlib.util.find_spec("ensurepip"):
        raise HostError(
            "Python cannot make environments",
            "its module ensurepip is not installed",
            "apt-get install python3.11-venv",
        )


def prepare_environment(name: str, folder: Path, steps: Steps) -> Path:
    """The interpreter of environment ``name`` (a key of ``REQUIREMENTS``)."""
    requirements = REQUIREMENTS[name]
    target = folder / "python" / name
    # A checkout that was moved needs new environments: their scripts name the folder.
    inputs = [requirements.read_text(), sys.version, str(target)]
    steps.build(
        f"Python packages {name}",
        target,
        inputs,
        lambda to: _install(to, name, folder, steps),
    )
    return target / "bin" / "python"


def own_python(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The operator's interpreter for Odoo (``ODOO_PYTHON``)."""
    value = environment.get("ODOO_PYTHON")
    return Path(value) if value else None


def _install(target: Path, name: str, folder: Path, steps: Steps) -> None:
    require_space(target, 1.5)
    run([sys.executable, "-m", "venv", target], what="No Python environment")
    wheels = _cached_wheels(REQUIREMENTS[name])
    if not wheels.exists():
        builder = _pip(target if name == "build" else _builder(folder, steps))
        _fetch(builder, REQUIREMENTS[name], wheels)
    run(
        [
            *(*_pip(target), "install", "--no-index", "--no-deps", "--require-hashes"),
            *("--find-links", wheels, "--requirement", wheels / SUMS),
        ],
        what=f"Python packages of {name} cannot be installed",
        way_out=f"remove {wheels} and try again",
    )


def _builder(folder: Path, steps: Steps) -> Path:
    """The environment that can build the wheel of a package without one."""
    return prepare_environment("build", folder, steps).parents[1]


def _pip(environment: Path) -> list[str | Path]:
    python = environment / "bin" / "python"
    return [python, "-m", "pip", "--disable-pip-version-check"]


def _cached_wheels(requirements: Path) -> Path:
    key = fingerprint([requirements.read_text(), sys.version, os.uname().machine])
    return cache_folder() / "wheels" / f"{requirements.stem}-{key[:16]}"


def _fetch(pip: list[str | Path], requirements: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    require_space(folder, 1)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        wheels = Path(work) / "wheels"
        # A lock is complete; pip would ask again for what it pins without extras. And
        # pip fetches what a build asks for without any hash, so it must be there.
        careful = ("--require-hashes", "--no-deps", "--no-build-isolation")
        run(
            [
                *(*pip, "wheel", *careful, "--use-pep517"),
                *("--wheel-dir", wheels, "--requirement", requirements),
            ],
            what=f"Python packages of {requirements.name} cannot be fetched",
            way_out="check the network and pip's settings (pip config list)",
        )
        (wheels / SUMS).write_text(sums(wheels))
        shutil.rmtree(folder, ignore_errors=True)
        wheels.rename(folder)


def sums(wheels: Path) -> str:
    """A requirement for each wheel in a folder, with the hash that it has there."""
    lines = []
    for wheel in sorted(wheels.glob("*.whl")):
        name, version, *_tags = wheel.name.split("-")
        lines.append(f"{name}=={version} --hash=sha256:{sha256(wheel)}\n")
    return "".join(lines)
