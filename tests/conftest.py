"""What the suites share."""

import pytest

from infra.host.host import Host, prepare


@pytest.fixture(scope="session")
def host() -> Host:
    """The machine, set up; seconds when `make test` has just done it."""
    return prepare(print)
