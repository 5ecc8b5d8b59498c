# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import logging
from urllib.parse import quote, urlsplit

import requests

from ...exceptions import ConnectorError, PartUnreadable

_logger = logging.getLogger(__name__)

CONNECT_TIMEOUT = 5
# API Gateway gives up after 30 s: later answers do not exist.
READ_TIMEOUT = 35
# More does not pass the connector's gateway.
MAX_DOCUMENT_BYTES = 4_500_000
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
URL_PARAMETER = "crm_xero_module.connector_url"
KEY_PARAMETER = "crm_xero_module.instance_key"
# What a gateway or proxy answers by itself is not a problem document.
STATUS_CODES = {
    401: "instance_key_invalid",
    403: "connector_forbidden",
    404: "route_unknown",
    413: "request_too_large",
    429: "connector_busy",
}


def check_address(url):
    """Return the connector's address without a final slash.

    :raise ConnectorError: `address_missing`, `address_invalid`, or
        `address_not_https`, because the key must not travel in the clear.
    """
    url = (url or "").strip().rstrip("/")
    if not url:
        raise ConnectorError("address_missing")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ConnectorError("address_invalid") from error
    plain = parts.username is None and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not host or not plain:
        raise ConnectorError("address_invalid")
    if parts.scheme == "http" and host not in LOCAL_HOSTS:
        raise ConnectorError("address_not_https")
    return url


def is_xero_address(url):
    """Whether a browser may be sent there: https, at Xero and nowhere else."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    at_xero = host == "xero.com" or host.endswith(".xero.com")
    plain = parts.username is None and port is None and url.isprintable()
    return parts.scheme == "https" and at_xero and plain and "\\" not in url


class _BearerAuth(requests.auth.AuthBase):
    """Keeps the key in place: a .netrc of the machine would replace a header."""

    def __init__(self, key):
        self._key = key

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


class ConnectorClient:
    """The connector's HTTP API, one method for each call.

    Every method raises `ConnectorError`. Neither the key nor a body is ever
    logged. Use it as a context manager: it keeps its connection open meanwhile.
    """

    def __init__(self, url, key):
        self._url = check_address(url)
        if not key:
            raise ConnectorError("instance_key_missing")
        self._session = requests.Session()
        self._session.auth = _BearerAuth(key)

    @classmethod
    def from_env(cls, env):
        """The client of this database's settings."""
        get_param = env["ir.config_parameter"].sudo().get_param
        return cls(get_param(URL_PARAMETER), get_param(KEY_PARAMETER))

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._session.close()

    # App

    def get_app(self):
        return self._json("GET", "/v1/app")

    def set_app(self, *, client_id, client_secret, tier=None):
        body = {"client_id": client_id, "client_secret": client_secret}
        if tier:
            body["tier"] = tier
        return self._json("PUT", "/v1/app", body=body)

    def delete_app(self):
        self._request("DELETE", "/v1/app")

    # Webhooks

    def set_webhook_key(self, *, key):
        """Hand over the key that Xero signs its webhooks with; the app as it is then.

        The app's `webhooks` has `address` (to be registered at Xero), `key_set_at`,
        `confirmed_at` (Xero's intent to receive was answered) and `received_at` (the
        latest change that Xero told of), moments or None.
        """
        return self._json("PUT", "/v1/app/webhooks", body={"key": key})

    def delete_webhook_key(self):
        self._request("DELETE", "/v1/app/webhooks")

    def test_webhooks(self):
        """Send what Xero would send to the address that Xero sends it to: {"reached",
        "accepted", "refused_wrong", "code"}. `code` says what keeps it from working.
        """
        return self._json("POST", "/v1/app/webhooks/test")

    # Connecting

    def create_authorization(self, *, reference, features, connection=None):
        return self._json(
            "POST",
            "/v1/authorizations",
            body={
                "reference": reference,
                "features": features,
                "connection": connection,
            },
        )

    def complete_authorization(self, *, authorization, organisation=None):
        return self._json(
            "POST",
            f"/v1/authorizations/{_segment(authorization)}/completion",
            body={"organisation": organisation},
        )

    def list_connections(self):
        return self._json("GET", "/v1/connections")["connections"]

    def get_connection(self, *, connection):
        return self._json("GET", f"/v1/connections/{_segment(connection)}")

    def delete_connection(self, *, connection):
        self._request("DELETE", f"/v1/connections/{_segment(connection)}")

    def get_schedule(self, *, connection, features):
        """What syncs of these features would cost: {"day_limit", "reserved",
        "proposed", "choices", "daily"}.

        `proposed` is the interval in minutes that fits the tier, the organisation's
        size, what comes by webhooks and what is left of today. Each of `choices` is
        {"minutes", "calls" (a day), "fits"}; `daily` lists {"name", "calls"} of what
        is read whatever the interval.
        """
        return self._json(
            "GET",
            f"/v1/connections/{_segment(connection)}/schedule",
            params={"features": ",".join(features)},
        )

    # Syncs

    def start_sync(self, *, connection, features, mode):
        return self._json(
            "POST",
            f"/v1/connections/{_segment(connection)}/syncs",
            body={"features": features, "mode": mode},
        )

    def list_syncs(self, *, connection):
        return self._json("GET", f"/v1/connections/{_segment(connection)}/syncs")[
            "syncs"
        ]

    def get_sync(self, *, sync):
        return self._json("GET", f"/v1/syncs/{_segment(sync)}")

    def cancel_sync(self, *, sync):
        return self._json("POST", f"/v1/syncs/{_segment(sync)}/cancel")

    # Feed

    def get_feed(self, *, connection, epoch, after, stamp, consumer):
        """What follows the entry `after`, which had this stamp.

        :raise ConnectorError: `feed_restart` where it is not, or no longer, that entry
        """
        params = {"epoch": epoch, "after": after, "consumer": consumer}
        if after:
            params["stamp"] = stamp
        return self._json(
            "GET", f"/v1/connections/{_segment(connection)}/feed", params=params
        )

    def get_part(self, *, connection, epoch, n, consumer, sha256):
        """Return the gzip bytes of one part of the feed, proven whole.

        :raise PartUnreadable: `part_damaged` where the SHA-256 differs
        """
        response = self._request(
            "GET",
            f"/v1/connections/{_segment(connection)}/feed/parts/{int(n)}",
            params={"epoch": epoch, "consumer": consumer},
        )
        if hashlib.sha256(response.content).hexdigest() != sha256:
            raise PartUnreadable("part_damaged")
        return response.content

    def acknowledge(self, *, connection, epoch, n, stamp, consumer):
        return self._json(
            "POST",
            f"/v1/connections/{_segment(connection)}/feed/acknowledgement",
            body={"epoch": epoch, "n": n, "stamp": stamp, "consumer": consumer},
        )

    def take_feed_over(self, *, connection, consumer):
        return self._json(
            "PUT",
            f"/v1/connections/{_segment(connection)}/feed/consumer",
            body={"consumer": consumer},
        )

    # Single documents, on demand

    def get_invoice_pdf(self, *, connection, invoice):
        """Return the bytes of an invoice's PDF, as Xero renders it now.

        :raise ConnectorError: `record_unknown` where Xero has no such invoice,
            `throttled` where it takes no more calls for now
        """
        path = _document(connection, "invoices", invoice, "pdf")
        response = self._request("GET", path)
        if len(response.content) > MAX_DOCUMENT_BYTES:
            raise ConnectorError("document_too_large", response.status_code)
        if not response.content.startswith(b"%PDF"):
            raise ConnectorError("connector_answer_unreadable", response.status_code)
        return response.content

    def get_online_url(self, *, connection, invoice):
        """Return where the customer sees the invoice at Xero; None where it may not,
        as a draft's.
        """
        answer = self._json(
            "GET", _document(connection, "invoices", invoice, "online-url")
        )
        url = answer.get("url")
        if url is not None and not (isinstance(url, str) and is_xero_address(url)):
            raise ConnectorError("xero_answer_unreadable")
        return url

    def get_aged_receivables(self, *, connection, contact, date):
        """Return Xero's AgedReceivablesByContact report of a contact as of a day, in
        Xero's JSON.
        """
        return self._json(
            "GET",
            _document(connection, "contacts", contact, "aged-receivables"),
            params={"date": str(date)},
        )

    # Writing, while a person waits or by itself

    def get_contact(self, *, connection, contact):
        """Return one contact as Xero has it now: {"contact", "read_at"}.

        :raise ConnectorError: `record_unknown` where Xero has no such contact
        """
        path = f"/v1/connections/{_segment(connection)}/contacts/{_segment(contact)}"
        return self._json("GET", path)

    def create_contact(self, *, connection, key, contact, automatic=False):
        """Create a contact in Xero, once for each key; see `_write` for the answer."""
        path = f"/v1/connections/{_segment(connection)}/contacts"
        body = {"contact": contact, "automatic": automatic}
        return self._write("POST", path, key, body)

    def update_contact(
        self, *, connection, key, contact_id, contact, seen, automatic=False
    ):
        """Change a contact as far as `contact` names members of it.

        :param seen: its UpdatedDateUTC in the mirror, as Xero sent it
        :raise ConnectorError: `contact_changed`, with Xero's `contact` as it is now
            and `read_at` in `extra`, where somebody changed it in Xero since
        """
        path = f"/v1/connections/{_segment(connection)}/contacts/{_segment(contact_id)}"
        body = {"contact": contact, "seen": seen, "automatic": automatic}
        return self._write("PATCH", path, key, body)

    def create_invoice(self, *, connection, key, invoice, automatic=False):
        """Create a draft sales invoice in Xero, once for each key."""
        path = f"/v1/connections/{_segment(connection)}/invoices"
        body = {"invoice": invoice, "automatic": automatic}
        return self._write("POST", path, key, body)

    def _write(self, method, path, key, body):
        """Return {"outcome", "contact" or "invoice", "read_at"}.

        `outcome` is created or updated, or found where Xero had it so already, by an
        earlier try or otherwise; or unknown (without a record, with `retry_after` in
        seconds) where Xero's answer was lost: the same key asks again.
        """
        return self._json(method, path, body=body, headers={"Idempotency-Key": key})

    # Transport

    def _json(self, method, path, **sent):
        response = self._request(method, path, **sent)
        try:
            answer = response.json()
        except ValueError as error:
            raise ConnectorError(
                "connector_answer_unreadable", response.status_code
            ) from error
        if not isinstance(answer, dict):
            raise ConnectorError("connector_answer_unreadable", response.status_code)
        return answer

    def _request(self, method, path, *, params=None, body=None, headers=None):
        try:
            response = self._session.request(
                method,
                self._url + path,
                params=params,
                json=body,
                headers=headers,
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                # A redirect would carry the key to another address.
                allow_redirects=False,
            )
        except requests.RequestException as error:
            _logger.info("Connector: %s %s: %s", method, path, type(error).__name__)
            raise ConnectorError("connector_unreachable") from error
        if response.status_code >= 300:
            error = _error_of(response)
            _logger.info(
                "Connector: %s %s: %s %s (request %s)",
                method,
                path,
                response.status_code,
                error.code,
                error.extra.get("request_id"),
            )
            raise error
        return response


def _segment(value):
    return quote(str(value), safe="")


def _document(connection, kind, record, what):
    return f"/v1/connections/{_segment(connection)}/{kind}/{_segment(record)}/{what}"


def _error_of(response):
    status = response.status_code
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if isinstance(problem, dict) and isinstance(problem.get("code"), str):
        known = ("type", "title", "status", "detail", "code")
        extra = {name: value for name, value in problem.items() if name not in known}
        return ConnectorError(problem["code"], status, problem.get("detail"), extra)
    fallback = "connector_unavailable" if status >= 500 else "connector_refused"
    return ConnectorError(STATUS_CODES.get(status, fallback), status)
