# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a preview keeps of a plan's items: lines to be read, and to be compared when
it is done."""

import hashlib
import json

from odoo.tools import SQL

from ..imports.items import CONFLICT, CREATE, SKIP, UPDATE

# Which number of the run counts a line's outcome. What is not told is "the same".
COUNTS = {
    "create": "created",
    "update": "updated",
    "link": "linked",
    "skipped": "skipped",
    "conflict": "failed",
    None: "unchanged",
}
CHANGES = ("create", "update", "link")


def outcome_of(item):
    """The outcome of an item's line, None where there is nothing to tell."""
    if item.action == CREATE:
        return "create"
    if item.is_new_link:
        return "link"
    if item.action == UPDATE:
        return "update"
    if item.action == CONFLICT:
        return "conflict"
    return "skipped" if item.action == SKIP and not item.silent else None


def fingerprint(item, record=None):
    """The hash of all that an item would do. `record` takes the place of the
    item's, where that did not exist when it was planned."""
    told = [
        outcome_of(item),
        record or item.record_id or joined(item.same_as),
        item.parent_id,
        item.values,
        item.old,
        item.link_state,
        item.code,
        _delivery(item),
    ]
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _delivery(item):
    there = item.delivery
    return there and [
        there.action,
        there.record_id,
        there.values,
        there.old,
        there.link_state,
    ]


def joined(row_id):
    """The record that a row of the mirror creates, before it has an id."""
    return row_id and f"row {row_id}"


def insert_lines(env, values_list):
    """Put lines of runs into the table, in this order, by one statement."""
    if not values_list:
        return
    model = env["xero.sync.line"]
    rows = [_columns(model, values) for values in values_list]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = [SQL.identifier(name) for name in names]
    kinds = [SQL(model._fields[name].column_type[1]) for name in names]
    env.execute_query(
        SQL(
            """
            INSERT INTO xero_sync_line (
                create_uid, create_date, write_uid, write_date, %(columns)s
            )
            SELECT %(user)s, now() AT TIME ZONE 'UTC',
                   %(user)s, now() AT TIME ZONE 'UTC', %(columns)s
              FROM ROWS FROM (jsonb_to_recordset(%(rows)s::jsonb) AS (%(types)s))
                   WITH ORDINALITY
             ORDER BY ordinality
            RETURNING id
            """,
            user=env.uid,
            columns=SQL(", ").join(columns),
            types=SQL(", ").join(
                SQL("%s %s", name, kind)
                for name, kind in zip(columns, kinds, strict=True)
            ),
            rows=json.dumps(rows),
        )
    )


def _columns(model, values):
    """The stored values of a line, without what is empty."""
    return {
        name: value
        for name, value in values.items()
        if model._fields[name].column_type and value not in (None, False)
    }
