"""Downloads are kept in the user's cache, and checked when they are used."""

from pathlib import Path

import pytest

from infra.host.errors import HostError
from infra.host.packages import packages


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "xero-for-odoo-crm" / "debian"


def fetch(target: Path, work: Path) -> None:
    (target / "one_1_all.deb").write_bytes(b"one")


def never(target: Path, work: Path) -> None:
    raise AssertionError("fetched again")


def test_a_second_checkout_fetches_nothing(cache: Path) -> None:
    packages("set", fetch, 0)
    assert packages("set", never, 0) == [cache / "set" / "one_1_all.deb"]


def test_an_interrupted_download_begins_anew(cache: Path) -> None:
    def half(target: Path, work: Path) -> None:
        (target / "half_1_all.deb").touch()
        raise HostError("network", "gone", "again")

    with pytest.raises(HostError):
        packages("set", half, 0)
    assert packages("set", fetch, 0) == [cache / "set" / "one_1_all.deb"]


@pytest.mark.parametrize("damage", [b"other", None])
def test_a_damaged_cache_is_named(cache: Path, damage: bytes | None) -> None:
    (file,) = packages("set", fetch, 0)
    file.unlink() if damage is None else file.write_bytes(damage)
    with pytest.raises(HostError, match="The cache is damaged.*remove"):
        packages("set", never, 0)


def test_too_little_space_is_said_before_the_download(cache: Path) -> None:
    with pytest.raises(HostError, match="No disk space.*XDG_CACHE_HOME"):
        packages("set", never, 10**9)
