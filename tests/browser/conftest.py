"""A running stack that nobody has connected yet, and a browser in front of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from infra.demo.stack import Stack
from infra.host.host import Host
from tests.whole import whole_stack

# What a busy machine may need until something is seen.
PATIENCE_MILLISECONDS = 60_000


@pytest.fixture(scope="module")
def stack(host: Host) -> Iterator[Stack]:
    data = ("--contacts", "1200", "--seed", "3", "--organisations", "3")
    with whole_stack(host, "browser", data) as running:
        yield running


@pytest.fixture
def page(host: Host) -> Iterator[Page]:
    """A page of a new browser, which is waited for patiently."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(host.chromium),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        opened = browser.new_page(viewport={"width": 1400, "height": 900})
        opened.set_default_timeout(PATIENCE_MILLISECONDS)
        yield opened
        browser.close()
