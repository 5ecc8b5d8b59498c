# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What every landing does: tells what is new of a part, and writes it as one.

What the mirror has is told by a digest of each record's own bytes, so that a page that
was read before costs one query, is not even parsed, and touches no row.
"""

from dataclasses import dataclass, field

from odoo.tools import SQL

from ..xero.pieces import digest_of, parse
from ..xero.values import record, usable_id

_DIGEST = SQL("digest")


@dataclass(slots=True)
class Landed:
    """What one part did: records in it, rows changed, records that cannot land."""

    seen: int = 0
    changed: int = 0
    unusable: list = field(default_factory=list)


@dataclass(slots=True)
class Incoming:
    """What of a part is new, {id: record} and {id: digest}; all ids of the part, and
    its records without one."""

    records: dict
    digests: dict
    ids: list
    unusable: list


def incoming(connection, table, records, id_name, known=_DIGEST):
    """Tell what of a part the mirror lacks, or has otherwise.

    :param records: records, or {id: Piece} of a page, which are parsed if they are new
    :param known: the SQL of the digest by which a row of `table` may be passed over
    """
    if isinstance(records, dict):
        digests = {xero_id: piece.digest for xero_id, piece in records.items()}
        distinct, unusable = records, []
    else:
        distinct, unusable = _distinct(records, id_name)
        digests = {xero_id: digest_of(found) for xero_id, found in distinct.items()}
    held = _held(connection, table, list(digests), known)
    new = [xero_id for xero_id in digests if held.get(xero_id) != digests[xero_id]]
    found = [distinct[xero_id] for xero_id in new]
    return Incoming(
        records=dict(
            zip(new, parse(found) if distinct is records else found, strict=True)
        ),
        digests={xero_id: digests[xero_id] for xero_id in new},
        ids=list(digests),
        unusable=unusable,
    )


def _distinct(records, id_name):
    distinct, unusable = {}, []
    for found in map(record, records):
        xero_id = usable_id(found.get(id_name))
        if xero_id:
            distinct[xero_id] = found
        else:
            unusable.append(found)
    return distinct, unusable


def rows_of(connection, table, xero_ids):
    """{id in Xero: row id} of those of these ids that are in a table of the mirror."""
    wanted = {xero_id for xero_id in xero_ids if xero_id}
    return _held(connection, table, list(wanted), SQL("id")) if wanted else {}


def _held(connection, table, ids, column):
    found = connection.env.execute_query(
        SQL(
            "SELECT xero_id, %s FROM %s WHERE connection_id = %s AND xero_id = ANY(%s)",
            column,
            SQL.identifier(table),
            connection.id,
            ids,
        )
    )
    return dict(found)


def column_lists(columns, key=("xero_id",)):
    """The lists of columns, {name: SQL type}, of an upsert by `key` from a JSON record
    set named `new`: columns, new, types, updates."""
    names = [SQL.identifier(name) for name in columns]
    return {
        "columns": SQL(", ").join(names),
        "new": SQL(", ").join(SQL.identifier("new", name) for name in columns),
        "types": SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(kind))
            for name, kind in columns.items()
        ),
        "updates": SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
            for name in columns
            if name not in key
        ),
    }
