# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request

from ..exceptions import ConnectorError
from ..services.health.findings import SETTINGS, SUCCESSOR, way_back
from ..services.reasons import describe

# In the session, by authorization: the connection it is for and who asked for it.
SESSION_KEY = "xero_authorizations"
REMEMBERED = 5
# What the page of a refusal leads to; from every other one the login begins anew.
ASK_AGAIN = {
    "authorization_pending",
    "connector_busy",
    "connector_unavailable",
    "connector_unreachable",
    "xero_unavailable",
}
SETTINGS_URL = "/odoo/action-crm_xero_module.xero_settings_action"
CONNECTION_URL = "/odoo/xero-connections/%s"
NEW_URL = CONNECTION_URL % "new"
NO_ANSWER = 502


def _id_of(authorization):
    """What the connector brings back is the id, a dash and the proof."""
    return authorization.partition("-")[0]


class XeroConnect(http.Controller):
    """The way to Xero's login and back.

    The connector sends the browser back to `/xero/return` with the id of an
    authorization and a proof that this browser was at Xero. Neither is worth anything
    by itself: it is completed only from the session, and by the user, that asked for
    it, and only where the browser of that session came back.
    """

    @http.route(
        "/xero/connect/<int:connection_id>", type="http", auth="user", methods=["GET"]
    )
    def connect(self, connection_id):
        """Ask the connector for an authorization and lead the browser to Xero."""
        connection = self._connection(connection_id)
        try:
            authorization = connection._authorize()
        except ConnectorError as error:
            again = f"/xero/connect/{connection.id}"
            return self._refuse(error, connection, again=again)
        self._remember(authorization["id"], connection)
        return request.redirect(authorization["authorize_url"], local=False)

    @http.route(
        "/xero/successor/<int:connection_id>",
        type="http",
        auth="user",
        methods=["POST"],
    )
    def connect_successor(self, connection_id):
        """Connect the organisation that took the place of a reset demo company."""
        connection = self._connection(connection_id)
        return self.connect(connection._successor().id)

    @http.route("/xero/return", type="http", auth="user", methods=["GET", "POST"])
    def return_from_xero(self, authorization="", organisation=None, **_kwargs):
        """Complete what `connect` began; where Xero gave several, ask which."""
        connection = self._recall(authorization)
        if not connection:
            return self._refuse(ConnectorError("login_elsewhere", 403))
        try:
            answer = connection._complete(authorization, organisation)
        except ConnectorError as error:
            again = f"/xero/return?authorization={authorization}"
            return self._refuse(error, connection, again=again)
        if answer["status"] == "choose":
            return request.render(
                "crm_xero_module.connect_choose",
                {
                    "authorization": authorization,
                    "connection_url": CONNECTION_URL % connection.id,
                    "organisations": answer["organisations"],
                },
            )
        self._forget(authorization)
        return request.redirect(CONNECTION_URL % answer["record"].id)

    def _connection(self, connection_id):
        connections = request.env["xero.connection"]
        connections._require("group_xero_administrator")
        connection = connections.browse(connection_id).exists()
        if not connection:
            raise request.not_found()
        connection.check_access("write")
        return connection

    def _remember(self, authorization, connection):
        known = list(request.session.get(SESSION_KEY, {}).items())
        known.append((authorization, [connection.id, request.env.uid]))
        request.session[SESSION_KEY] = dict(known[-REMEMBERED:])

    def _forget(self, authorization):
        known = dict(request.session[SESSION_KEY])
        known.pop(_id_of(authorization))
        request.session[SESSION_KEY] = known

    def _recall(self, authorization):
        """Return the connection that this session's user asked it for, or None."""
        known = request.session.get(SESSION_KEY, {})
        connection_id, uid = known.get(_id_of(authorization), (None, None))
        return self._connection(connection_id) if uid == request.env.uid else None

    def _refuse(self, error, connection=None, again=None):
        """Render what happened, why and what to do next."""
        start = connection and f"/xero/connect/{connection.id}"
        way = way_back(error.code)
        # A login can bring back another organisation at most.
        is_replaced = way == SUCCESSOR and connection and connection.connector_ref
        return request.render(
            "crm_xero_module.connect_refused",
            {
                "reason": describe(request.env, error.code, **error.extra),
                "code": error.code,
                "again_url": again if error.code in ASK_AGAIN else None,
                "settings_url": SETTINGS_URL if way == SETTINGS else None,
                "start_url": start if start != again and not is_replaced else None,
                "successor_url": (
                    f"/xero/successor/{connection.id}" if is_replaced else None
                ),
                "new_url": NEW_URL if error.code == "organisation_different" else None,
                "back_url": (
                    CONNECTION_URL % connection.id if connection else "/odoo/xero"
                ),
            },
            status=error.status or NO_ANSWER,
        )
