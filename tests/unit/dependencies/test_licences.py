"""The list of licences is complete and true to the pins, and nothing in it is amiss."""

import pytest

from infra.dependencies import licences
from infra.dependencies.locks import FUNCTIONS, pins
from infra.host.pythons import REQUIREMENTS

LISTED = list(licences.rows(licences.DOCUMENT.read_text()))
LOCKS = {**FUNCTIONS, **REQUIREMENTS}


@pytest.mark.parametrize("name", LOCKS)
def test_the_list_has_what_is_pinned_and_no_more(name):
    listed = {package for package, _, users in LISTED if name in users}
    assert listed == set(pins(LOCKS[name]).items())


def test_lgpl_can_live_with_all_of_them():
    unfit = {name for (name, _), licence, _ in LISTED if not licences.fits(licence)}
    assert unfit == set(licences.ONLY_USED)


def test_what_is_only_used_is_not_carried():
    carried = {name for lock in FUNCTIONS.values() for name in pins(lock)}
    assert carried & set(licences.ONLY_USED) == set()


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        ("MIT", True),
        ("Apache Software License; BSD License", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("MIT OR GPL-2.0-only", True),
        ("MIT AND GPL-2.0-only", False),
        ("BSD License; Other/Proprietary License", False),
        ("AGPL-3.0-or-later", False),
        ("SSPL-1.0", False),
        ("UNKNOWN", False),
    ],
)
def test_a_licence_is_judged_as_it_is_written(told, fits):
    assert licences.fits(licences.licence("some-package", told)) is fits
