"""The Python environments, built from wheels that the cache keeps."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.host.commands import run
from infra.host.errors import HostError
from infra.host.places import PROJECT, cache_folder, require_space
from infra.host.steps import Steps, fingerprint

REQUIREMENTS = {
    "connector": PROJECT / "requirements.txt",
    "odoo": PROJECT / "infra/host/requirements-odoo.txt",
    "sam": PROJECT / "infra/host/requirements-sam.txt",
    "bench": PROJECT / "infra/host/requirements-bench.txt",
}


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
        f"Python environment {name}",
        target,
        inputs,
        lambda to: _install(to, requirements),
    )
    return target / "bin" / "python"


def own_python(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The operator's interpreter for Odoo (``ODOO_PYTHON``)."""
    value = environment.get("ODOO_PYTHON")
    return Path(value) if value else None


def _install(target: Path, requirements: Path) -> None:
    require_space(target, 1.5)
    run([sys.executable, "-m", "venv", target], what="No Python environment")
    pip = [target / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
    wheels = _wheels(pip, requirements)
    run(
        [*pip, "install", "--no-index", "--find-links", wheels, "-r", requirements],
        what=f"Python packages of {requirements.name} cannot be installed",
        way_out=f"remove {wheels} and try again",
    )


def _wheels(pip: list[str | Path], requirements: Path) -> Path:
    key = fingerprint([requirements.read_text(), sys.version, os.uname().machine])
    folder = cache_folder() / "wheels" / f"{requirements.stem}-{key[:16]}"
    if folder.exists():
        return folder
    require_space(folder, 1)
    partial = folder.with_suffix(f".{os.getpid()}")
    run(
        # Some have no wheel; built apart, they need nothing of this environment.
        [*pip, "wheel", "--use-pep517", "--wheel-dir", partial, "-r", requirements],
        what=f"Python packages of {requirements.name} cannot be fetched",
        way_out="check the network and pip's settings (pip config list)",
    )
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return folder
