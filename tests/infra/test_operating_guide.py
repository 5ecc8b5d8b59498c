"""What docs/operating.md says is so: alarms, commands, queries, names."""

from __future__ import annotations

import copy
import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from infra.local.template import transform
from lambda_connector.cli.command_line import parser
from lambda_connector.cli.deployment import Outputs
from lambda_connector.logic.problems import CODES
from lambda_connector.storage.table import TTL_ATTRIBUTE
from tests.infra.checks.reading import properties_of

PROJECT = Path(__file__).parents[2]
DOCUMENTS = sorted([*PROJECT.glob("docs/*.md"), PROJECT / "README.md"])
GUIDE = PROJECT / "docs" / "operating.md"
STACK = "xero-for-odoo"
A_UUID = "0a1b2c3d-0000-4000-8000-000000000001"
OURS = "python -m lambda_connector.cli"
TOLD_OF_THE_STACK = {"stack_name", "stack_status"}
"""What the command line knows of a stack beside its outputs and parameters."""

_ADDRESS = re.compile(r"docs/operating\.md#([a-z-]+)")
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return transform(PROJECT / "template.yaml", {})


@pytest.fixture(scope="module")
def guide() -> str:
    return GUIDE.read_text()


# Alarms


def chapters(text: str, part: str = "Alarms") -> dict[str, str]:
    """The chapters of one part of the guide, by heading."""
    _, _, rest = text.partition(f"\n## {part}\n")
    told, _, _ = f"{rest}\n## ".partition("\n## ")
    _, *pieces = re.split(r"^### ", told, flags=re.MULTILINE)
    return {title: body for title, _, body in (one.partition("\n") for one in pieces)}


def alarms(template: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """The end of each alarm's name, and the chapter that its message names."""
    for _, alarm in properties_of(template, "AWS::CloudWatch::Alarm"):
        found = _ADDRESS.search(alarm["AlarmDescription"])
        name = re.sub(r"^.*?-(?=[a-z])", "", alarm["AlarmName"], count=1)
        yield name, found and found[1]


def wrong_about_alarms(template: dict[str, Any], guide: str) -> list[str]:
    told, of = chapters(guide), dict(alarms(template))
    wrong = [f"{name} has no chapter" for name in of if of[name] not in told]
    wrong += [f"{each} is no alarm's chapter" for each in told.keys() - of.values()]
    for name, chapter in of.items():
        if chapter != name and f"`{name}`" not in told.get(chapter or "", ""):
            wrong.append(f"{chapter} does not name {name}")
    for chapter, body in told.items():
        listed = re.search(r"\AAlarms?: (.*?)\.\n\n", body.lstrip(), re.DOTALL)
        for name in re.findall(r"`([a-z-]+)`", listed[1]) if listed else []:
            if of.get(name) != chapter:
                wrong.append(f"{chapter} names {name}")
        wrong += [
            f"{chapter} does not say: {part}"
            for part in ("What.", "Lost?", "Look.", "Do.")
            if f"**{part}**" not in body
        ]
    return wrong


def test_every_alarm_has_its_chapter_and_every_chapter_an_alarm(template, guide):
    assert wrong_about_alarms(template, guide) == []
    assert len(list(alarms(template))) > 20


def test_the_table_of_what_is_lost_names_alarms(template, guide):
    table = guide.partition("| is anything lost? |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", table))
    assert len(named) > 5 and named <= dict(alarms(template)).keys()


def unnamed(template: dict[str, Any], guide: str) -> tuple[dict[str, Any], str]:
    del template["Resources"]["JanitorSilentAlarm"]
    return template, guide


def another_name(template: dict[str, Any], guide: str) -> tuple[dict[str, Any], str]:
    alarm = template["Resources"]["WorkerErrorsAlarm"]["Properties"]
    alarm["AlarmName"] = {"Fn::Sub": "${AWS::StackName}-worker-crashes"}
    return template, guide


def another_address(template: dict[str, Any], guide: str) -> tuple[dict[str, Any], str]:
    alarm = template["Resources"]["TableErrorsAlarm"]["Properties"]
    alarm["AlarmDescription"] = "See docs/operating.md#nowhere"
    return template, guide


def silent(template: dict[str, Any], guide: str) -> tuple[dict[str, Any], str]:
    return template, guide.replace("### sync-failed\n", "### sync-lost\n")


def without_advice(template: dict[str, Any], guide: str) -> tuple[dict[str, Any], str]:
    return template, guide.replace("**Do.**", "**Then.**", 1)


def of_the_past(template: dict[str, Any], guide: str) -> tuple[dict[str, Any], str]:
    return template, guide.replace("`api-errors`,", "`api-errors`, `old-errors`,")


@pytest.mark.parametrize(
    "fault",
    [unnamed, another_name, another_address, silent, without_advice, of_the_past],
)
def test_what_does_not_fit_an_alarm_is_noticed(template, guide, fault):
    assert wrong_about_alarms(*fault(copy.deepcopy(template), guide))


# Commands


@dataclass(frozen=True)
class Command:
    document: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.document}: {' '.join(self.words)}"


def commands(beginning: str) -> list[Command]:
    """Every command of the documents that begins so, as the shell would hand it on."""
    found = []
    for path in DOCUMENTS:
        text = path.read_text()
        blocks = [body for kind, body in _FENCE.findall(text) if kind == "sh"]
        inline = re.findall(r"`([^`\n]+)`", _FENCE.sub("", text))
        for piece in [*blocks, *inline]:
            for line in _lines(piece):
                at = line.find(beginning)
                if at >= 0 and line[at:] != beginning:
                    words = _words(line[at + len(beginning) :])
                    found.append(Command(path.name, words))
    return list(dict.fromkeys(found))


def _lines(piece: str) -> list[str]:
    """Commands alone: joined where a line goes on, what stands in $(…) by itself."""
    joined = re.sub(r"\\\n\s*", " ", piece)
    inner = re.findall(r"\$\((.*?)\)", joined)
    outer = re.sub(r'"?\$\(.*?\)"?', "IT", joined)
    return [*outer.splitlines(), *inner]


def _words(text: str) -> tuple[str, ...]:
    words = itertools.takewhile(lambda word: word != ">", shlex.split(text, True))
    return tuple(A_UUID if word == "UUID" else word for word in words)


@pytest.mark.parametrize("command", commands(OURS), ids=str)
def test_every_command_of_ours_is_one(command: Command):
    assert parser().parse_args(command.words).run


def test_a_command_that_is_none_is_noticed(capsys):
    for wrong in ("syncs again X", "feeds take-over C --consumer me", "syncs log"):
        with pytest.raises(SystemExit):
            parser().parse_args(shlex.split(wrong))


def test_commands_are_found_in_the_documents():
    known = {command.words[2] for command in commands(OURS) if len(command.words) > 2}
    assert known >= {"connections", "dead-letters", "feeds", "instances", "syncs"}


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def _client(service: str) -> Any:
    return _session().create_client(service, region_name="eu-west-1")


def wrong_about_aws(words: tuple[str, ...]) -> str | None:
    """What AWS's own description of its API does not know of this command."""
    service, operation, *options = words
    if service not in _session().get_available_services():
        return f"no service {service}"
    client = _client(service)
    if operation == "wait":
        name = options.pop(0)
        if name.replace("-", "_") not in client.waiter_names:
            return f"no waiter {name}"
        operation = client.get_waiter(name.replace("-", "_")).config.operation
    methods = client.meta.method_to_api_mapping
    method = xform_name(operation.replace("-", "_"))
    if method not in methods:
        return f"no operation {operation}"
    shape = client.meta.service_model.operation_model(methods[method]).input_shape
    members = {xform_name(name, "-"): name for name in shape.members} if shape else {}
    named = [each.removeprefix("--") for each in options if each.startswith("--")]
    given = {each.removeprefix("no-") for each in named} - {"query", "output"}
    if unknown := given - members.keys():
        return f"no option {unknown}"
    needed = set(shape.required_members) if shape else set()
    if missing := needed - {members[name] for name in given}:
        return f"{missing} is needed"
    return None


@pytest.mark.parametrize("command", commands("aws "), ids=str)
def test_every_command_of_aws_is_one(command: Command):
    assert wrong_about_aws(command.words) is None


@pytest.mark.parametrize(
    "wrong",
    [
        "sqz list-queues",
        "sqs list-all-queues",
        "dynamodb wait table-gone",
        "dynamodb delete-table --name X",
        "dynamodb delete-table",
    ],
)
def test_a_command_that_aws_does_not_have_is_noticed(wrong: str):
    assert wrong_about_aws(tuple(shlex.split(wrong)))


# Names


def test_what_the_command_line_asks_of_a_stack_the_template_tells(template):
    told = {_snake(name) for name in template["Outputs"]}
    told |= {_snake(name) for name in template["Parameters"]} | TOLD_OF_THE_STACK
    assert {field.name for field in fields(Outputs)} - told == set()


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def test_parameters_and_outputs_are_the_templates(template, guide):
    known = {*template["Parameters"], *template["Outputs"], *template["Resources"]}
    of_others = {
        "AccessDenied",
        "DeletionDate",
        "DisabledException",
        "KMSInvalidStateException",
        "PendingDeletion",
        "SettingsInvalid",
    }
    named = set(re.findall(r"`((?:[A-Z][a-z]*){2,})`", guide)) | set(
        re.findall(r"`([A-Z]{3}[A-Za-z]+)`", guide)
    )
    assert named - known - of_others == set()
    assert named & {*template["Parameters"]}


def test_log_groups_are_the_templates(template, guide):
    groups = {
        group["LogGroupName"]
        for _, group in properties_of(template, "AWS::Logs::LogGroup")
    }
    named = re.findall(rf"^\| `(/aws/[a-z/]+){STACK}(-[a-z-]+)`", guide, re.MULTILINE)
    assert len(named) == len(groups)
    for beginning, end in named:
        (found,) = (one for one in groups if one.endswith(end) and beginning in one)
        assert found.startswith(beginning)


def test_keys_are_the_templates(template, guide):
    aliases = [a["AliasName"] for _, a in properties_of(template, "AWS::KMS::Alias")]
    ends = {alias.rpartition("-")[2] for alias in aliases}
    assert set(re.findall(rf"alias/{STACK}-([a-z]+)", guide)) == ends


def test_queries_ask_for_lines_that_are_logged(guide):
    """What is compared with `message`, and the fields, stand in the handlers."""
    queries = [body for kind, body in _FENCE.findall(guide) if kind == "text"]
    code = "".join(
        path.read_text() for path in (PROJECT / "lambda_connector").rglob("*.py")
    )
    messages = [m for q in queries for m in re.findall(r'message = "([^"]+)"', q)]
    assert len(messages) > 5
    assert [message for message in messages if f'"{message}"' not in code] == []


def test_the_tables_expiry_is_put_back_as_the_code_has_it(guide):
    assert f"AttributeName={TTL_ATTRIBUTE}" in guide


def test_codes_of_failed_syncs_are_known(guide):
    table = chapters(guide)["sync-failed"].partition("| code |")[2]
    codes = set(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))
    named = {name for each in codes for name in re.findall(r"`([a-z_]+)`", each)}
    assert len(named) > 8 and named <= CODES.keys()


# Links


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path):
    text = path.read_text()
    broken = []
    for link in _LINK.findall(_FENCE.sub("", text)):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name) if name else path
        if not target.exists():
            broken.append(link)
        elif anchor and anchor not in anchors(target.read_text()):
            broken.append(link)
    assert broken == []


def anchors(text: str) -> set[str]:
    """The addresses of a document's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.*)$", _FENCE.sub("", text), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")
        for title in titles
    }
