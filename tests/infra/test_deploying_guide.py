"""docs/deploying.md says of the template what is so."""

import copy
import re

import pytest
from samtranslator.yaml_helper import yaml_parse

from infra.parameters import BEGIN, END, PAGE, table, written
from lambda_connector.cli.inside import CHECKED
from tests.local_stack import PROJECT

PAGE_TEXT = PAGE.read_text()


@pytest.fixture(scope="module")
def template():
    return yaml_parse((PROJECT / "template.yaml").read_text())


def test_parameters_are_the_templates(template):
    """`python -m infra.parameters` writes them."""
    assert written(PAGE_TEXT, template) == PAGE_TEXT
    assert all(f"| `{name}` |" in PAGE_TEXT for name in template["Parameters"])


def test_a_parameter_that_changes_changes_the_page(template):
    changed = copy.deepcopy(template)
    changed["Parameters"]["LogRetentionDays"]["Default"] = 90
    assert written(PAGE_TEXT, changed) != PAGE_TEXT


def test_a_parameter_under_no_heading_is_noticed(template):
    changed = copy.deepcopy(template)
    changed["Parameters"]["Another"] = {"Type": "String", "Default": ""}
    with pytest.raises(ValueError, match="Under no heading: Another"):
        table(changed)


def test_what_stays_after_removal_is_named(template):
    kept = {
        name
        for name, resource in template["Resources"].items()
        if "Retain" in resource.get("DeletionPolicy", "")
    }
    removing = PAGE_TEXT.partition("\n## Removing")[2]
    assert set(re.findall(r"^\| `(\w+)` \|", removing, re.MULTILINE)) == kept


def test_checks_of_the_first_steps_are_explained():
    """Those of `inside`; the test of the first steps has all their names."""
    for name, _ in CHECKED.values():
        assert f"| `{name}` |" in PAGE_TEXT


def test_parameters_named_in_the_text_exist(template):
    text = PAGE_TEXT.partition(BEGIN)[0] + PAGE_TEXT.partition(END)[2]
    named = re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", text)
    known = {*template["Parameters"], *template["Resources"], *template["Outputs"]}
    assert set(named) - known <= {"ApiGatewayDomainName"}
