# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fake connector's other half: the Xero app, and the login at Xero."""

from odoo.tools import SQL

from .common import ADDRESS, KEY, KEY_PARAMETER, URL_PARAMETER, FakeConnector

CLIENT_ID = "4F2A9C71D0E84B0FA2C6"
CLIENT_SECRET = "S3cretThatMustNotStayAnywhere"
TENANT = {"id": "70784a63-d24b-46a9-a4db-0e70a274b056", "name": "Demo Company (NZ)"}
OTHER_TENANT = {"id": "b2c885a9-4bb9-4a00-9b6e-6c2bf60b1a2b", "name": "Bayside Ltd"}
AUTHORIZE_URL = "https://login.xero.com/identity/connect/authorize?state=s"


class ConnectingConnector(FakeConnector):
    """Holds a Xero app and completes logins.

    `refusals` maps (method, the path's last word) to (status, code, further
    members), or to an exception for a connector that can't be reached. `received`
    is what came: (method, the path's last word, body).
    """

    def __init__(self):
        super().__init__()
        self.refusals = {}
        self.received = []
        self.client_id = None
        self.secret_set_at = None
        self.organisations = [TENANT]
        self.authorizations = 0

    def bodies_of(self, method, word):
        """The bodies that one kind of call brought."""
        return [body for m, w, body in self.received if (m, w) == (method, word)]

    def app(self):
        return {
            "instance": {"id": "i1", "name": "Demo", "return_origin": "http://odoo"},
            "client_id": self.client_id,
            "secret_set_at": self.secret_set_at,
            "verified": True if self.client_id else None,
            "redirect_uri": f"{ADDRESS}/oauth/callback",
            "tier": "starter",
            "webhooks": self.webhooks,
        }

    def _route_freshness(self, method, path, query, body):
        refused = self._received(method, path, body)
        # A refusal is a response that counts as false.
        if refused is not None:
            return refused
        return super()._route_freshness(method, path, query, body)

    def _received(self, method, path, body):
        """Remember a call; its refusal, if it is to be refused."""
        self.received.append((method, path[-1], body))
        refusal = self.refusals.get((method, path[-1]))
        if isinstance(refusal, Exception):
            raise refusal
        if refusal:
            status, code, extra = refusal
            return self.problem(status, code, **extra)
        return None

    def _route(self, method, path, query, body):
        match (method, *path):
            case ("GET", "app"):
                return self.respond(200, self.app())
            case ("PUT", "app"):
                return self._set_app(body)
            case ("POST", "authorizations"):
                return self._authorize()
            case ("POST", "authorizations", _authorization, "completion"):
                return self._complete(body["organisation"])
        return super()._route(method, path, query, body)

    def _set_app(self, body):
        if body["client_secret"] != CLIENT_SECRET:
            return self.problem(422, "xero_client_invalid")
        self.client_id = body["client_id"]
        self.secret_set_at = "2026-11-03T10:12:00.442Z"
        return self.respond(200, self.app())

    def _authorize(self):
        self.authorizations += 1
        return self.respond(
            201,
            {
                "id": f"a{self.authorizations}",
                "authorize_url": AUTHORIZE_URL,
                "expires_at": "2026-11-22T03:20:00Z",
            },
        )

    def _complete(self, chosen):
        organisations = self.organisations
        if not chosen and len(organisations) > 1:
            return self.respond(
                200, {"status": "choose", "organisations": organisations}
            )
        self.tenant = next(
            each for each in organisations if not chosen or each["id"] == chosen
        )
        connected = {"status": "connected", "connection": self.connection()}
        return self.respond(200, connected)


class ConnectingCase:
    """For a test class: a connector in memory, its address and key entered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_param = cls.env["ir.config_parameter"].set_param
        set_param(URL_PARAMETER, ADDRESS)
        set_param(KEY_PARAMETER, KEY)

    def setUp(self):
        super().setUp()
        type(self).connector = ConnectingConnector()

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if r.url.startswith(ADDRESS):
            return cls.connector.handle(r)
        return super()._request_handler(s, r, **kw)

    def tables_holding(self, text):
        """The tables of the database in which a text stands anywhere."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT table_name FROM information_schema.tables
               WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"""
        )
        tables = [name for (name,) in self.env.cr.fetchall()]
        return [
            table
            for table in tables
            if self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s t WHERE t::text LIKE %s LIMIT 1",
                    SQL.identifier(table),
                    f"%{text}%",
                )
            )
        ]
