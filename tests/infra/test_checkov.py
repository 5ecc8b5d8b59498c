"""checkov, in an environment of its own, finds nothing that has no reason to be so."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from infra.host.host import extra_python
from infra.local.template import transform
from tests.local_stack import PROJECT

EXCEPTIONS = Path(__file__).with_name("checkov_exceptions.yaml")
Findings = set[tuple[str, str]]


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, Findings]:
    """What checkov finds in the template, and in one without a seeded protection."""
    folder = tmp_path_factory.mktemp("checkov")
    # Transformed, so that what SAM makes is judged too; and checkov reads no YAML in
    # which one mapping is merged into another.
    template = transform(PROJECT / "template.yaml", {})
    (folder / "template.json").write_text(json.dumps(template))
    del template["Resources"]["Table"]["Properties"]["SSESpecification"]
    (folder / "seeded.json").write_text(json.dumps(template))
    return checkov(folder, "template.json", "seeded.json")


def checkov(folder: Path, *names: str) -> dict[str, Findings]:
    """Each file's findings: the check and the resource's logical id.

    Raises:
        AssertionError: checkov could not read all of them.
    """
    files = [part for name in names for part in ("--file", name)]
    ended = subprocess.run(
        [
            *(extra_python("checkov").with_name("checkov"), *files),
            *("--skip-download", "--framework", "cloudformation"),
            *("--compact", "--quiet", "--soft-fail", "--output", "json"),
        ],
        cwd=folder,
        # Nothing is sent to, or asked of, anybody.
        env={**os.environ, "BC_API_KEY": "", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    # It ends well, with nothing found, when it could read nothing.
    assert report["summary"]["parsing_errors"] == 0, ended.stderr
    assert report["summary"]["passed"] > 0, ended.stdout
    findings: dict[str, Findings] = {name: set() for name in names}
    for each in report["results"]["failed_checks"]:
        logical_id = each["resource"].rpartition(".")[2]
        findings[Path(each["file_path"]).name].add((each["check_id"], logical_id))
    return findings


def exceptions() -> Findings:
    return {
        (check, resource)
        for check, exception in yaml.safe_load(EXCEPTIONS.read_text()).items()
        for resource in exception["resources"]
    }


def test_every_finding_has_its_reason(found):
    assert found["template.json"] - exceptions() == set()


def test_no_exception_outlives_its_finding(found):
    assert exceptions() - found["template.json"] == set()


def test_a_lost_protection_is_found(found):
    assert found["seeded.json"] - found["template.json"] == {("CKV_AWS_119", "Table")}


@pytest.mark.parametrize("check", yaml.safe_load(EXCEPTIONS.read_text()).items())
def test_an_exception_says_what_is_found_and_why_it_stays(check):
    _, exception = check
    assert exception["finding"] and len(exception["reason"].split()) > 10
