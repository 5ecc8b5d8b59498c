"""``make lock``: pin what the ``.in`` files choose and all that it brings, with hashes.

What is pinned already keeps its version. ``UPGRADE=all`` takes the newest of
everything, ``UPGRADE=requests,moto`` of what it names.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infra.dependencies.locks import FUNCTIONS, LOCKS, TESTED
from infra.host.commands import run
from infra.host.errors import HostError
from infra.host.host import extra_python
from infra.host.places import PROJECT
from infra.host.python_version import SUPPORTED

# Every runtime and processor that the template offers must find a wheel of everything.
RUNTIMES = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = ("manylinux2014_x86_64", "manylinux2014_aarch64")


def main() -> int:
    """Renew every lock.

    :return: 0, or 2 when something can't be locked or has no wheel for a function
    """
    try:
        python = extra_python("audit")
        environment = {**_index(python), "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
        for lock in LOCKS:
            print(f"lock: {lock.relative_to(PROJECT)} …", flush=True)
            run(
                [python.with_name("uv"), *_compile(lock)],
                what=f"{lock.name} cannot be locked",
                cwd=PROJECT,
                env=environment,
            )
        require_wheels(python)
    except HostError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _compile(lock: Path) -> Iterator[str]:
    yield from ("pip", "compile", "--quiet", "--generate-hashes")
    yield f"--python-version={'.'.join(map(str, SUPPORTED))}"
    if lock in FUNCTIONS.values():
        # Good for every later Python too, and with the versions that were tested.
        yield from ("--universal", "--constraint", str(TESTED.relative_to(PROJECT)))
    yield from _upgrades(os.environ.get("UPGRADE", ""))
    yield f"--output-file={lock.relative_to(PROJECT)}"
    yield str(lock.with_suffix(".in").relative_to(PROJECT))


def _upgrades(wanted: str) -> Iterator[str]:
    if wanted == "all":
        yield "--upgrade"
        return
    for name in filter(None, wanted.split(",")):
        yield f"--upgrade-package={name}"


def _index(python: Path) -> dict[str, str]:
    """The index and the certificates of pip's own settings, as uv wants them."""
    settings = {
        "UV_DEFAULT_INDEX": _setting(python, "index-url"),
        "SSL_CERT_FILE": _setting(python, "cert"),
    }
    return {name: value for name, value in settings.items() if value}


def _setting(python: Path, name: str) -> str:
    """A setting of pip: of the environment, else of its files; empty where none is."""
    for place in (":env:", "install", "global"):
        command = [python, "-m", "pip", "config", "get", f"{place}.{name}"]
        found = subprocess.run(command, capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.strip()
    return ""


def require_wheels(python: Path) -> None:
    """Fetch what the functions carry for each runtime and processor.

    :raises HostError: a package has no wheel for one of them
    """
    for runtime in RUNTIMES:
        for platform in PLATFORMS:
            print(f"lock: wheels for Python {runtime}, {platform} …", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                run(
                    [
                        *(python, "-m", "pip", "download", "--quiet", "--no-deps"),
                        *("--require-hashes", "--only-binary=:all:", "--dest", folder),
                        *("--implementation", "cp", "--python-version", runtime),
                        *("--platform", platform, "--requirement", FUNCTIONS["api"]),
                    ],
                    what=f"A function cannot be built for {runtime}, {platform}",
                    way_out="choose another version of the package in its .in file",
                )


if __name__ == "__main__":
    sys.exit(main())
