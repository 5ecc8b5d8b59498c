"""What the suites share."""

import pytest
from hypothesis import HealthCheck, settings

from infra.host.host import Host, prepare

# The same examples each time, however busy the machine is: what fails, fails again.
# Who hunts for more says `--hypothesis-profile=hunt`.
settings.register_profile(
    "same",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("hunt", deadline=None, max_examples=2000)
settings.load_profile("same")


@pytest.fixture(scope="session")
def host() -> Host:
    """The machine, set up; seconds when `make test` has just done it."""
    return prepare(print)
