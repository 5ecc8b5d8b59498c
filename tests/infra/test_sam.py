"""AWS's own tool accepts the template and builds what it names."""

import runpy

import pytest
from samtranslator.yaml_helper import yaml_parse

from lambda_connector.handlers.build import build
from tests.local_stack import PROJECT

FUNCTIONS = ("ApiFunction", "WorkerFunction", "JanitorFunction")
# What Lambda accepts, unpacked; the smaller, the faster a cold start.
MOST_BYTES = 30_000_000


def test_the_template_is_valid(sam):
    assert "is a valid SAM Template" in sam.run("validate", "--lint")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_built_with_its_handler(built, function):
    template = yaml_parse((PROJECT / "template.yaml").read_text())
    handler = template["Resources"][function]["Properties"]["Handler"]
    module = handler.rpartition(".")[0].replace(".", "/")
    assert (built / function / f"{module}.py").is_file()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_carries_nothing_needless(built, function):
    files = [each for each in (built / function).rglob("*") if each.is_file()]
    assert sum(each.stat().st_size for each in files) < MOST_BYTES
    names = {each.relative_to(built / function).parts[0] for each in files}
    assert not names & {"boto3", "botocore", "moto", "pytest", "cryptography"}


@pytest.mark.parametrize("function", (*FUNCTIONS, "WebhookFunction"))
def test_a_function_knows_the_checkout_it_was_built_from(built, function):
    """By it `status` sees whether what is deployed is what one looks at."""
    path = built / function / "lambda_connector" / "handlers" / "build.py"
    assert runpy.run_path(str(path))["build"]() == build()
