# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Does exactly what a preview showed.

The previewed rows are planned anew, and an item is applied only where it is the one
that was shown. The others are left alone and named, with what changed.
"""

from collections import Counter
from dataclasses import dataclass

from odoo.tools import SQL

from ..imports.items import FAILED
from ..imports.rows import BATCH
from ..imports.run import ImportRun
from ..mapping.shown_values import ShownValues, labels_of
from .lines import CHANGES, COUNTS, fingerprint, insert_lines, joined, outcome_of
from .run import stamp_of


@dataclass(slots=True)
class Recorded:
    """A line of the preview; `seq`, its id, is its place."""

    seq: int
    row_id: int | None
    record_id: int | None
    contact_id: int | None
    record_name: str
    outcome: str
    fingerprint: str
    changes: dict


class PreviewDone(ImportRun):
    """Does on `run` what the run's preview of `profile` showed."""

    def __init__(self, profile, run):
        super().__init__(profile, run)
        self.preview = self.run.preview_id

    def run_whole_batch(self):
        if self.preview.profile_stamp == stamp_of(self.profile):
            return super().run_whole_batch()
        return self.run._finish("failed", "preview_outdated")

    def _next_rows(self, planner, position):
        found = self.env.execute_query(
            SQL(
                """
                SELECT id, %s, %s, contact_id, record_name, outcome, fingerprint,
                       changes
                  FROM xero_sync_line
                 WHERE sync_id = %s AND state = 'preview' AND id > %s
                 ORDER BY id
                 LIMIT %s
                """,
                SQL.identifier(self.target.row),
                SQL.identifier(self.target.link),
                self.preview.id,
                position,
                BATCH,
            )
        )
        return [Recorded(*values[:7], values[7] or {}) for values in found]

    def _count_left(self, position):
        return self.env["xero.sync.line"].search_count(
            [("sync_id", "=", self.preview.id), ("id", ">", position)]
        )

    def _apply(self, planner, lines):
        ids = [line.row_id for line in lines if line.row_id]
        rows = planner.rows(SQL("%s = ANY(%s)", planner.alias("id"), ids), BATCH)
        planned = {item.row.id: item for item in planner.plan(rows)}
        same = self._same(lines, planned)
        left = [line for line in lines if line.row_id not in same]
        # Told before the CRM changes: what it holds now is what changed.
        self._leave(planner, left, planned)
        counts = self._do(planner, list(same.values()))
        done = [line for line in lines if line.row_id in same]
        self._name_created(done, same)
        counts["left"] = len(left)
        return counts

    def _same(self, lines, planned):
        """{row: item} of the items that are still what was shown."""
        others, same = {}, {}
        for line in lines:
            item = planned.get(line.row_id)
            if item and line.fingerprint == fingerprint(item):
                same[line.row_id] = item
            elif item and item.is_new_link and item.record_id:
                others[line.row_id] = (line, item)
        records = [item.record_id for _line, item in others.values()]
        made = self._made(records)
        for row_id, (line, item) in others.items():
            # Its record was still to be made when it was planned.
            maker = made.get(item.record_id)
            if maker and line.fingerprint == fingerprint(item, joined(maker)):
                same[row_id] = item
        return {
            row_id: item
            for row_id, item in same.items()
            if item.same_as is None or item.same_as in same
        }

    def _made(self, record_ids):
        """{record: row} of the records that this preview has made by now."""
        if not record_ids:
            return {}
        lines = self.env["xero.sync.line"].search_fetch(
            [
                ("sync_id", "=", self.preview.id),
                ("outcome", "=", "create"),
                (self.target.link, "in", record_ids),
            ],
            [self.target.link, self.target.row],
        )
        link, row = self.target.link, self.target.row
        return {line[link].id: line[row].id for line in lines}

    def _do(self, planner, items):
        outcomes = [outcome_of(item) for item in items]
        self._carry_out(planner, items)
        return Counter(
            "failed" if item.action == FAILED else COUNTS[outcome]
            for item, outcome in zip(items, outcomes, strict=True)
        )

    def _name_created(self, lines, items):
        """Let the preview's lines lead to the records that they became."""
        created = {
            line.seq: items[line.row_id].record_id
            for line in lines
            if line.outcome == "create" and items[line.row_id].record_id
        }
        if not created:
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE xero_sync_line line
                   SET %s = made.record_id
                  FROM unnest(%s, %s) AS made(id, record_id)
                 WHERE line.id = made.id
                """,
                SQL.identifier(self.target.link),
                list(created),
                list(created.values()),
            )
        )
        self.env["xero.sync.line"].invalidate_model([self.target.link], flush=False)

    # What is left

    def _leave(self, planner, lines, planned):
        shown = ShownValues(self.run._reader_env(), self.target, planned.values())
        insert_lines(
            self.env,
            [self._left(line, planned.get(line.row_id), shown) for line in lines],
        )

    def _left(self, line, item, shown):
        changes = shown.changes(item) if item else {}
        what = " ".join(self._differences(line, item, changes))
        return {
            **self.run._line_values("changed_since_preview", {"what": what}),
            "profile_id": self.profile.id,
            "contact_id": line.contact_id,
            self.target.row: line.row_id,
            self.target.link: item.record_id if item else line.record_id,
            "record_name": line.record_name,
            "outcome": "skipped",
            # Where nothing remains to be done there is nothing to mend.
            "state": "open" if item and outcome_of(item) else "retried",
            "changes": changes or None,
        }

    def _differences(self, line, item, changes):
        """Sentences that tell what is not as it was."""
        env = self.run._reader_env()
        if item is None:
            return [env._("The import no longer looks at this record.")]
        outcome = outcome_of(item)
        if outcome != line.outcome:
            return self._other_outcome(env, line, item, outcome)
        if outcome not in CHANGES:
            return [self.run._line_values(item.code, item.data)["reason"]]
        told = [
            sentence
            for name in dict.fromkeys([*line.changes, *changes])
            if (sentence := self._field(env, name, line.changes, changes))
        ]
        return told or [env._("It goes to another record now.")]

    def _other_outcome(self, env, line, item, outcome):
        outcomes = dict(
            env["xero.sync.line"]._fields["outcome"]._description_selection(env)
        )
        sentence = env._(
            "Then: %(then)s. Now: %(now)s.",
            then=outcomes[line.outcome],
            now=outcomes.get(outcome) or env._("nothing to do"),
        )
        if outcome in CHANGES or item.code is None:
            return [sentence]
        return [sentence, self.run._line_values(item.code, item.data)["reason"]]

    def _field(self, env, name, then, now):
        """What is other of a field: what the CRM holds, or what Xero gives."""
        label = labels_of(env, self.target, [name])[name]
        empty = env._("empty")
        if name not in now:
            return env._("“%(field)s” would not change any more.", field=label)
        held, value = (shown or empty for shown in now[name])
        if name not in then:
            return env._(
                "“%(field)s” would change too, from “%(old)s” to “%(new)s”.",
                field=label,
                old=held,
                new=value,
            )
        was, wanted = (shown or empty for shown in then[name])
        if held != was:
            return env._("“%(field)s” is “%(old)s” now.", field=label, old=held)
        if value != wanted:
            return env._(
                "Xero gives “%(new)s” for “%(field)s”.", field=label, new=value
            )
        return None
