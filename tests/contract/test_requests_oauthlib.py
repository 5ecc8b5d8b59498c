"""A general OAuth library signs in at the simulator, with PKCE, and keeps signed in."""

import json
import subprocess
import sys

import jwt
import pytest
import requests
from oauthlib.oauth2 import InvalidGrantError
from requests_oauthlib import OAuth2Session

REDIRECT = "http://localhost:8070/oauth/callback"
SCOPES = ["openid", "email", "offline_access", "accounting.contacts.read"]


@pytest.fixture(scope="module")
def simulator():
    command = [
        *(sys.executable, "-m", "infra.xero_simulator", "--port", "0"),
        *("--client-id", "client", "--client-secret", "secret"),
        *("--redirect-uri", REDIRECT, "--contacts", "0"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    yield json.loads(process.stdout.readline())["simulator"]
    process.terminate()
    process.wait(timeout=60)


@pytest.fixture
def session(monkeypatch) -> OAuth2Session:
    # oauthlib insists on https, and on the granted scopes being those asked for.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")
    return OAuth2Session("client", redirect_uri=REDIRECT, scope=SCOPES, pkce="S256")


def sign_in(simulator: str, session: OAuth2Session) -> dict:
    address, _ = session.authorization_url(f"{simulator}/identity/connect/authorize")
    allowed = requests.post(address, data={"decision": "allow"}, allow_redirects=False)
    return session.fetch_token(
        f"{simulator}/connect/token",
        authorization_response=allowed.headers["Location"],
        client_secret="secret",
    )


def test_code_flow_with_pkce(simulator, session):
    token = sign_in(simulator, session)
    assert token["expires_in"] == 1800
    (connection,) = session.get(f"{simulator}/connections").json()
    assert connection["tenantType"] == "ORGANISATION"


def test_refreshed_token_reads_too(simulator, session):
    before = sign_in(simulator, session)
    after = session.refresh_token(
        f"{simulator}/connect/token", auth=("client", "secret")
    )
    assert after["refresh_token"] != before["refresh_token"]
    assert session.get(f"{simulator}/connections").status_code == 200


def test_refusal_is_understood(simulator, session):
    sign_in(simulator, session)
    with pytest.raises(InvalidGrantError):
        session.refresh_token(
            f"{simulator}/connect/token",
            refresh_token="stale",
            auth=("client", "secret"),
        )


def test_id_token_is_verified_by_the_published_key(simulator, session):
    token = sign_in(simulator, session)
    discovery = f"{simulator}/.well-known/openid-configuration"
    published = requests.get(discovery).json()
    key = jwt.PyJWKClient(published["jwks_uri"]).get_signing_key_from_jwt(
        token["id_token"]
    )
    claims = jwt.decode(
        token["id_token"],
        key,
        algorithms=published["id_token_signing_alg_values_supported"],
        audience="client",
        issuer=published["issuer"],
    )
    assert claims["email"] == "aroha.ngata@people.example"
