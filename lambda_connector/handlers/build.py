"""Which code runs."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGED = (
    "__init__.py",
    "settings.py",
    "handlers",
    "logic",
    "odoo",
    "storage",
    "xero",
)
"""What the Makefile copies into each function."""


@cache
def build() -> str:
    """Twelve hexadecimal digits of the SHA-256 over our own sources: alike in all
    functions of one deployment, and in the checkout that it was made from."""
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _sources() -> list[Path]:
    return [
        path
        for name in PACKAGED
        for path in (
            [ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py")
        )
    ]
