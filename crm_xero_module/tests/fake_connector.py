# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connector in memory, in the shapes of docs/http-contract.md.

It is put in at the level of HTTP (`requests.Session.send`), so that addresses,
headers and bodies of the real client are exercised.
"""

import json
from urllib.parse import urlsplit

import requests

ADDRESS = "https://connector.test"
KEY = "xo_instance_0123456789"
CLIENT_ID = "4F2A9C71D0E84B0FA2C6"
CLIENT_SECRET = "S3cretThatMustNotStayAnywhere"
TENANT = {"id": "70784a63-d24b-46a9-a4db-0e70a274b056", "name": "Demo Company (NZ)"}
OTHER_TENANT = {"id": "b2c885a9-4bb9-4a00-9b6e-6c2bf60b1a2b", "name": "Bayside Ltd"}
AUTHORIZE_URL = "https://login.xero.test/identity/connect/authorize?state=s"


class FakeConnector:
    """Answers as the connector would; `problems` makes a call fail.

    `problems` maps (method, path's last word) to (status, code, extra), or to an
    exception of `requests` for a connector that can't be reached.
    """

    def __init__(self):
        self.calls = []
        self.problems = {}
        self.client_id = None
        self.secret_set_at = None
        self.organisations = [TENANT]
        self.authorizations = 0

    def send(self, request):
        parts = urlsplit(request.url)
        body = json.loads(request.body) if request.body else None
        self.calls.append((request.method, parts.path, body))
        problem = self.problems.get((request.method, parts.path.rsplit("/")[-1]))
        if isinstance(problem, Exception):
            raise problem
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            problem = (401, "instance_key_invalid", {})
        if problem:
            return self._problem(*problem)
        return self._answer(request.method, parts.path, body)

    def called(self, method, word):
        return [c for c in self.calls if c[0] == method and c[1].endswith(word)]

    def _answer(self, method, path, body):
        if path == "/v1/app":
            return self._set_app(body) if method == "PUT" else self._json(self.app())
        if path == "/v1/authorizations":
            self.authorizations += 1
            return self._json(
                {
                    "id": f"a{self.authorizations}",
                    "authorize_url": AUTHORIZE_URL,
                    "expires_at": "2026-11-22T03:20:00Z",
                },
                201,
            )
        if path.endswith("/completion"):
            return self._complete(body)
        return self._problem(404, "not_found", {})

    def app(self):
        return {
            "instance": {"id": "i1", "name": "Demo", "return_origin": "http://odoo"},
            "client_id": self.client_id,
            "secret_set_at": self.secret_set_at,
            "verified": True if self.client_id else None,
            "redirect_uri": f"{ADDRESS}/oauth/callback",
            "tier": "starter",
        }

    def _set_app(self, body):
        if body["client_secret"] != CLIENT_SECRET:
            return self._problem(422, "xero_client_invalid", {})
        self.client_id = body["client_id"]
        self.secret_set_at = "2026-11-03T10:12:00Z"
        return self._json(self.app())

    def _complete(self, body):
        chosen = body["organisation"]
        if not chosen and len(self.organisations) > 1:
            return self._json({"status": "choose", "organisations": self.organisations})
        tenant = next(
            t for t in self.organisations if not chosen or t["id"] == chosen
        )
        return self._json(
            {"status": "connected", "connection": self.connection(tenant)}
        )

    def connection(self, tenant):
        return {
            "id": f"c-{tenant['id'][:8]}",
            "organisation": tenant,
            "state": "connected",
            "state_code": None,
            "connected_at": "2026-11-22T03:15:00Z",
            "token_refreshed_at": "2026-11-22T03:15:00Z",
            "budget": {
                "day_remaining": 998,
                "minute_remaining": 58,
                "day_limit": 1000,
                "as_of": "2026-11-22T03:15:00Z",
            },
            "feed": {"epoch": "e1", "head": 0, "acknowledged": 0, "consumer": None},
        }

    def _problem(self, status, code, extra):
        problem = {
            "type": "about:blank",
            "title": code,
            "status": status,
            "detail": code,
            "code": code,
            "request_id": "r1",
            **extra,
        }
        return self._json(problem, status, "application/problem+json")

    def _json(self, answer, status=200, content_type="application/json"):
        response = requests.Response()
        response.status_code = status
        response.headers["Content-Type"] = content_type
        response._content = json.dumps(answer).encode()
        return response


class FakeConnectorCase:
    """For a test class: the connector's address and key are set, it is in memory."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connector = FakeConnector()
        set_param = cls.env["ir.config_parameter"].set_param
        set_param("crm_xero_module.connector_url", ADDRESS)
        set_param("crm_xero_module.instance_key", KEY)

    def setUp(self):
        super().setUp()
        self.connector.__init__()

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        if request.url.startswith(ADDRESS):
            return cls.connector.send(request)
        return super()._request_handler(session, request, **kwargs)
