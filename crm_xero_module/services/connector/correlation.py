# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One id for each thing that a person, or the schedule, begins: it goes with every call
of the connector and is in all its logs, down to the call of Xero."""

import re
import uuid

HEADER = "X-Correlation-Id"
_FORM = re.compile(r"[A-Za-z0-9-]{8,64}")


def new_correlation():
    return uuid.uuid4().hex


def named(value):
    """The id that was named, None where it has not the form of one: it goes to logs."""
    return value if isinstance(value, str) and _FORM.fullmatch(value) else None
