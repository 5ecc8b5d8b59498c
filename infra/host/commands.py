"""Run a command; when it fails, say so in one line and keep its output."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.host.errors import HostError
from infra.host.places import host_folder

# A command's beginning by which the kernel ends it with the thread that started it.
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM")


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    way_out: str = "",
) -> str:
    """Run ``command`` and return its standard output.

    :param what: names the work in the error line
    :param env: added to this process's environment
    :raises HostError: with the last line that the command wrote
    """
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise HostError(
            what,
            last_line(done.stderr or done.stdout) or f"exit code {done.returncode}",
            f"{way_out or 'try again'}; all that it said is in {_keep(what, done)}",
        )
    return done.stdout


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""


def _keep(what: str, done: subprocess.CompletedProcess[str]) -> Path:
    folder = host_folder() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    name = "".join(c if c.isalnum() else "-" for c in what.lower())
    log = folder / f"{name}.log"
    log.write_text(f"{done.args}\n{done.stdout}\n{done.stderr}")
    return log
