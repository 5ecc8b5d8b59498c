"""The connector's layers import downwards only."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import lambda_connector

ROOT = Path(lambda_connector.__file__).parent
AWS = {"boto3", "botocore", "aws_lambda_powertools"}
HTTP = {"requests", "urllib3", "requests_oauthlib", "oauthlib", "http"}


def imported(folder: str) -> dict[str, set[str]]:
    """What each file of the folder imports, relative imports by their full name."""
    return {
        str(path.relative_to(ROOT)): set(_names(path))
        for path in (ROOT / folder).rglob("*.py")
    }


def _names(path: Path):
    package = path.relative_to(ROOT.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join([*base, *(node.module or "").split(".")])


def offenders(folder: str, forbidden: set[str]) -> list[str]:
    return [
        f"{path} imports {name}"
        for path, names in imported(folder).items()
        for name in names
        if any(name == one or name.startswith(f"{one}.") for one in forbidden)
    ]


def test_logic_knows_neither_aws_nor_http_nor_what_is_above_it() -> None:
    outside = ("handlers", "storage", "xero", "odoo")
    above = {f"lambda_connector.{one}" for one in outside}
    assert imported("logic")
    assert offenders("logic", AWS | HTTP | above | {"lambda_connector.settings"}) == []


def test_only_storage_knows_boto3_and_nothing_of_http() -> None:
    others = ("handlers", "xero", "odoo")
    above = {f"lambda_connector.{one}" for one in others}
    assert offenders("storage", HTTP | above) == []


def test_only_xero_and_odoo_speak_http_and_know_nothing_of_aws() -> None:
    above = {"lambda_connector.handlers", "lambda_connector.storage"}
    assert offenders("xero", AWS | above | {"lambda_connector.odoo"}) == []
    assert offenders("odoo", AWS | above | {"lambda_connector.xero"}) == []
    assert offenders("handlers", HTTP) == []


def test_only_the_api_needs_pydantic() -> None:
    """The others are packaged without it."""
    program = (
        "import sys;"
        "from lambda_connector.handlers import janitor, webhook_batch, worker;"
        "sys.exit('pydantic' in sys.modules)"
    )
    run(program)


def test_the_function_that_xero_waits_for_needs_little() -> None:
    program = (
        "import sys;"
        "from lambda_connector.handlers import webhook;"
        "sys.exit(bool({'pydantic', 'requests', 'msgspec'} & set(sys.modules)))"
    )
    run(program)


def run(program: str) -> None:
    """In a process of its own, with the settings that every function has."""
    names = (
        "TABLE_NAME",
        "SPOOL_BUCKET",
        "SYNC_QUEUE_URL",
        "TOKEN_KEY_ID",
        "WEBHOOK_QUEUE_URL",
    )
    environment = {name: "x" for name in names} | {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "PYTHONPATH": str(ROOT.parent),
    }
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
