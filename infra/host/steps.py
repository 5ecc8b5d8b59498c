"""Steps with a stamp: what is already there, made from the same, is kept."""

import contextlib
import fcntl
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def fingerprint(inputs: Any) -> str:
    """A hash of what goes into a step (anything that JSON can hold)."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


class Steps:
    """The steps of one host folder, with their stamps in ``stamps/``."""

    def __init__(self, folder: Path, say: Callable[[str], None] = print):
        self.folder = folder
        self.say = say

    def build(
        self, name: str, target: Path, inputs: Any, make: Callable[[Path], None]
    ) -> bool:
        """Have ``target`` made by ``make`` from ``inputs``; tell if it had to be.

        The stamp is written last, so a step that was interrupted begins anew.
        """
        stamp = self.folder / "stamps" / name
        wanted = fingerprint(inputs)
        if target.exists() and stamp.exists() and stamp.read_text() == wanted:
            return False
        began = time.monotonic()
        self.say(f"host: {name} …")
        stamp.unlink(missing_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        make(target)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(wanted)
        self.say(f"host: {name} ready ({time.monotonic() - began:.0f} s)")
        return True


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one process at a time work on what ``lock`` stands for."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
