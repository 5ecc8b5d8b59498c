# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors of the database that say nothing of the record at hand."""

import psycopg2
from psycopg2 import errorcodes

# The transaction is lost, whatever the record: the batch is tried again later.
_LOST = frozenset(
    {
        errorcodes.SERIALIZATION_FAILURE,
        errorcodes.DEADLOCK_DETECTED,
        errorcodes.LOCK_NOT_AVAILABLE,
        errorcodes.QUERY_CANCELED,
        errorcodes.ADMIN_SHUTDOWN,
        errorcodes.CRASH_SHUTDOWN,
        errorcodes.DISK_FULL,
        errorcodes.OUT_OF_MEMORY,
        None,
    }
)


def is_lost(error):
    """Whether a database error is about the transaction, not about a record."""
    return isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError) and (
        getattr(error, "pgcode", None) in _LOST
    )
