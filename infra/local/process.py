"""Processes that never outlive the one that started them."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def start(
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    folder: str,
    own_group: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a process whose output goes to the log and that dies with its parent.

    The kernel kills it as soon as the thread that called this ends, by whatever cause
    (prctl(2), PR_SET_PDEATHSIG): call it from a thread that lives as long as the
    process may.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=own_group,
        )
