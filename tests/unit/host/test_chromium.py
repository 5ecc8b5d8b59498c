"""Which browser is used."""

from pathlib import Path

import pytest

from infra.host.chromium import own_chromium
from infra.host.errors import HostError


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_the_machines_browser_is_found_on_the_path(tmp_path: Path) -> None:
    found = program(tmp_path / "google-chrome")
    assert own_chromium({"PATH": str(tmp_path)}) == found


def test_a_snap_is_passed_over(tmp_path: Path) -> None:
    snap = program(tmp_path / "snap" / "chromium")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "chromium").symlink_to(snap)
    assert own_chromium({"PATH": str(tmp_path / "bin")}) is None


def test_the_operators_choice_comes_first(tmp_path: Path) -> None:
    program(tmp_path / "chromium")
    chosen = program(tmp_path / "mine")
    environment = {"PATH": str(tmp_path), "CHROMIUM": str(chosen)}
    assert own_chromium(environment) == chosen


def test_a_choice_that_cannot_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="CHROMIUM is no program"):
        own_chromium({"CHROMIUM": str(tmp_path / "none"), "PATH": ""})


def test_the_projects_own_link_on_path_is_not_the_machines_browser(tmp_path):
    link = tmp_path / "chromium"
    link.write_text("")
    link.chmod(0o755)
    assert own_chromium({"PATH": str(tmp_path)}, ours=tmp_path) is None
