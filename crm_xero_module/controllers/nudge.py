# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import logging
import time
from collections import defaultdict, deque

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..services.connector.correlation import HEADER, named

_logger = logging.getLogger(__name__)

# A nudge is one id; what is longer is none.
LONGEST_BODY = 1000
LONGEST_ID = 100
# The cron is woken so often within so many seconds. More than one at a time, because
# the last nudge of a burst tells of the end.
NUDGES, SECONDS = 3, 6.0

clock = time.monotonic
# By database and connection, when this process last woke the cron.
_woken = defaultdict(lambda: deque(maxlen=NUDGES))


class XeroNudge(http.Controller):
    """The connector says that something waits for one of our connections.

    Anybody may say so: nothing is believed, read or answered. Odoo only looks a little
    earlier than it would have within the minute, which is all that a lost nudge costs.
    """

    @http.route(
        "/xero/nudge",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        readonly=False,
        save_session=False,
        max_content_length=LONGEST_BODY,
    )
    def nudge(self, **_kwargs):
        """Look what waits soon, where a connection of this database is named."""
        ref = _connection_named(request.httprequest)
        if ref and request.db:
            trace = named(request.httprequest.headers.get(HEADER))
            _wake(request.env(user=SUPERUSER_ID), ref, trace)
        return request.make_response(b"", status=204)


def _connection_named(httprequest):
    """The id in the body, or None where it is no nudge."""
    if not 0 < (httprequest.content_length or 0) <= LONGEST_BODY:
        return None
    try:
        body = json.loads(httprequest.get_data())
    except (ValueError, RecursionError):
        return None
    ref = body.get("connection") if isinstance(body, dict) else None
    is_id = isinstance(ref, str) and 0 < len(ref) <= LONGEST_ID and "\0" not in ref
    return ref if is_id else None


def _wake(env, ref, trace):
    # Found in here it is a connection: strangers' ids must not fill the memory.
    woken = _woken.get((env.cr.dbname, ref), ())
    now = clock()
    if len(woken) == NUDGES and now - woken[0] < SECONDS:
        return
    connections = env["xero.connection"]
    if connections.search_count([("connector_ref", "=", ref)], limit=1):
        _woken[env.cr.dbname, ref].append(now)
        _logger.info("Xero: told that something waits (trace %s)", trace)
        connections._wake()
