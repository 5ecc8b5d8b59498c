"""Everything that is installed is pinned, with hashes, in one version of the truth."""

import re

import pytest
from samtranslator.yaml_helper import yaml_parse

from infra.dependencies.lock import PLATFORMS, RUNTIMES
from infra.dependencies.locks import FUNCTIONS, LOCKS, TESTED, pins, plain, without_hash
from infra.host.places import PROJECT

ALL = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
_CHOSEN = re.compile(r"^([A-Za-z][\w.-]*)", re.MULTILINE)


def test_every_file_of_requirements_is_a_lock():
    found = {
        *PROJECT.glob("requirements*.txt"),
        *PROJECT.glob("infra/host/requirements*.txt"),
        *PROJECT.glob("lambda_connector/requirements/*.txt"),
    }
    assert found == set(LOCKS)


@ALL
def test_everything_pinned_has_the_hashes_of_its_files(lock):
    assert pins(lock)
    assert without_hash(lock) == []


@ALL
def test_no_lock_names_where_packages_come_from(lock):
    text = lock.read_text() + lock.with_suffix(".in").read_text()
    assert not re.search(r"://|index-url|find-links|trusted-host", text)


@ALL
def test_what_was_chosen_is_pinned(lock):
    chosen = {
        plain(name) for name in _CHOSEN.findall(lock.with_suffix(".in").read_text())
    }
    assert chosen - set(pins(lock)) == set()


@pytest.mark.parametrize("lock", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_carries_the_versions_that_were_tested(lock):
    assert pins(lock).items() - pins(TESTED).items() == set()


def test_a_function_may_be_built_for_all_that_the_template_offers():
    parameters = yaml_parse((PROJECT / "template.yaml").read_text())["Parameters"]
    runtimes = [f"python{version}" for version in RUNTIMES]
    assert parameters["Runtime"]["AllowedValues"] == runtimes
    machines = {"x86_64": "x86_64", "arm64": "aarch64"}
    offered = [machines[each] for each in parameters["Architecture"]["AllowedValues"]]
    assert [f"manylinux2014_{each}" for each in offered] == list(PLATFORMS)


def test_a_pin_without_hash_is_found(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        "good==1.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via x\n"
        "Bad_One==2.0\n    # via good\nlast==3.0 ; python_version < '3.13'\n"
    )
    assert pins(lock) == {"good": "1.0", "bad-one": "2.0", "last": "3.0"}
    assert without_hash(lock) == ["Bad_One", "last"]
