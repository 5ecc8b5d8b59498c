"""``make audit``: does anybody know of a vulnerability in what is pinned?

pip-audit asks the advisory data, first as the package index has it, then at OSV. It
ends well, with "no known vulnerabilities", also where it could ask about nothing; so a
release whose holes are known for years is asked about first, and what was left out is
counted. Where only a copy of OSV's service can be reached, ``PIP_AUDIT_OSV_URL`` names
it.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from infra.dependencies.locks import LOCKS
from infra.host.errors import HostError
from infra.host.host import extra_python
from infra.host.places import PROJECT

SERVICES = ("pypi", "osv")
# Of 2019; whoever has advisory data has several about it.
KNOWN_TO_BE_BAD = "urllib3==1.24.1"
# What is known and cannot harm us: the advisory's id, and why.
HARMLESS: dict[str, str] = {}
NOT_ASKED = 3
NO_ADVISORIES = "No advisory data can be reached"


@dataclass
class Answer:
    """What one question brought.

    :param vulnerable: package, version and advisories, in words
    :param not_asked: packages that the service did not know of
    """

    asked: int = 0
    vulnerable: list[str] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)


def main() -> int:
    """Ask about every lock.

    :return: 0 nothing is known; 1 something is; 2 the machine lacks something;
        3 it could not be asked, or not about all
    """
    try:
        python = extra_python("audit")
    except HostError as error:
        print(error, file=sys.stderr)
        return 2
    service = reachable_service(python)
    if service is None:
        print(f"audit: NOT DONE. {NO_ADVISORIES} ({', '.join(SERVICES)}).")
        return NOT_ASKED
    answers = {lock: ask(python, service, lock) for lock in LOCKS}
    print("\n".join(report(answers)))
    return verdict(answers.values())


def reachable_service(python: Path) -> str | None:
    """The first service that knows what everybody knows."""
    with tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / "known.txt"
        bad.write_text(KNOWN_TO_BE_BAD)
        for service in SERVICES:
            if ask(python, service, bad).vulnerable:
                return service
    return None


def ask(python: Path, service: str, requirements: Path) -> Answer:
    """Ask one service about one file; an answer about nothing where it failed."""
    command = [
        *(python, "-m", "pip_audit", "--vulnerability-service", service),
        # The pins are complete, so that nothing is resolved or installed.
        *("--disable-pip", "--no-deps", "--progress-spinner", "off"),
        *("--format", "json", "--requirement", requirements),
    ]
    for advisory in HARMLESS:
        command += ["--ignore-vuln", advisory]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    return answer(ended.stdout)


def answer(output: str) -> Answer:
    """What pip-audit's JSON says; of an output that is none, nothing was asked."""
    try:
        dependencies = json.loads(output)["dependencies"]
    except ValueError:
        return Answer()
    found = Answer()
    for each in dependencies:
        if "skip_reason" in each:
            found.not_asked.append(each["name"])
            continue
        found.asked += 1
        if each["vulns"]:
            ids = ", ".join(known["id"] for known in each["vulns"])
            found.vulnerable.append(f"{each['name']} {each['version']}: {ids}")
    return found


def verdict(answers: Iterable[Answer]) -> int:
    """The exit code: what is known weighs more than what could not be asked."""
    answers = list(answers)
    if any(each.vulnerable for each in answers):
        return 1
    complete = all(each.asked and not each.not_asked for each in answers)
    return 0 if complete else NOT_ASKED


def report(answers: dict[Path, Answer]) -> list[str]:
    """A line for each file, and one for each package that needs a person."""
    lines = []
    for lock, found in answers.items():
        said = "NOT ASKED"
        if found.asked:
            bad = len(found.vulnerable)
            said = f"{found.asked} packages asked about, {bad} vulnerable"
        lines.append(f"audit: {lock.relative_to(PROJECT)}: {said}")
        lines += [f"  VULNERABLE {each}" for each in found.vulnerable]
        lines += [f"  NOT ASKED {each}" for each in found.not_asked]
    return lines


if __name__ == "__main__":
    sys.exit(main())
