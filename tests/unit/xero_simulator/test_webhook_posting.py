"""Posting over a real connection, and the thread that does it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.xero_simulator.webhooks import posting
from infra.xero_simulator.webhooks.courier import Courier
from infra.xero_simulator.webhooks.posting import post
from tests.waiting import until


@pytest.fixture
def app():
    """A server that answers as its `answer` says, and keeps what came."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            self.server.came.append((self.path, self.headers, self.rfile.read(length)))
            self.server.answer(self)

        def log_message(self, *_):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.came, server.answer = [], plain(200)
    server.url = f"http://localhost:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def plain(status, body=b"", **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_post_carries_body_signature_and_type(app):
    answer = post(f"{app.url}/hooks/1?x=2", b'{"events": [ ]}', "signed")
    assert (answer.status, answer.problem) == (200, None)
    assert not answer.has_body and not answer.has_cookie
    ((path, headers, body),) = app.came
    assert (path, body) == ("/hooks/1?x=2", b'{"events": [ ]}')
    assert headers["x-xero-signature"] == "signed"
    assert headers["Content-Type"].startswith("application/json")


def test_body_and_cookie_are_noticed(app):
    app.answer = plain(200, b"ok", Set_Cookie="a=b")
    answer = post(app.url, b"{}", "")
    assert answer.has_body and answer.has_cookie


def test_redirect_is_not_followed(app):
    app.answer = plain(302, Location=f"{app.url}/other")
    assert post(app.url, b"{}", "").status == 302
    assert len(app.came) == 1


def test_nobody_waits_longer_than_the_limit(app, monkeypatch):
    monkeypatch.setattr(posting, "SECONDS", 0.05)
    enough = threading.Event()
    app.answer = lambda handler: enough.wait(5)
    answer = post(app.url, b"{}", "")
    enough.set()
    assert answer.status is None
    assert "0.05 seconds" in answer.problem


@pytest.mark.parametrize("host", ["localhost:1", f"{'x' * 64}.example", "a b"])
def test_address_where_nobody_is(host):
    answer = post(f"http://{host}/hook", b"{}", "")
    assert answer.status is None
    assert "could not be reached" in answer.problem


def test_dropped_connection(app):
    app.answer = lambda handler: handler.connection.close()
    assert "could not be reached" in post(app.url, b"{}", "").problem


def test_courier_delivers_by_itself(xero, webhook, burst):
    webhook("PUT", "/manner", json={"collect_seconds": 0})
    with Courier(xero.simulator.webhooks):
        burst(3)
        until(lambda: len(xero.receiver.events) == 3, "the events")
