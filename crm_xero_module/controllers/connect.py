# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request

from ..exceptions import ConnectorError
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
SETTINGS = {
    "address_invalid",
    "address_missing",
    "address_not_https",
    "app_not_set",
    "connector_answer_unreadable",
    "connector_forbidden",
    "instance_key_invalid",
    "instance_key_missing",
    "route_unknown",
    "xero_client_invalid",
}
SETTINGS_URL = "/odoo/action-crm_xero_module.xero_settings_action"
CONNECTION_URL = "/odoo/xero-connections/%s"
NEW_URL = CONNECTION_URL % "new"
# What came back from Xero needs a connection of its own.
NEW = {"demo_company_reset", "organisation_different"}
NO_ANSWER = 502


class XeroConnect(http.Controller):
    """The way to Xero's login and back.

    The connector sends the browser back to `/xero/return` with the id of an
    authorization. The id is worth nothing by itself: it is completed only from the
    session, and by the user, that asked for it.
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
            return self._refuse(error, connection, again=request.httprequest.path)
        self._remember(authorization["id"], connection)
        return request.redirect(authorization["authorize_url"], local=False)

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
        known.pop(authorization)
        request.session[SESSION_KEY] = known

    def _recall(self, authorization):
        """Return the connection that this session's user asked it for, or None."""
        known = request.session.get(SESSION_KEY, {})
        connection_id, uid = known.get(authorization, (None, None))
        return self._connection(connection_id) if uid == request.env.uid else None

    def _refuse(self, error, connection=None, again=None):
        """Render what happened, why and what to do next."""
        start = connection and f"/xero/connect/{connection.id}"
        if error.code == "demo_company_reset":
            # Its organisation is gone: no login brings it back.
            start = None
        return request.render(
            "crm_xero_module.connect_refused",
            {
                "reason": describe(request.env, error.code, **error.extra),
                "code": error.code,
                "again_url": again if error.code in ASK_AGAIN else None,
                "settings_url": SETTINGS_URL if error.code in SETTINGS else None,
                "start_url": start if start != again else None,
                "new_url": NEW_URL if error.code in NEW else None,
                "back_url": (
                    CONNECTION_URL % connection.id if connection else "/odoo/xero"
                ),
            },
            status=error.status or NO_ANSWER,
        )
