"""The files that pin what is installed, each with the list that it is made from."""

import re
from pathlib import Path

from infra.host.places import PROJECT
from infra.host.pythons import REQUIREMENTS

# What the deployed functions carry, with the versions of the environment that tests it.
TESTED = REQUIREMENTS["connector"]
FUNCTIONS = {
    name: PROJECT / f"lambda_connector/requirements/{name}.txt"
    for name in ("webhook", "worker", "api")
}
LOCKS = [*REQUIREMENTS.values(), *FUNCTIONS.values()]

_PIN = re.compile(r"^([\w.-]+)==([\w.+!-]+)((?:.*\\\n)*.*)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    """The version of each package that a file pins, by the package's plain name."""
    return {plain(name): version for name, version, _ in _PIN.findall(lock.read_text())}


def without_hash(lock: Path) -> list[str]:
    """The packages that a file pins without naming the hash of a file."""
    found = _PIN.findall(lock.read_text())
    return [name for name, _, rest in found if "--hash=sha256:" not in rest]


def plain(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
