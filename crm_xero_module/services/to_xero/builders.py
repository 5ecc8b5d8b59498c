# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who makes the body of each kind of entry again, when it is to be sent anew."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Built:
    """What `xero.outbox._queue` takes under the same names."""

    body: dict
    shown: list
    built: dict | None = None
    seen: str | None = None


class CannotBuild(Exception):
    """It cannot be sent as the CRM is now; `code` and `data` say why."""

    def __init__(self, code, **data):
        super().__init__(code)
        self.code = code
        self.data = data


# By kind of the entry: builder(entry) gives a `Built`, or None where there is nothing
# left to send. It raises `CannotBuild`.
BUILDERS = {}
