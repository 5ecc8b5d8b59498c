"""What is told of each call of Xero: enough to find it there, and nothing of whom."""

from __future__ import annotations

import base64
import json
import logging
from io import StringIO
from typing import Any

import pytest

from lambda_connector.handlers.observability import observer
from lambda_connector.logic.faults import XeroFault
from lambda_connector.logic.observer import Observer, XeroCall
from lambda_connector.logic.ports import DocumentRequest, PageRequest
from lambda_connector.xero.accounting import HttpXeroApi
from lambda_connector.xero.http import template
from lambda_connector.xero.identity import HttpXeroIdentity

from .answering import Server

ID = "0a1b2c3d-0000-4000-8000-00000000000a"
SECRETS = ("secret-of-the-app", "code-of-the-consent", "verifier-of-the-consent")


@pytest.fixture
def told() -> list[XeroCall]:
    return []


@pytest.fixture
def api(server: Server, told: list[XeroCall]) -> HttpXeroApi:
    return HttpXeroApi(server.url, 5.0, observer=Observer(xero_called=told.append))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api.xro/2.0/Contacts", "/api.xro/2.0/Contacts"),
        (f"/api.xro/2.0/Contacts/{ID}", "/api.xro/2.0/Contacts/{id}"),
        (f"/api.xro/2.0/Invoices/{ID}/pdf", "/api.xro/2.0/Invoices/{id}/pdf"),
        (f"/connections/{ID}?authEventId=5", "/connections/{id}"),
        ("/connect/token", "/connect/token"),
        ("/api.xro/2.0/Contacts/Ana%20Rangi", "/api.xro/2.0/Contacts/{id}"),
    ],
)
def test_path_is_without_ids(path: str, told: str) -> None:
    assert template(f"https://api.xero.com{path}") == told


def test_call_is_told_with_xeros_own_id_and_what_is_left(
    server: Server, api: HttpXeroApi, told: list[XeroCall]
) -> None:
    server.headers = {
        "xero-correlation-id": "c" * 100,
        "X-DayLimit-Remaining": "812",
        "X-MinLimit-Remaining": "59",
    }
    api.read("token", "tenant", PageRequest("Contacts", {"where": "Name=Ana"}))
    (call,) = told
    assert (call.method, call.path, call.status) == (
        "GET",
        "/api.xro/2.0/Contacts",
        200,
    )
    assert call.xero_correlation == "c" * 64
    assert (call.day_remaining, call.minute_remaining) == ("812", "59")
    assert 0 < call.seconds < 5


def test_refusals_and_lost_calls_are_told_too(
    server: Server, api: HttpXeroApi, told: list[XeroCall]
) -> None:
    server.status = 503
    with pytest.raises(XeroFault):
        api.document("token", "tenant", DocumentRequest("Contacts", 1000))
    nobody = HttpXeroApi("http://127.0.0.1:1", 1.0, observer=api.observer)
    with pytest.raises(XeroFault):
        nobody.tenants("token", None)
    assert [(call.status, call.fault) for call in told] == [
        (503, None),
        (None, "Unavailable"),
    ]


def test_tokens_are_got_in_calls_that_are_told(
    server: Server, told: list[XeroCall]
) -> None:
    of_xero = Observer(xero_called=told.append)
    identity = HttpXeroIdentity(server.url, server.url, 5.0, observer=of_xero)
    with pytest.raises(XeroFault):
        identity.exchange("client", "secret", "code", "https://c/cb", None)
    with pytest.raises(XeroFault):
        identity.refresh("client", "secret", "token")
    assert [(call.method, call.path) for call in told] == [
        ("POST", "/connect/token"),
        ("POST", "/connect/token"),
    ]


def test_most_talkative_log_has_no_secret_in_it(
    server: Server, caplog: Any, log: StringIO
) -> None:
    """requests-oauthlib and oauthlib write tokens, codes and secrets at DEBUG, which
    is the root's level where it is the function's."""
    caplog.set_level(logging.DEBUG)
    claims = base64.urlsafe_b64encode(b'{"xero_userid": "u"}').decode().rstrip("=")
    access, refresh = f"header-of.{claims}.signature-of", "refresh-token-of-it"
    server.body = json.dumps(
        {"access_token": access, "refresh_token": refresh, "token_type": "Bearer"}
    ).encode()
    secret, code, verifier = SECRETS
    identity = HttpXeroIdentity(server.url, server.url, 5.0, observer=observer)
    identity.exchange("client", secret, code, "https://c/cb", verifier)
    identity.refresh("client", secret, refresh)
    written = caplog.text + log.getvalue()
    assert "Xero was called" in written
    for each in (*SECRETS, access, refresh):
        assert each not in written
