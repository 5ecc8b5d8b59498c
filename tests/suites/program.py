"""The program that runs a suite's tests: bounded in time, its output kept."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.host.commands import ENDS_WITH_US
from infra.host.places import PROJECT

# Nothing that goes on takes so long, on a busy machine either.
LONGEST_SECONDS = 90 * 60
TOO_LONG = -1


def run_to_log(
    command: Sequence[str],
    log: Path,
    seconds: float,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run the command in the project's folder, and give its exit code.

    :param environment: instead of this process's own
    :return: ``TOO_LONG`` when it was ended after ``seconds``
    """
    with log.open("w") as output:
        try:
            return subprocess.run(
                [*ENDS_WITH_US, *command],
                env=environment,
                cwd=PROJECT,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=seconds,
            ).returncode
        except subprocess.TimeoutExpired:
            return TOO_LONG
