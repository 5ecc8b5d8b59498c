"""Every threat of docs/security.md names tests, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "security.md"
_NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
_SHORT = ROOT / "crm_xero_module" / "tests"
"""Where files lie that a table names without their folder."""


def names_in(text: str) -> list[tuple[Path, str]]:
    found = _NAMED.findall(text)
    return [
        (ROOT / file if "/" in file else _SHORT / file, name) for file, name in found
    ]


def functions_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
    functions = ast.FunctionDef, ast.AsyncFunctionDef
    return {node.name for node in ast.walk(tree) if isinstance(node, functions)}


def missing(text: str) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}::{name}"
        for file, name in names_in(text)
        if name not in functions_of(file)
    ]


def threats(text: str) -> dict[str, str]:
    """{heading: what stands below it} of the headings that name what somebody wants."""
    parts = re.split(r"^#{2,3} (.+)$", text, flags=re.MULTILINE)[1:]
    below = dict(zip(parts[::2], parts[1::2], strict=True))
    return {name: body for name, body in below.items() if "**Stops him**" in body}


def test_every_test_that_is_named_exists() -> None:
    assert missing(DOCUMENT.read_text()) == []


def test_every_threat_has_a_test() -> None:
    found = threats(DOCUMENT.read_text())
    assert len(found) >= 15
    assert [name for name, body in found.items() if not names_in(body)] == []


def test_a_name_that_is_none_is_noticed() -> None:
    wrong = "`tests/infra/test_template.py::test_nothing`, `test_gone.py::test_x`"
    assert missing(wrong) == [
        "tests/infra/test_template.py::test_nothing",
        "crm_xero_module/tests/test_gone.py::test_x",
    ]
