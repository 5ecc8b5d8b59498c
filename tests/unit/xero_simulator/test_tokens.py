"""How long codes and tokens live, and how often they may be used."""

import base64
import hashlib

import jwt
import pytest

REDIRECT = "https://connector.example/oauth/callback"
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .rstrip(b"=")
    .decode()
)


def exchange(xero, code, client=("client", "secret"), redirect=REDIRECT, **form):
    return xero.token(
        client,
        grant_type="authorization_code",
        code=code,
        redirect_uri=redirect,
        **form,
    )


def refresh(xero, token, client=("client", "secret")):
    return xero.token(client, grant_type="refresh_token", refresh_token=token)


def refused(answer, code) -> bool:
    return answer.status_code == 400 and answer.json["error"] == code


def claims(xero, token, audience="https://identity.xero.com/resources") -> dict:
    """The claims, checked by the published key as any client would."""
    keys = xero.http.get("/.well-known/openid-configuration/jwks").json
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(
        token, key, algorithms=["RS256"], audience=audience, options={"verify_exp": 0}
    )


def test_code_is_good_once(xero):
    code = xero.code()
    assert exchange(xero, code).status_code == 200
    assert refused(exchange(xero, code), "invalid_grant")


def test_code_lives_five_minutes(xero):
    early, late = xero.code(), xero.code()
    xero.advance(minutes=5)
    assert exchange(xero, early).status_code == 200
    xero.advance(seconds=1)
    assert refused(exchange(xero, late), "invalid_grant")


def test_code_needs_the_same_redirect_address(xero):
    answer = exchange(xero, xero.code(), redirect="https://connector.example/")
    assert refused(answer, "invalid_grant")


def test_code_belongs_to_its_app(xero):
    assert refused(exchange(xero, xero.code(), ("other", "word")), "invalid_grant")


@pytest.mark.parametrize("verifier", ["", "w" * 64])
def test_pkce_refuses_a_wrong_or_missing_verifier(xero, verifier):
    code = xero.code(code_challenge=CHALLENGE, code_challenge_method="S256")
    answer = exchange(xero, code, code_verifier=verifier)
    assert refused(answer, "invalid_grant")


def test_pkce_accepts_the_verifier(xero):
    code = xero.code(code_challenge=CHALLENGE, code_challenge_method="S256")
    assert exchange(xero, code, code_verifier=VERIFIER).status_code == 200


def test_native_app_proves_itself_by_pkce_alone(xero):
    code = xero.code(
        client_id="native", code_challenge=CHALLENGE, code_challenge_method="S256"
    )
    answer = exchange(xero, code, None, client_id="native", code_verifier=VERIFIER)
    assert answer.status_code == 200


@pytest.mark.parametrize("client", [("client", "wrong"), ("nobody", "secret"), None])
def test_wrong_credentials_are_invalid_client(xero, client):
    assert refused(exchange(xero, xero.code(), client), "invalid_client")


def test_credentials_may_come_in_the_form(xero):
    answer = exchange(
        xero, xero.code(), None, client_id="client", client_secret="secret"
    )
    assert answer.status_code == 200


def test_unknown_grant_type_is_refused(xero):
    assert refused(xero.token(grant_type="password"), "unsupported_grant_type")


def test_refresh_rotates(xero):
    first = xero.consent()["refresh_token"]
    second = refresh(xero, first).json["refresh_token"]
    assert second != first
    assert refresh(xero, second).status_code == 200


def test_used_refresh_token_works_for_thirty_minutes_more(xero):
    first = xero.consent()["refresh_token"]
    lost = refresh(xero, first)
    xero.advance(minutes=30)
    assert refresh(xero, first).status_code == 200
    xero.advance(seconds=1)
    assert refused(refresh(xero, first), "invalid_grant")
    assert refresh(xero, lost.json["refresh_token"]).status_code == 200


def test_grace_is_counted_from_the_first_use(xero):
    first = xero.consent()["refresh_token"]
    refresh(xero, first)
    xero.advance(minutes=20)
    refresh(xero, first)
    xero.advance(minutes=20)
    assert refused(refresh(xero, first), "invalid_grant")


def test_unused_refresh_token_lives_sixty_days(xero):
    early, late = xero.consent(), xero.consent()
    xero.advance(days=60)
    assert refresh(xero, early["refresh_token"]).status_code == 200
    xero.advance(seconds=1)
    assert refused(refresh(xero, late["refresh_token"]), "invalid_grant")


def test_refresh_token_belongs_to_its_app(xero):
    token = xero.consent()["refresh_token"]
    assert refused(refresh(xero, token, ("other", "word")), "invalid_grant")


def test_no_refresh_token_without_offline_access(xero):
    assert "refresh_token" not in xero.consent(scope="accounting.contacts.read")


def test_id_token_with_openid_only(xero):
    assert "id_token" not in xero.consent()
    answer = xero.consent(scope="openid email accounting.contacts.read")
    known = claims(xero, answer["id_token"], "client")
    assert known["email"] == "aroha.ngata@people.example"
    assert known["exp"] - known["iat"] == 300


def test_access_token_names_its_consent(xero):
    answer = xero.consent()
    known = claims(xero, answer["access_token"])
    assert answer["expires_in"] == known["exp"] - known["iat"] == 1800
    assert known["client_id"] == "client"
    assert known["xero_userid"] == xero.adviser.user_id
    rows = xero.http.get(
        f"/connections?authEventId={known['authentication_event_id']}",
        headers={"Authorization": f"Bearer {answer['access_token']}"},
    ).json
    assert [row["tenantId"] for row in rows] == [xero.first.tenant_id]


def test_scopes_add_up_over_consents(xero):
    xero.consent(scope="offline_access accounting.contacts.read")
    answer = xero.consent(scope="offline_access accounting.settings.read")
    assert answer["scope"].split() == [
        "accounting.contacts.read",
        "accounting.settings.read",
        "offline_access",
    ]


def test_app_token_lists_the_apps_connections(xero):
    xero.consent()
    xero.consent({"user": xero.bookkeeper.user_id})
    answer = xero.token(grant_type="client_credentials", scope="app.connections")
    assert answer.status_code == 200
    assert "refresh_token" not in answer.json
    bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert len(xero.http.get("/connections", headers=bearer).json) == 2


@pytest.mark.parametrize("scope", ["", "accounting.contacts.read"])
def test_app_token_has_no_other_scope(xero, scope):
    answer = xero.token(grant_type="client_credentials", scope=scope)
    assert refused(answer, "invalid_scope")


def test_app_token_needs_the_right_secret(xero):
    answer = xero.token(("client", "no"), grant_type="client_credentials")
    assert refused(answer, "invalid_client")


def test_revoking_ends_all_of_the_users_connections_and_no_others(xero):
    mine = xero.consent()
    xero.consent({"organisation": xero.second.tenant_id})
    xero.consent({"user": xero.bookkeeper.user_id})
    answer = xero.http.post(
        "/connect/revocation",
        data={"token": mine["refresh_token"]},
        auth=("client", "secret"),
    )
    assert (answer.status_code, answer.data) == (200, b"")
    assert refused(refresh(xero, mine["refresh_token"]), "invalid_grant")
    left = xero.simulator.registry.connections(xero.simulator.registry.apps["client"])
    assert [row.user for row in left] == [xero.bookkeeper]


def test_revoking_an_unknown_token_is_no_error(xero):
    answer = xero.http.post(
        "/connect/revocation", data={"token": "?"}, auth=("client", "secret")
    )
    assert answer.status_code == 200
