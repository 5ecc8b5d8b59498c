"""An audit that could ask nobody never says that all is well."""

import json
import sys
from pathlib import Path

import pytest

from infra.dependencies import audit
from infra.dependencies.audit import NOT_ASKED, Answer, answer, verdict

GOOD = {"name": "good", "version": "1.0", "vulns": []}
BAD = {"name": "bad", "version": "2.0", "vulns": [{"id": "PYSEC-1"}, {"id": "GHSA-2"}]}
SKIPPED = {"name": "gone", "skip_reason": "Dependency not found"}


def said(*dependencies: dict) -> Answer:
    return answer(json.dumps({"dependencies": dependencies, "fixes": []}))


def test_a_vulnerability_weighs_more_than_what_was_not_asked():
    found = said(GOOD, BAD, SKIPPED)
    assert found == Answer(2, ["bad 2.0: PYSEC-1, GHSA-2"], ["gone"])
    assert verdict([said(GOOD), found]) == 1


@pytest.mark.parametrize(
    "answers",
    [
        [said(GOOD), said(SKIPPED)],
        [said(GOOD), said(GOOD, SKIPPED)],
        [said(GOOD), answer("")],
        [answer("Traceback (most recent call last):")],
    ],
)
def test_what_was_not_asked_is_not_well(answers):
    assert verdict(answers) == NOT_ASKED


def test_all_is_well_when_all_was_asked():
    assert verdict([said(GOOD), said(GOOD)]) == 0


def test_the_report_counts_what_was_asked():
    lock, other = (audit.PROJECT / name for name in ("a.txt", "b.txt"))
    lines = audit.report({lock: said(GOOD, BAD, SKIPPED), other: said(SKIPPED)})
    assert lines == [
        "audit: a.txt: 2 packages asked about, 1 vulnerable",
        "  VULNERABLE bad 2.0: PYSEC-1, GHSA-2",
        "  NOT ASKED gone",
        "audit: b.txt: NOT ASKED",
        "  NOT ASKED gone",
    ]


@pytest.mark.parametrize(
    ("answers", "chosen"),
    [
        ({"pypi": [SKIPPED], "osv": [BAD]}, "osv"),
        # An index that serves pages without advisories knows of nothing bad.
        ({"pypi": [GOOD], "osv": [SKIPPED]}, None),
        ({"pypi": [BAD], "osv": [BAD]}, "pypi"),
    ],
)
def test_only_who_knows_what_everybody_knows_is_asked(monkeypatch, answers, chosen):
    monkeypatch.setattr(audit, "ask", lambda _, service, __: said(*answers[service]))
    assert audit.reachable_service(Path(sys.executable)) == chosen


def test_without_advisory_data_the_audit_was_not_done(monkeypatch, capsys):
    monkeypatch.setattr(audit, "extra_python", lambda name: Path(sys.executable))
    monkeypatch.setattr(audit, "ask", lambda *_: said(SKIPPED))
    assert audit.main() == NOT_ASKED
    out = capsys.readouterr().out
    assert out.startswith("audit: NOT DONE. No advisory data can be reached")
    assert "well" not in out and "vulnerab" not in out
