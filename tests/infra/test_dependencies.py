"""What this machine has of the dependencies, and what is known of them."""

import json
import threading
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response
from werkzeug.serving import make_server

from infra.dependencies import audit, licences
from infra.dependencies.locks import FUNCTIONS, pins
from infra.host.host import extra_python

# What the advisory service below knows of besides what everybody knows.
SEEDED = ("jmespath", pins(FUNCTIONS["webhook"])["jmespath"])


@pytest.fixture
def advisories() -> Iterator[str]:
    """The address of a service that answers as OSV does."""
    known = {SEEDED: "SEEDED-1", tuple(audit.KNOWN_TO_BE_BAD.split("==")): "OLD-1"}

    @Request.application
    def answer(request: Request) -> Response:
        asked = request.get_json(force=True)
        name, version = asked["package"]["name"], asked["version"]
        if (name, version) not in known:
            return Response("{}")
        affected = {
            "package": {"name": name, "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }
        advisory = {
            "id": known[name, version],
            "summary": "Seeded",
            "published": "2026-01-01T00:00:00Z",
            "affected": [affected],
        }
        return Response(json.dumps({"vulns": [advisory]}))

    server = make_server("127.0.0.1", 0, answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/v1/query"
    server.shutdown()
    thread.join()


def test_a_vulnerability_that_is_known_is_found(advisories, monkeypatch, capsys):
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", advisories)
    monkeypatch.setattr(audit, "SERVICES", ("osv",))
    monkeypatch.setattr(audit, "LOCKS", [FUNCTIONS["webhook"]])
    assert audit.main() == 1
    # Before it, on a new machine: that its environment was installed.
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "audit: lambda_connector/requirements/webhook.txt:"
        " 3 packages asked about, 1 vulnerable",
        f"  VULNERABLE {' '.join(SEEDED)}: SEEDED-1",
    ]


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
