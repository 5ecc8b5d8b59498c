# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an import would do, written down instead of done.

Nothing is written but lines and counts. Rows that change while it is under way are
left for the next preview: a preview sees each row once.
"""

import hashlib
import json
from collections import Counter

from odoo.models import MAGIC_COLUMNS
from odoo.tools import SQL

from ..imports.items import CREATE
from ..imports.plan import Planner
from ..imports.run import ImportRun
from ..imports.scope import scope_of
from ..mapping.shown_values import ShownValues
from ..mapping.targets import COMPANY, TARGETS
from .lines import CHANGES, COUNTS, fingerprint, insert_lines, outcome_of

# They say when and for whom a profile runs, not what it does.
HARMLESS = frozenset({"name", "sequence", "auto_run", "active", "leave_note"})


def stamp_of(profile):
    """The hash of all that decides what a profile does: scope, mode, key, mapping."""
    told = [
        _settings(profile),
        sorted(json.dumps(_settings(line)) for line in profile.mapping_ids),
        {
            name: _plain(profile.connection_id[name])
            for name in ("vendors", "vendor_group_ids", "vendor_ids")
        },
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _settings(record):
    # What a duplicate takes over is what somebody chose.
    return {
        name: _plain(record[name])
        for name, field in sorted(record._fields.items())
        if field.store
        and field.copy
        and name not in MAGIC_COLUMNS
        and not field.compute
        and not field.related
        and field.type != "one2many"
        and name not in HARMLESS
        and name not in ("profile_id", "connection_id")
    }


def _plain(value):
    return sorted(value.ids) if hasattr(value, "ids") else str(value)


class Claims:
    """Who makes or feeds which record, of the rows that earlier batches planned.

    It is kept on the rows' lines, by texts that begin with the preview: of 100,000
    lines those of a batch's keys are found by one look into one index.
    """

    def __init__(self, run):
        self._run = run
        self._env = run.env
        self._target = TARGETS[run.profile_id.target]

    def of(self, item):
        """What a later batch has to know of an item: the key of a record that it
        makes, or the record that it feeds from now; None where there is nothing."""
        if item.action == CREATE:
            return self._made(item.claims[0]) if item.claims else None
        feeds = item.is_new_link and item.leading
        if feeds and (item.sent or self._target is COMPANY):
            return self._fed(item.record_id)
        return None

    def known(self, keys):
        """{key: mirror row that creates a record with it}"""
        return self._first({self._made(key): key for key in keys})

    def claim(self, key, row_id):
        """Kept on the line of the row."""

    def leaders(self, record_ids):
        """{record id: mirror row that is linked to it and feeds it}"""
        return self._first({self._fed(record): record for record in record_ids})

    def _made(self, key):
        # Keys may be longer than an index bears.
        digest = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        return f"{self._run.id} makes {digest}"

    def _fed(self, record_id):
        return f"{self._run.id} feeds {record_id}"

    def _first(self, claims):
        """{what is claimed: the first mirror row that does}"""
        if not claims:
            return {}
        row = SQL.identifier(self._target.row)
        found = self._env.execute_query(
            SQL(
                """
                SELECT claim, min(%s)
                  FROM xero_sync_line
                 WHERE claim = ANY(%s)
                 GROUP BY claim
                """,
                row,
                list(claims),
            )
        )
        return {claims[claim]: row_id for claim, row_id in found if row_id}


class PreviewRun(ImportRun):
    """Plans `profile` over the whole mirror and keeps what it would do on `run`."""

    def run_whole_batch(self):
        if self.run.profile_stamp != stamp_of(self.profile):
            self.run._finish("failed", "preview_outdated")
            return
        if not self.run.last_position:
            self.run.last_position = self._newest()
        super().run_whole_batch()

    def _newest(self):
        """The last change of the mirror: what comes later is for another preview."""
        scope = scope_of(self.profile)
        [[newest]] = self.env.execute_query(
            SQL("SELECT max(%s.change_seq) FROM %s", scope.row, scope.table)
        )
        return newest or 0

    def _planner(self):
        return Planner(self.profile, self._user_env(), claims=Claims(self.run))

    def _next_rows(self, planner, position):
        rows = super()._next_rows(planner, position)
        return [row for row in rows if row.seq <= self.run.last_position]

    def _count_left(self, position):
        newer = super()._count_left(self.run.last_position)
        return super()._count_left(position) - newer

    def _apply(self, planner, rows):
        items = planner.plan(rows)
        outcomes = [outcome_of(item) for item in items]
        told = [item for item, outcome in zip(items, outcomes, strict=True) if outcome]
        insert_lines(self.env, self._lines(planner, told))
        return Counter(COUNTS[outcome] for outcome in outcomes)

    def _lines(self, planner, items):
        reader = self.run._reader_env()
        shown = ShownValues(reader, self.target, items)
        labels = self._labels(planner, items)
        claims = Claims(self.run)
        return [
            {
                **self._words(item, shown, labels),
                **self._record(item),
                "outcome": outcome_of(item),
                "state": "preview",
                "changes": shown.changes(item) or None,
                "fingerprint": fingerprint(item),
                "claim": claims.of(item),
            }
            for item in items
        ]

    def _record(self, item):
        return {
            **self.target.columns_of(item.row),
            "profile_id": self.profile.id,
            self.target.link: item.record_id,
            "record_name": item.row.label,
        }

    def _words(self, item, shown, labels):
        """Why, in words: of what is left out, of a link, or of values that are."""
        told = list(item.notes)
        outcome = outcome_of(item)
        if outcome not in CHANGES:
            told = [(item.code, item.data)]
        elif outcome == "link":
            code, data = self._link_words(item, shown, labels)
            told.insert(0, (self.target.code(code), data))
        lines = [self.run._line_values(code, data) for code, data in told]
        if not lines:
            return {**self.run._line_values("", {}), "code": outcome} | dict.fromkeys(
                ("reason", "reason_group", "remedy")
            )
        return {
            **lines[0],
            "reason": " ".join(line["reason"] for line in lines),
        }

    def _link_words(self, item, shown, labels):
        if item.same_as:
            return "link_to_new", {"record": labels.get(item.same_as)}
        name = shown.name_of(item.record_id)
        if item.key is not None:
            return "link_by_key", {"record": name, "key": item.key}
        return "link_by_company", {"record": name}

    def _labels(self, planner, items):
        """{mirror row: name} of these items, and of those that they join."""
        labels = {item.row.id: item.row.label for item in items}
        earlier = {item.same_as for item in items} - {None} - set(labels)
        if earlier:
            column = planner.alias("id")
            rows = planner.rows(SQL("%s = ANY(%s)", column, list(earlier)))
            labels |= {row.id: row.label for row in rows}
        return labels
