"""The template's parameters as the table in docs/deploying.md.

    python -m infra.parameters

writes it there; a test holds that it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "deploying.md"
BEGIN, END = "<!-- parameters -->\n", "<!-- /parameters -->"


def table(template: dict[str, Any]) -> str:
    """In the order and under the headings that CloudFormation's console has them.

    Raises:
        ValueError: parameters that the template puts under no heading.
    """
    declared = dict(template["Parameters"])
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    lines = ["| parameter | default | what it is |", "|---|---|---|"]
    for group in groups:
        lines.append(f"| **{group['Label']['default']}** | | |")
        for name in group["Parameters"]:
            lines.append(_row(name, declared.pop(name)))
    if declared:
        raise ValueError(f"Under no heading: {', '.join(declared)}.")
    return "\n".join(lines) + "\n"


def _row(name: str, parameter: dict[str, Any]) -> str:
    default = str(parameter["Default"])
    told = " ".join(parameter["Description"].split()).replace("|", "\\|")
    limits = "; ".join(_limits(parameter))
    shown = f"`{default}`" if default else "empty"
    return f"| `{name}` | {shown} | {told}{f' ({limits})' if limits else ''} |"


def _limits(parameter: dict[str, Any]) -> Iterator[str]:
    if "AllowedValues" in parameter:
        yield "one of " + ", ".join(f"`{one}`" for one in parameter["AllowedValues"])
    if "MinValue" in parameter:
        yield f"at least {parameter['MinValue']}"
    if "MaxValue" in parameter:
        yield f"at most {parameter['MaxValue']}"


def written(page: str, template: dict[str, Any]) -> str:
    """The page with the table of this template in it."""
    new = BEGIN + table(template) + END
    return re.sub(f"{BEGIN}.*?{END}", lambda _: new, page, flags=re.DOTALL)


def main() -> None:
    template = yaml_parse((PROJECT / "template.yaml").read_text())
    PAGE.write_text(written(PAGE.read_text(), template))


if __name__ == "__main__":
    main()
