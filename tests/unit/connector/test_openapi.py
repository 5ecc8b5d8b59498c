"""The OpenAPI document: as committed, valid, whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openapi_core import OpenAPI
from openapi_spec_validator import OpenAPIV31SpecValidator

from lambda_connector import openapi
from lambda_connector.handlers.application import Application
from lambda_connector.logic.problems import CODES, Problem

from .world import World

OF_NO_ROUTE = {"method_not_allowed"}
"""Answered where no route is."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_committed_document_is_the_one_that_the_routes_make() -> None:
    assert openapi.FILE.read_text() == openapi.text(), (
        f"docs/openapi.json is not what the routes say: run {openapi.COMMAND}"
    )


def test_document_is_valid(document) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_other_tools_can_read_it(document) -> None:
    """openapi-core resolves every reference and builds a schema of every model."""
    read = OpenAPI.from_dict(document).spec
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            held = read / "paths" / path / method
            for status in operation["responses"]:
                assert (held / "responses" / status)["description"]


def test_links_lead_to_operations_and_name_their_parameters(document) -> None:
    parameters = {
        operation["operationId"]: {
            one["name"] for one in operation.get("parameters", [])
        }
        for operation in operations(document).values()
    }
    for operation in operations(document).values():
        for answer in operation["responses"].values():
            for link in answer.get("links", {}).values():
                assert set(link["parameters"]) <= parameters[link["operationId"]]


def test_contract_in_words_names_every_address_and_method(document) -> None:
    words = (openapi.FILE.parent / "http-contract.md").read_text()
    rows = re.findall(r"^\| `(/[^`]*)` \|.*\| (.*) \|$", words, re.MULTILINE)
    told = {path: set(re.findall("`([A-Z]+)`", methods)) for path, methods in rows}
    assert told == {
        path: {method.upper() for method in methods}
        for path, methods in document["paths"].items()
    }


def test_document_has_every_route(document, world: World) -> None:
    resolver = Application(world.services).resolver
    routes = resolver._static_routes + resolver._dynamic_routes
    assert {f"{route.method} {route.openapi_path}" for route in routes} == set(
        operations(document)
    )


def test_every_operation_says_what_it_is(document) -> None:
    names = [held["operationId"] for held in operations(document).values()]
    assert len(set(names)) == len(names)
    for name, operation in operations(document).items():
        assert not operation["summary"].startswith(name.split()[0]), name
        assert len(operation["tags"]) == 1
        for status, answer in operation["responses"].items():
            assert answer.get("description") or answer["$ref"], (name, status)


def test_every_operation_but_the_browsers_return_needs_the_key(document) -> None:
    for name, operation in operations(document).items():
        open_to_all = name == "GET /oauth/callback"
        assert operation.get("security", []) == (
            [] if open_to_all else [{openapi.KEY: []}]
        )
        assert ("401" in operation["responses"]) is not open_to_all


def test_every_code_that_is_an_answer_is_in_the_document(document) -> None:
    answers = {code for code, words in CODES.items() if words.status}
    assert set(document["components"]["examples"]) == answers - OF_NO_ROUTE


def test_every_code_is_used() -> None:
    """By its name, somewhere besides the table of words."""
    package = Path(openapi.__file__).parent
    sources = [
        path.read_text()
        for folder in ("handlers", "logic", "xero")
        for path in (package / folder).rglob("*.py")
        if path.name != "problems.py"
    ]
    spoken = "\n".join(sources)
    unused = [code for code in CODES if f'"{code}"' not in spoken]
    assert unused == []


def test_every_code_that_a_route_names_has_its_words(world: World) -> None:
    resolver = Application(world.services).resolver
    for route in resolver._static_routes + resolver._dynamic_routes:
        for code in getattr(route.func, "refusals", ()):
            assert CODES[code].status, (route.path, code)


def test_examples_are_problem_documents_with_all_their_members(document) -> None:
    for code, example in document["components"]["examples"].items():
        members = {name: example["value"][name] for name in CODES[code].members}
        problem = Problem(code, **members)
        assert example["value"]["detail"] == problem.detail
        assert example["value"]["status"] == problem.status
