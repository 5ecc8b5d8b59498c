"""Waiting for what another process does."""

import time
from collections.abc import Callable
from typing import Any

import pytest


def until(
    condition: Callable[[], Any], what: str, seconds: float = 180, every: float = 0.05
) -> Any:
    """Wait for the condition and give its value; fail by name after the seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(every)
    pytest.fail(f"{what} did not come within {seconds} s")
