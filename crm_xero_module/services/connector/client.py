# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import logging
import time
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import requests
import urllib3

from ...exceptions import ConnectorError, PartUnreadable
from ..xero.values import load_json
from . import answers
from .correlation import HEADER, named, new_correlation

_logger = logging.getLogger(__name__)

CONNECT_TIMEOUT = 5
# API Gateway gives up after 30 s: later answers do not exist.
READ_TIMEOUT = 35
# For a whole answer: a read time-out starts anew with every byte.
ANSWER_SECONDS = 120
# More does not pass a Lambda function, nor its gateway.
MAX_ANSWER_BYTES = 6 * 1024 * 1024
MAX_DOCUMENT_BYTES = 4_500_000
_CHUNK = 256 * 1024
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


def is_login_address(url, connector):
    """Whether a browser may be sent there to log in: at Xero, or on this machine where
    the connector itself, at the address `connector`, is on it."""
    if is_xero_address(url):
        return True
    try:
        hosts = {urlsplit(address).hostname for address in (url, connector)}
    except ValueError:
        return False
    return hosts <= LOCAL_HOSTS and url.startswith("http://") and url.isprintable()


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: bytes

    def json(self):
        """Its JSON without what a database cannot hold; None where it is none."""
        try:
            return load_json(self.body)
        except (ValueError, RecursionError):
            return None


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

    def __init__(self, url, key, correlation=None):
        self.correlation = named(correlation) or new_correlation()
        self._url = check_address(url)
        if not key:
            raise ConnectorError("instance_key_missing")
        self._session = requests.Session()
        self._session.auth = _BearerAuth(key)
        # What unpacks itself on the way may be a thousand times as large.
        self._session.headers["Accept-Encoding"] = "identity"

    @classmethod
    def from_env(cls, env, correlation=None):
        """The client of this database's settings."""
        get_param = env["ir.config_parameter"].sudo().get_param
        return cls(get_param(URL_PARAMETER), get_param(KEY_PARAMETER), correlation)

    @contextmanager
    def tracing(self, correlation):
        """Calls meanwhile belong to what has this id, if it is known."""
        own = self.correlation
        self.correlation = named(correlation) or own
        try:
            yield
        finally:
            self.correlation = own

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._session.close()

    # App

    def get_app(self):
        return self._json("GET", "/v1/app", answers.APP)

    def set_app(self, *, client_id, client_secret, tier=None):
        body = {"client_id": client_id, "client_secret": client_secret}
        if tier:
            body["tier"] = tier
        return self._json("PUT", "/v1/app", answers.APP, body=body)

    # Webhooks

    def set_webhook_key(self, *, key):
        """Hand over the key that Xero signs its webhooks with; the app as it is then.

        The app's `webhooks` has `address` (to be registered at Xero), `key_set_at`,
        `confirmed_at` (Xero's intent to receive was answered) and `received_at` (the
        latest change that Xero told of), moments or None.
        """
        return self._json("PUT", "/v1/app/webhooks", answers.APP, body={"key": key})

    def delete_webhook_key(self):
        self._request("DELETE", "/v1/app/webhooks")

    def test_webhooks(self):
        """Send what Xero would send to the address that Xero sends it to: {"reached",
        "accepted", "refused_wrong", "code"}. `code` says what keeps it from working.
        """
        return self._json("POST", "/v1/app/webhooks/test", answers.WEBHOOK_TEST)

    # Connecting

    def create_authorization(self, *, reference, features, connection=None):
        """Begin connecting: {"id", "authorize_url"}.

        :raise ConnectorError: `login_address_wrong` where the browser would be sent
            anywhere but to Xero
        """
        answer = self._json(
            "POST",
            "/v1/authorizations",
            answers.AUTHORIZATION,
            body={
                "reference": reference,
                "features": features,
                "connection": connection,
            },
        )
        if not is_login_address(answer["authorize_url"], self._url):
            raise ConnectorError("login_address_wrong")
        return answer

    def complete_authorization(self, *, authorization, organisation=None):
        return self._json(
            "POST",
            f"/v1/authorizations/{_segment(authorization)}/completion",
            answers.completion,
            body={"organisation": organisation},
        )

    def list_connections(self):
        return self._json("GET", "/v1/connections", answers.CONNECTIONS)["connections"]

    def get_connection(self, *, connection):
        path = f"/v1/connections/{_segment(connection)}"
        return self._json("GET", path, answers.CONNECTION)

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
            answers.SCHEDULE,
            params={"features": ",".join(features)},
        )

    # Syncs

    def start_sync(self, *, connection, features, mode):
        return self._json(
            "POST",
            f"/v1/connections/{_segment(connection)}/syncs",
            answers.SYNC,
            body={"features": features, "mode": mode},
        )

    def list_syncs(self, *, connection):
        path = f"/v1/connections/{_segment(connection)}/syncs"
        return self._json("GET", path, answers.SYNCS)["syncs"]

    def get_sync(self, *, sync):
        return self._json("GET", f"/v1/syncs/{_segment(sync)}", answers.SYNC)

    def cancel_sync(self, *, sync):
        path = f"/v1/syncs/{_segment(sync)}/cancel"
        return self._json("POST", path, answers.SYNC)

    # Feed

    def get_feed(self, *, connection, epoch, after, stamp, consumer):
        """What follows the entry `after`, which had this stamp, with none left out.

        :raise ConnectorError: `feed_restart` where it is not, or no longer, that entry
        """
        params = {"epoch": epoch, "after": after, "consumer": consumer}
        if after:
            params["stamp"] = stamp
        path = f"/v1/connections/{_segment(connection)}/feed"
        try:
            feed = self._json("GET", path, answers.FEED, params=params)
        except ConnectorError as error:
            if error.code == "feed_restart" and not answers.FEED_RESTART(error.extra):
                raise _unreadable() from error
            raise
        if not answers.follows(feed, after):
            raise _unreadable()
        return feed

    def get_part(self, *, connection, epoch, n, consumer, sha256):
        """Return the gzip bytes of one part of the feed, proven whole.

        :raise PartUnreadable: `part_damaged` where the SHA-256 differs
        """
        reply = self._request(
            "GET",
            f"/v1/connections/{_segment(connection)}/feed/parts/{int(n)}",
            params={"epoch": epoch, "consumer": consumer},
        )
        if hashlib.sha256(reply.body).hexdigest() != sha256:
            raise PartUnreadable("part_damaged")
        return reply.body

    def acknowledge(self, *, connection, epoch, n, stamp, consumer):
        return self._json(
            "POST",
            f"/v1/connections/{_segment(connection)}/feed/acknowledgement",
            answers.mapping,
            body={"epoch": epoch, "n": n, "stamp": stamp, "consumer": consumer},
        )

    def take_feed_over(self, *, connection, consumer):
        return self._json(
            "PUT",
            f"/v1/connections/{_segment(connection)}/feed/consumer",
            answers.mapping,
            body={"consumer": consumer},
        )

    # Single documents, on demand

    def get_invoice_pdf(self, *, connection, invoice):
        """Return the bytes of an invoice's PDF, as Xero renders it now.

        :raise ConnectorError: `record_unknown` where Xero has no such invoice,
            `throttled` where it takes no more calls for now
        """
        path = _document(connection, "invoices", invoice, "pdf")
        reply = self._request("GET", path)
        if len(reply.body) > MAX_DOCUMENT_BYTES:
            raise ConnectorError("document_too_large", reply.status)
        if not reply.body.startswith(b"%PDF"):
            raise _unreadable()
        return reply.body

    def get_online_url(self, *, connection, invoice):
        """Return where the customer sees the invoice at Xero; None where it may not,
        as a draft's.
        """
        path = _document(connection, "invoices", invoice, "online-url")
        answer = self._json("GET", path, answers.mapping)
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
            answers.mapping,
            params={"date": str(date)},
        )

    # Writing, while a person waits or by itself

    def get_contact(self, *, connection, contact):
        """Return one contact as Xero has it now: {"contact", "read_at"}.

        :raise ConnectorError: `record_unknown` where Xero has no such contact
        """
        path = f"/v1/connections/{_segment(connection)}/contacts/{_segment(contact)}"
        return self._json("GET", path, answers.SINGLE_CONTACT)

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
        headers = {"Idempotency-Key": key}
        return self._json(method, path, answers.WRITTEN, body=body, headers=headers)

    # Transport

    def _json(self, method, path, is_answer, **sent):
        """What was answered, if it is of the form that `is_answer` knows."""
        reply = self._request(method, path, **sent)
        answer = reply.json()
        if not is_answer(answer):
            _logger.warning("Connector: %s %s: not what is agreed on", method, path)
            raise _unreadable()
        return answer

    def _request(self, method, path, **sent):
        """A whole answer that is no refusal."""
        try:
            reply = self._reply(method, path, **sent)
            if reply.status >= 300:
                raise _error_of(reply)
        except ConnectorError as error:
            error.correlation = self.correlation
            _logger.info(
                "Connector: %s %s: %s (request %s, trace %s)",
                method,
                path,
                error,
                error.extra.get("request_id"),
                self.correlation,
            )
            raise
        _logger.debug("Connector: %s %s (trace %s)", method, path, self.correlation)
        return reply

    def _reply(self, method, path, *, params=None, body=None, headers=None):
        try:
            response = self._session.request(
                method,
                self._url + path,
                params=params,
                json=body,
                headers={HEADER: self.correlation, **(headers or {})},
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                # A redirect would carry the key to another address.
                allow_redirects=False,
                stream=True,
            )
            return _read(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            _logger.info("Connector: %s %s: %s", method, path, type(error).__name__)
            raise ConnectorError("connector_unreachable") from error


def _segment(value):
    return quote(str(value), safe="")


def _document(connection, kind, record, what):
    return f"/v1/connections/{_segment(connection)}/{kind}/{_segment(record)}/{what}"


def _unreadable():
    """Without a status: a success that is none must not look like one."""
    return ConnectorError("connector_answer_unreadable")


def _read(response):
    """The answer as a whole, within its time and size.

    :raise ConnectorError: it is longer than any answer, or packed although that was
        not asked for
    """
    until, chunks, size = time.monotonic() + ANSWER_SECONDS, [], 0
    with response:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise _unreadable()
        # Older releases of urllib3 only read until they have all of a chunk.
        read = getattr(response.raw, "read1", response.raw.read)
        while chunk := read(_CHUNK, decode_content=False):
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_ANSWER_BYTES:
                raise _unreadable()
            if time.monotonic() > until:
                raise requests.Timeout
    return _Reply(response.status_code, b"".join(chunks))


def _error_of(reply):
    status, problem = reply.status, reply.json()
    if answers.PROBLEM(problem):
        known = ("type", "title", "status", "detail", "code")
        extra = {name: value for name, value in problem.items() if name not in known}
        return ConnectorError(problem["code"], status, problem.get("detail"), extra)
    fallback = "connector_unavailable" if status >= 500 else "connector_refused"
    return ConnectorError(STATUS_CODES.get(status, fallback), status)
