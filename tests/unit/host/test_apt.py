"""What the set-up reads out of apt's answers."""

from pathlib import Path

import pytest

from infra.host import apt
from infra.host.errors import HostError

URIS = """Reading package lists...
'http://mirror.example/debian/pool/main/c/c/chromium_140%3a1-2%7edeb12_amd64.deb' \
chromium_140%3a1-2%7edeb12_amd64.deb 80000000 SHA256:00ff
'http://mirror.example/debian/pool/main/g/g/libc6_2.36-9_amd64.deb' \
libc6_2.36-9_amd64.deb 2750000 SHA256:11ee
'http://mirror.example/debian/pool/main/n/nss/libnss3_2%3a3.87_amd64.deb' \
libnss3_2%3a3.87_amd64.deb 1300000
"""


def test_packages_are_named_with_the_version_that_apt_chose() -> None:
    assert apt.parse_uris(URIS) == ["chromium=140:1-2~deb12", "libnss3=2:3.87"]


def test_the_c_library_stays_the_machines_own() -> None:
    assert not [name for name in apt.parse_uris(URIS) if name.startswith("libc6=")]


def test_nothing_is_missing_when_apt_prints_no_address() -> None:
    assert apt.parse_uris("Reading package lists...\nDone\n") == []


def test_each_version_of_a_package_is_a_paragraph() -> None:
    text = "Package: odoo-19\nVersion: 2\nDescription: x\n more\n\nVersion: 1\n"
    assert [stanza["Version"] for stanza in apt.parse_stanzas(text)] == ["2", "1"]


def test_mirror_is_what_an_index_calls_debian() -> None:
    origins = [
        ("http://one.example/debian/", "Debian"),
        ("http://one.example/debian-security/", "Debian"),
        ("http://cloud.example/apt/", "Cloud"),
    ]
    assert apt.mirrors_among(origins, []) == ["http://one.example/debian"]


def test_without_lists_the_mirror_is_found_among_the_sources() -> None:
    addresses = [
        "http://two.example/debian/dists/bookworm/InRelease",
        "http://two.example/debian/dists/bookworm-updates/InRelease",
        "http://two.example/debian-security/dists/bookworm-security/InRelease",
        "https://other.example/linux/ubuntu/dists/noble/InRelease",
    ]
    assert apt.mirrors_among([], addresses) == ["http://two.example/debian"]


def test_what_an_index_calls_debian_is_tried_before_what_looks_like_it() -> None:
    found = apt.mirrors_among(
        [("http://sure.example/debian/", "Debian")],
        ["https://vendor.example/linux/debian/dists/bookworm/InRelease"],
    )
    assert found == [
        "http://sure.example/debian",
        "https://vendor.example/linux/debian",
    ]


def test_chosen_mirror_is_used_alone(tmp_path: Path) -> None:
    chosen = "http://mine.example/debian/"
    assert apt.debian_mirrors(chosen, tmp_path) == ["http://mine.example/debian"]


def test_no_mirror_is_one_line_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apt.PrivateApt, "index_origins", lambda self: [])
    monkeypatch.setattr(apt.PrivateApt, "index_addresses", lambda self: [])
    with pytest.raises(HostError, match=r"No Debian mirror.*DEBIAN_MIRROR") as raised:
        apt.debian_mirrors("", tmp_path)
    assert "\n" not in str(raised.value)


def test_a_machine_without_apt_is_told_what_to_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apt.shutil, "which", lambda name: None)
    with pytest.raises(HostError, match="No apt.*ODOO_HOME, PGHOST and CHROMIUM"):
        apt.this_machine()


def test_private_apt_works_in_its_own_folder_only(tmp_path: Path) -> None:
    line = "deb http://mirror.example/debian sid main"
    apt.private_apt(tmp_path, [line])
    settings = (tmp_path / "apt.conf").read_text()
    assert (tmp_path / "sources.list").read_text() == f"{line}\n"
    assert f'Dir::State::Lists "{tmp_path}/lists";' in settings
    assert f'Dir::Cache "{tmp_path}/cache";' in settings
    assert 'Dir::Etc::SourceParts "/nonexistent";' in settings


def test_folders_with_private_libraries_are_on_the_library_path(tmp_path: Path) -> None:
    triplet = next(iter(apt.library_path(tmp_path).split(":")))
    private = Path(triplet) / "pulseaudio"
    private.mkdir(parents=True)
    (private / "libpulsecommon-16.1.so").touch()
    assert str(private) in apt.library_path(tmp_path).split(":")
