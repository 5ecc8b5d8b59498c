"""Which Odoo is used."""

from pathlib import Path

import pytest

from infra.host import odoo
from infra.host.errors import HostError

RELEASE = 'version_info = (19, 0, 0, FINAL, 0, "")\n'


def stanza(version: str) -> dict[str, str]:
    return {"Version": version, "SHA256": f"sum of {version}"}


def own(folder: Path, release: str = RELEASE) -> dict[str, str]:
    (folder / "odoo").mkdir()
    (folder / "odoo" / "release.py").write_text(release)
    return {"ODOO_HOME": str(folder)}


def test_best_19_0_is_chosen_with_its_sum() -> None:
    offered = [stanza("19.0.0+dfsg-2"), stanza("19.0.0+dfsg-1")]
    chosen = odoo.choose_release(offered)
    assert chosen == odoo.Release("19.0.0+dfsg-2", "sum of 19.0.0+dfsg-2")


def test_an_epoch_does_not_hide_the_version() -> None:
    assert odoo.choose_release([stanza("1:19.0.1-1")]).version == "1:19.0.1-1"


@pytest.mark.parametrize("offered", [[], [stanza("18.0.0-1")], [stanza("19.1-1")]])
def test_a_mirror_without_19_0_names_the_way_out(offered: list) -> None:
    with pytest.raises(HostError, match="odoo-19 is not on .*ODOO_HOME"):
        odoo.choose_release(offered)


def test_tested_release_is_recorded_with_its_sum() -> None:
    tested = odoo.tested_release()
    assert odoo.choose_release([vars(tested) | stanza(tested.version)])
    assert len(tested.sha256) == 64


def test_without_odoo_home_there_is_no_own_odoo() -> None:
    assert odoo.own_odoo({}) is None


def test_own_odoo_is_taken_where_it_is(tmp_path: Path) -> None:
    assert odoo.own_odoo(own(tmp_path)) == tmp_path


def test_own_folder_without_odoo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="ODOO_HOME is not an Odoo"):
        odoo.own_odoo({"ODOO_HOME": str(tmp_path)})


def test_own_odoo_of_another_version_is_refused(tmp_path: Path) -> None:
    older = 'version_info = (18, 0, 0, FINAL, 0, "")\n'
    with pytest.raises(HostError, match=r"not Odoo 19\.0"):
        odoo.own_odoo(own(tmp_path, older))
