"""A post to our own address, as Xero sends it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from infra.host.ports import free_port
from lambda_connector.xero.webhook_probe import HttpWebhookProbe


class Address(BaseHTTPRequestHandler):
    seen: list[tuple[str, bytes]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.seen.append((self.headers["x-xero-signature"], self.rfile.read(length)))
        status = int(self.path.rpartition("/")[2])
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/200")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def address() -> Iterator[str]:
    Address.seen.clear()
    server = HTTPServer(("127.0.0.1", 0), Address)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [200, 401, 404, 503])
def test_status_is_told_as_it_came(address: str, status: int) -> None:
    body = b'{"events": []}'
    assert HttpWebhookProbe().post(f"{address}/{status}", body, "s=") == status
    assert Address.seen == [("s=", body)]


def test_redirect_is_not_followed(address: str) -> None:
    assert HttpWebhookProbe().post(f"{address}/302", b"{}", "s=") == 302
    assert len(Address.seen) == 1


def test_nobody_there_is_no_status() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    assert HttpWebhookProbe().post(address, b"{}", "s=") is None
    assert HttpWebhookProbe().post("http://no such host/", b"{}", "s=") is None
