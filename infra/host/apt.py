"""Debian packages without installing them: a private apt, and ``dpkg -x``.

Nothing of the machine's own apt or dpkg is changed: lists, caches and source list lie
in a folder of ours. apt checks the signatures and the sums of all that it downloads.
"""

import os
import platform
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from infra.host.commands import run
from infra.host.errors import HostError

DEBIAN_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# The oldest Debian that is of use here: what it has runs on all later systems.
OLDER_SUITE = "bookworm"


@dataclass(frozen=True)
class Machine:
    """The distribution that this machine runs."""

    distribution: str
    codename: str

    @property
    def is_debian(self) -> bool:
        return self.distribution == "debian"


def this_machine() -> Machine:
    """Who this machine is, after /etc/os-release.

    :raises HostError: it has no apt
    """
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise HostError(
            "No apt on this machine",
            "the set-up takes Odoo, PostgreSQL and Chromium from Debian packages",
            "run it on Debian or Ubuntu, or point ODOO_HOME, PGHOST and CHROMIUM at"
            " what you have",
        )
    release = platform.freedesktop_os_release()
    return Machine(release.get("ID", ""), release.get("VERSION_CODENAME", ""))


def private_apt(
    folder: Path, sources: Sequence[str] = (), status: Path | None = None
) -> "PrivateApt":
    """An apt that works in ``folder`` and leaves the machine alone.

    :param sources: lines of its source list; without any, the machine's own sources
    :param status: the dpkg status that it believes, instead of the machine's
    """
    for name in ("lists/partial", "cache/archives/partial", "log"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = {
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Dir::Log": folder / "log",
        "APT::Get::List-Cleanup": "false",
        "APT::Sandbox::User": "root",
        "Acquire::Retries": "3",
        "Acquire::Languages": "none",
        "Debug::NoLocking": "true",
    }
    if sources:
        (folder / "sources.list").write_text("".join(f"{s}\n" for s in sources))
        settings["Dir::Etc::SourceList"] = folder / "sources.list"
        settings["Dir::Etc::SourceParts"] = "/nonexistent"
    if status:
        status.touch()
        settings["Dir::State::status"] = status
    lines = [f'{key} "{value}";' for key, value in settings.items()]
    # Hooks of the machine (images that empty the machine's cache, for one) stay out.
    lines += ["#clear APT::Update::Post-Invoke;"]
    lines += ["#clear APT::Update::Post-Invoke-Success;"]
    (folder / "apt.conf").write_text("".join(f"{line}\n" for line in lines))
    return PrivateApt(folder)


class PrivateApt:
    """apt-get and apt-cache by a configuration of our own."""

    def __init__(self, folder: Path):
        self.folder = folder

    def _run(self, program: str, *arguments: str, what: str, **options) -> str:
        command = [program, "-c", self.folder / "apt.conf", *arguments]
        environment = {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
        return run(command, what=what, env=environment, **options)

    def update(self) -> None:
        self._run(
            "apt-get",
            "update",
            what="Package lists could not be read",
            way_out="check the network and the machine's apt sources",
        )

    def index_origins(self) -> list[tuple[str, str]]:
        """(address, origin) of every index that has been read."""
        form = "$(REPO_URI) $(ORIGIN)"
        text = self._run("apt-get", "indextargets", "--format", form, what="apt")
        return [(a, o) for a, _, o in (ln.partition(" ") for ln in text.splitlines())]

    def index_addresses(self) -> list[str]:
        """Addresses that an update would read; needs neither lists nor network."""
        text = self._run("apt-get", "update", "--print-uris", what="apt")
        return re.findall(r"^'([^']+)'", text, re.MULTILINE)

    def describe(self, package: str) -> list[dict[str, str]]:
        """What the index says about each version of a package, best first."""
        text = self._run("apt-cache", "show", package, what=f"{package} is not there")
        return parse_stanzas(text)

    def missing(self, packages: Sequence[str]) -> list[str]:
        """``name=version`` of the packages and of what they lack on this machine.

        Where the machine's own packages don't fit together, or it is another
        distribution, they are put together from nothing.
        """
        try:
            return self._put_together(packages)
        except HostError:
            nothing = self.folder / "no-packages"
            nothing.touch()
            return self._put_together(packages, "-o", f"Dir::State::status={nothing}")

    def _put_together(self, packages: Sequence[str], *options: str) -> list[str]:
        text = self._run(
            "apt-get",
            "install",
            "--print-uris",
            "--no-install-recommends",
            "--yes",
            *options,
            *packages,
            what=f"apt cannot put together {' '.join(packages)}",
        )
        return parse_uris(text)

    def download(self, packages: Sequence[str], target: Path) -> None:
        """Fetch the packages' files, checked by apt, into ``target``."""
        self._run(
            "apt-get",
            "download",
            *packages,
            what="Packages could not be downloaded",
            cwd=target,
        )


def parse_stanzas(text: str) -> list[dict[str, str]]:
    """The fields of each paragraph of an apt index."""
    fields = re.compile(r"^([A-Za-z0-9-]+): (.*)$", re.MULTILINE)
    return [dict(fields.findall(part)) for part in text.split("\n\n") if part.strip()]


def parse_uris(text: str) -> list[str]:
    """``name=version`` from what ``apt-get install --print-uris`` prints.

    Without the C library: it has to be the one that the machine's loader belongs to.
    """
    files = re.findall(r"^'[^']+' (\S+\.deb) \d+", text, re.MULTILINE)
    parts = [unquote(name).split("_") for name in files]
    return [f"{name}={version}" for name, version, *_ in parts if name != "libc6"]


def debian_mirrors(chosen: str, folder: Path) -> list[str]:
    """Addresses where Debian may be found, likeliest first.

    They come from ``DEBIAN_MIRROR`` or from what the machine's own apt uses.

    :param chosen: the value of ``DEBIAN_MIRROR``, or nothing
    :raises HostError: the machine's apt knows no Debian mirror
    """
    if chosen:
        return [chosen.rstrip("/")]
    machine = machine_apt(folder)
    found = mirrors_among(machine.index_origins(), machine.index_addresses())
    if not found:
        raise HostError(
            "No Debian mirror known",
            "odoo-19 is a Debian package and this machine's apt uses another archive",
            "set DEBIAN_MIRROR to the address of one",
        )
    return found


def machine_apt(folder: Path) -> PrivateApt:
    """The machine's own apt, to be asked, not to be changed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "apt.conf").write_text('Debug::NoLocking "true";\n')
    return PrivateApt(folder)


def mirrors_among(
    origins: Sequence[tuple[str, str]], addresses: Sequence[str]
) -> list[str]:
    """Debian's mirrors: what an index calls Debian, then what looks like one."""
    sure = [
        address.rstrip("/")
        for address, origin in origins
        if origin == "Debian" and "-security" not in address
    ]
    likely = [
        address.split("/dists/")[0]
        for address in addresses
        if "/debian/dists/" in address
    ]
    return list(dict.fromkeys([*sure, *likely]))


def debian_apt(folder: Path, suites: Sequence[str]) -> PrivateApt:
    """An apt that has read Debian's lists of ``suites``, held to Debian's signature.

    On another distribution it believes that nothing is installed: what fits together
    there is not what fits together here.

    :raises HostError: there is no mirror, no key, or no answer
    """
    if not DEBIAN_KEYS.exists():
        raise HostError(
            "Debian's signing keys are missing",
            f"{DEBIAN_KEYS} is not there",
            "apt-get install debian-archive-keyring",
        )
    status = None
    if not this_machine().is_debian:
        status = folder / "no-packages"
    mirrors = debian_mirrors(os.environ.get("DEBIAN_MIRROR", ""), folder / "machine")
    for mirror in mirrors:
        line = f"deb [signed-by={DEBIAN_KEYS}] {mirror} {{}} main"
        sources = [line.format(suite) for suite in suites]
        debian = private_apt(folder / "debian", sources, status)
        try:
            debian.update()
            return debian
        except HostError as error:
            refused = error
    raise refused


def unpack(packages: Sequence[Path], target: Path) -> None:
    """Lay the files of packages into ``target``; none of their scripts run."""
    for package in packages:
        run(["dpkg", "-x", package, target], what=f"{package.name} cannot be unpacked")


def library_path(root: Path) -> str:
    """Where the programs that were unpacked into ``root`` find their libraries.

    Some packages keep libraries in a folder of their own, which the program names by an
    absolute path that does not hold here; so those folders are on the path as well.
    """
    triplet = f"{platform.machine()}-linux-gnu"
    folders = [root / "usr/lib" / triplet, root / "lib" / triplet, root / "usr/lib"]
    private = {found.parent for found in folders[0].glob("*/lib*.so*")}
    return os.pathsep.join(str(folder) for folder in [*folders, *sorted(private)])
