"""Nothing is installed that is not what was pinned."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.host import pythons
from infra.host.steps import Steps


def make_wheel(folder: Path, text: str) -> Path:
    wheel = folder / "small_thing-1.0-py3-none-any.whl"
    information = "small_thing-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("small_thing.py", text)
        archive.writestr(
            f"{information}/METADATA",
            "Metadata-Version: 2.1\nName: small-thing\nVersion: 1.0\n",
        )
        archive.writestr(
            f"{information}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
            "Tag: py3-none-any\n",
        )
        archive.writestr(f"{information}/RECORD", "")
    return wheel


def install(wheels: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--no-index", "--no-deps"),
            *("--require-hashes", "--find-links", wheels, "--target", target),
            *("--requirement", wheels / pythons.SUMS),
        ],
        capture_output=True,
        text=True,
    )


def test_a_wheel_that_was_changed_in_the_cache_is_refused(tmp_path):
    make_wheel(tmp_path, "VALUE = 1")
    (tmp_path / pythons.SUMS).write_text(pythons.sums(tmp_path))
    good = install(tmp_path, tmp_path / "good")
    assert good.returncode == 0, good.stderr

    make_wheel(tmp_path, "VALUE = 2")
    bad = install(tmp_path, tmp_path / "bad")
    assert bad.returncode != 0
    assert "DO NOT MATCH THE HASHES" in bad.stderr
    assert not (tmp_path / "bad").exists()


@pytest.mark.parametrize("name", pythons.REQUIREMENTS)
def test_pip_requires_hashes_whatever_it_does(name, tmp_path, monkeypatch):
    calls = []

    def run(command, **_) -> str:
        command = [str(part) for part in command]
        calls.append(command)
        if "--wheel-dir" in command:
            Path(command[command.index("--wheel-dir") + 1]).mkdir(parents=True)
        return ""

    monkeypatch.setattr(pythons, "run", run)
    monkeypatch.setattr(pythons, "cache_folder", lambda: tmp_path / "cache")
    steps = Steps(tmp_path, lambda line: None)
    pythons.prepare_environment(name, tmp_path, steps)

    of_pip = [call for call in calls if call[1:3] == ["-m", "pip"]]
    assert of_pip and all("--require-hashes" in call for call in of_pip)
    # What fetches builds nothing with tools that nobody checked.
    fetches = [call for call in of_pip if "wheel" in call]
    assert fetches and all("--no-build-isolation" in call for call in fetches)
