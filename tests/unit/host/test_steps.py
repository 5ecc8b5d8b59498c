"""Steps are done once for the same inputs."""

from pathlib import Path

import pytest

from infra.host.steps import Steps, fingerprint


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    return Steps(tmp_path, say=lambda line: None)


def write(target: Path) -> None:
    (target / "made").touch()


def fail(target: Path) -> None:
    (target / "half").touch()
    raise RuntimeError("interrupted")


def test_same_inputs_are_built_once(steps: Steps, tmp_path: Path) -> None:
    assert steps.build("odoo", tmp_path / "odoo", ["19"], write)
    assert not steps.build("odoo", tmp_path / "odoo", ["19"], fail)


def test_other_inputs_are_built_into_an_empty_folder(
    steps: Steps, tmp_path: Path
) -> None:
    target = tmp_path / "odoo"
    steps.build("odoo", target, ["19"], write)
    (target / "old").touch()
    assert steps.build("odoo", target, ["19.1"], write)
    assert [path.name for path in target.iterdir()] == ["made"]


def test_an_interrupted_step_begins_anew(steps: Steps, tmp_path: Path) -> None:
    target = tmp_path / "odoo"
    with pytest.raises(RuntimeError):
        steps.build("odoo", target, ["19"], fail)
    assert steps.build("odoo", target, ["19"], write)
    assert not (target / "half").exists()


def test_a_step_interrupted_on_the_way_to_new_inputs_is_not_taken_for_the_old(
    steps: Steps, tmp_path: Path
) -> None:
    target = tmp_path / "odoo"
    steps.build("odoo", target, ["19"], write)
    with pytest.raises(RuntimeError):
        steps.build("odoo", target, ["20"], fail)
    assert steps.build("odoo", target, ["19"], write)


def test_a_removed_folder_is_built_again(steps: Steps, tmp_path: Path) -> None:
    target = tmp_path / "odoo"
    steps.build("odoo", target, ["19"], write)
    (target / "made").unlink()
    target.rmdir()
    assert steps.build("odoo", target, ["19"], write)


def test_fingerprint_does_not_depend_on_the_order_of_names() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint(["a", "b"]) != fingerprint(["b", "a"])
