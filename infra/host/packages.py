"""Sets of Debian packages, kept in the cache with their sums."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from infra.host.errors import HostError
from infra.host.places import cache_folder, require_space


def packages(
    name: str, fetch: Callable[[Path, Path], None], gigabytes: float
) -> list[Path]:
    """The files of the set ``name``: from the cache, else brought by ``fetch``.

    :param fetch: puts the packages' files into its first folder, works in its second
    :param gigabytes: free space that the download needs
    :raises HostError: a file in the cache is not what was put there
    """
    folder = cache_folder() / "debian" / name
    index = folder / "index.json"
    if not index.exists():
        require_space(folder, gigabytes)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as work:
            fetch(folder, Path(work))
        sums = {file.name: sha256(file) for file in sorted(folder.glob("*.deb"))}
        index.write_text(json.dumps(sums, indent=1))
    return _checked(folder, json.loads(index.read_text()))


def _checked(folder: Path, sums: dict[str, str]) -> list[Path]:
    for name, wanted in sums.items():
        if not (folder / name).exists() or sha256(folder / name) != wanted:
            raise HostError(
                "The cache is damaged",
                f"{folder / name} is not what was downloaded",
                f"remove {folder} and try again",
            )
    return [folder / name for name in sums]


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
