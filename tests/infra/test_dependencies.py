"""What this machine has of the dependencies, and what is known of them."""

import pytest

from infra.dependencies import audit, licences
from infra.host.host import extra_python


def test_nothing_that_is_pinned_is_known_to_be_vulnerable(capsys):
    code = audit.main()
    said = capsys.readouterr().out
    if code == audit.NOT_ASKED:
        pytest.skip(f"No advisory data: {said.strip().splitlines()[-1]}")
    assert code == 0, said


def test_the_packages_are_under_the_licences_that_are_listed():
    listed = {
        (package, licence)
        for package, licence, _ in licences.rows(licences.DOCUMENT.read_text())
    }
    found = licences.licences(extra_python("audit"), "connector")
    assert set(found.items()) - listed == set()
