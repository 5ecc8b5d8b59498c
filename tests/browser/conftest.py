"""A running stack that nobody has connected yet, and a browser in front of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from infra.demo.stack import Stack
from infra.host.host import Host
from tests.whole import whole_stack


@pytest.fixture(scope="module")
def stack(host: Host) -> Iterator[Stack]:
    data = ("--contacts", "1200", "--seed", "3", "--organisations", "3")
    with whole_stack(host, "browser", data) as running:
        yield running


@pytest.fixture
def page(host: Host) -> Iterator[Page]:
    """A page of a new browser; what a click waits for comes within 30 seconds."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(host.chromium),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        opened = browser.new_page(viewport={"width": 1400, "height": 900})
        opened.set_default_timeout(30_000)
        yield opened
        browser.close()
