"""What must hold of the transformed template: each check lists what is wrong, and
brings the faults that it is shown to notice.

Asserted on the document, because moto drops or skips much of it: see
``tests/infra/test_beyond_moto.py``.
"""

from . import (
    alarms,
    api,
    encryption,
    functions,
    metrics,
    queues,
    roles,
    storage,
)
from .registry import CHECKS

__all__ = [
    "CHECKS",
    "alarms",
    "api",
    "encryption",
    "functions",
    "metrics",
    "queues",
    "roles",
    "storage",
]
