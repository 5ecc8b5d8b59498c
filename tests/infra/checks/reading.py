"""What the checks ask of the transformed template."""

from collections.abc import Iterator
from typing import Any

from infra.local.deployment import names_of
from infra.local.intrinsics import Intrinsics
from infra.local.reader import of_type
from infra.local.template import parameter_values

from .registry import Document


def intrinsics(document: Document) -> Intrinsics:
    """Names as at deployment, with the parameters' defaults."""
    logical = {name: name for name in document["Resources"]}
    return names_of(document["Resources"], parameter_values(document, {}), logical)


def properties_of(document: Document, kind: str) -> Iterator[tuple[str, dict]]:
    """Name and resolved properties of each resource of the type."""
    names = intrinsics(document)
    for name, properties in of_type(document["Resources"], kind):
        yield name, names.resolve(properties)


def arn(document: Document, name: str) -> str:
    return intrinsics(document).resolve({"Fn::GetAtt": [name, "Arn"]})


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def queue_mappings(document: Document) -> Iterator[tuple[dict, str, dict, dict]]:
    """Mapping, queue's name, queue, function of each event source mapping."""
    queues = {
        arn(document, name): (name, queue)
        for name, queue in properties_of(document, "AWS::SQS::Queue")
    }
    functions = dict(properties_of(document, "AWS::Lambda::Function"))
    for _, mapping in properties_of(document, "AWS::Lambda::EventSourceMapping"):
        name, queue = queues[mapping["EventSourceArn"]]
        yield mapping, name, queue, functions[mapping["FunctionName"]]


def statements(document: Document) -> Iterator[tuple[str, dict]]:
    """Each Allow of each role, by the role's name."""
    for name, role in properties_of(document, "AWS::IAM::Role"):
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    yield name, statement


def statement_about(role: str, number: int, part: str) -> tuple:
    """The path of a part of a role's statement."""
    return (
        role,
        "Properties",
        "Policies",
        0,
        "PolicyDocument",
        "Statement",
        number,
        part,
    )
