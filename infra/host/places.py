"""The folders: the project, its ignored folder, the user's cache."""

import os
import shutil
from pathlib import Path

from infra.host.errors import HostError

PROJECT = Path(__file__).resolve().parents[2]
GIGABYTE = 2**30


def host_folder() -> Path:
    """Everything that is installed for this checkout lies here."""
    return Path(os.environ.get("HOST_DIR") or PROJECT / ".host").resolve()


def cache_folder() -> Path:
    """Downloads, shared by all checkouts of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "xero-for-odoo-crm"


def require_space(folder: Path, gigabytes: float) -> None:
    """Refuse to begin what the disk can't hold.

    :raises HostError: less than ``gigabytes`` are free where ``folder`` will be
    """
    existing = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(existing).free / GIGABYTE
    if free < gigabytes:
        raise HostError(
            "No disk space",
            f"{folder} needs {gigabytes:g} GB and {free:.1f} GB are free",
            "free some, or set HOST_DIR and XDG_CACHE_HOME to folders on another disk",
        )
