"""``make licences``: docs/licences.md, from what installed packages say of themselves.

The document is the record: tests/ holds it against the pins and against what may be.
"""

import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from license_expression import (
    ExpressionError,
    ExpressionParseError,
    LicenseExpression,
    Licensing,
)

from infra.dependencies.locks import FUNCTIONS, pins, plain
from infra.host.commands import run
from infra.host.errors import HostError
from infra.host.host import extra_python
from infra.host.places import PROJECT
from infra.host.pythons import REQUIREMENTS

DOCUMENT = PROJECT / "docs/licences.md"
Package = tuple[str, str]
"""Plain name and version."""

# What a work under LGPL-3 may be made of (https://www.gnu.org/licenses/license-list.html).
FITTING = {
    "0BSD",
    "Apache-2.0",
    "BSD",  # of which only the classifier tells, without its clauses
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "LGPL-2.1-or-later",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "PSF-2.0",
    "Public-Domain",
    "ZPL-2.1",
    "Zlib",
}
# Packages under another licence, and why they may be here all the same.
ONLY_USED = {
    "pylint": "`make lint` runs it as a program.",
    "pylint-odoo": "`make lint` runs it as a program.",
    "pylint-plugin-utils": "It is a part of pylint-odoo.",
    "regex": "A part of the test tools and of AWS's tool, which run apart.",
    "tap-xero": "`make bench` runs it as a program, to be compared with.",
    "text-unidecode": "A part of AWS's tool, which runs apart.",
}
# Of packages whose metadata tells nothing or too little, as their licence file has it.
READ_BY_HAND = {
    "cookiecutter": "BSD-3-Clause",
    "docutils": "Public-Domain AND BSD-2-Clause",
    "num2words": "LGPL-2.1-or-later",
    "psycopg2-binary": "LGPL-3.0-or-later",
    "qrcode": "BSD-3-Clause AND MIT",
    "requests-oauthlib": "ISC",
    "simplejson": "MIT OR AFL-2.1",
    "singer-python": "Apache-2.0",
    "tap-xero": "AGPL-3.0-only",
    "text-unidecode": "Artistic-1.0 OR GPL-2.0-or-later",
}
# The names that classifiers and old metadata use, as SPDX writes them.
SPDX = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "Freely Distributable": "",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_LICENSING = Licensing()
_ROW = re.compile(r"^\| (\S+) \| (\S+) \| ([^|]+?) \| ([^|]+?) \|$", re.MULTILINE)


def main() -> int:
    """Write the document.

    :return: 0, or 2 when an environment can't be had on this machine
    """
    try:
        reader = extra_python("audit")
        found = {name: licences(reader, name) for name in REQUIREMENTS}
    except HostError as error:
        print(error, file=sys.stderr)
        return 2
    DOCUMENT.write_text(document(found))
    return 0


def licences(reader: Path, environment: str) -> dict[Package, str]:
    """The licence of each package that an environment pins, as SPDX writes it.

    :param reader: the interpreter of the environment that holds pip-licenses
    """
    python = extra_python(environment)
    command = [reader.with_name("pip-licenses"), "--python", python, "--with-system"]
    table = run([*command, "--format", "csv"], what="The licences cannot be read")
    wanted = pins(REQUIREMENTS[environment]).items()
    found = {}
    for row in csv.DictReader(io.StringIO(table)):
        package = (plain(row["Name"]), row["Version"])
        if package in wanted:
            found[package] = licence(package[0], row["License"])
    return found


def licence(name: str, told: str) -> str:
    """A package's licence from what its metadata tells; all of it, if that is much."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    parts = [SPDX.get(each, each) for each in told.split("; ")]
    return " AND ".join(filter(None, parts))


def fits(expression: str) -> bool:
    """Whether LGPL-3 can live with a licence; of alternatives, one is enough."""
    try:
        return _fits(_LICENSING.parse(expression))
    except (ExpressionError, ExpressionParseError):
        return False


def _fits(expression: LicenseExpression) -> bool:
    if isinstance(expression, _LICENSING.OR):
        return any(_fits(each) for each in expression.args)
    if isinstance(expression, _LICENSING.AND):
        return all(_fits(each) for each in expression.args)
    return str(expression) in FITTING


def rows(text: str) -> Iterator[tuple[Package, str, set[str]]]:
    """Each package of the document, its licence, and where it is used."""
    for name, version, expression, users in _ROW.findall(text):
        if not version.startswith("-") and version != "Version":
            yield (name, version), expression, set(users.split(", "))


def document(found: dict[str, dict[Package, str]]) -> str:
    """The document's text.

    :param found: the licences of each environment's packages
    """
    tools = {package: each for some in found.values() for package, each in some.items()}
    return _TEXT.format(
        carried=_table(tools, {name: pins(lock) for name, lock in FUNCTIONS.items()}),
        used=_table(tools, {name: dict(list(some)) for name, some in found.items()}),
        only_used="\n".join(
            f"- **{name}** {version} ({tools[name, version]}): {ONLY_USED[name]}"
            for name, version in sorted(tools)
            if name in ONLY_USED
        ),
    )


def _table(known: dict[Package, str], users: dict[str, dict[str, str]]) -> str:
    lines = ["| Package | Version | Licence | Used by |", "|---|---|---|---|"]
    for (name, version), expression in sorted(known.items()):
        by = [user for user, used in users.items() if used.get(name) == version]
        if by:
            lines.append(f"| {name} | {version} | {expression} | {', '.join(by)} |")
    return "\n".join(lines)


_TEXT = """\
# Licences

The addon and the connector are under LGPL-3 ([LICENSE](../LICENSE)). This list is made
by `make licences` from what the installed packages say of themselves, as SPDX writes
it; a test holds it against the pins, and refuses a licence that LGPL-3 cannot live
with. `BSD` stands where a package tells no more than that.

## Carried by the deployed functions

`api` is ApiFunction, `webhook` WebhookFunction, `worker` all others. boto3 comes with
the Lambda runtime. These packages go into the customer's AWS account, each with its
licence file.

{carried}

## Used beside them

The addon carries nothing but its own files: what it imports comes with Odoo 19
(LGPL-3). The rest is installed for `make` in environments of their own, and delivered
to nobody: `connector` (the connector, the local stack, the tests), `odoo` (what Odoo
imports), `sam` (AWS's tool), `bench` (what the benchmarks compare with), `build`,
`audit` and `checkov` (what builds, checks and judges). PostgreSQL and Chromium are run
as programs.

{used}

## Only used, under a licence that does not fit

{only_used}
"""


if __name__ == "__main__":
    sys.exit(main())
