# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fields that were changed in Xero and in the CRM, and which a person decides about:
one line in “Not imported” for each, with both values."""

from collections import Counter

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, split_every

from ..mapping.shown_values import ShownValues, labels_of
from ..mapping.targets import TARGETS
from .apply import Applier
from .by_hand import become_writer
from .changed_here import FollowAgain
from .lines import ProfileBroken
from .rows import BATCH
from .run import ImportRun
from .two_ways import save_applied

CODE = "both_changed"


def asked_of(env, target, items):
    """{row id: [(field, details for the words of `CODE`)]}"""
    asking = [item for item in items if item.asks]
    if not asking:
        return {}
    shown = ShownValues(env, target, asking)
    labels = labels_of(env, target, {name for item in asking for name in item.asks})
    empty = env._("empty")
    return {
        item.row.id: [
            (
                name,
                {"field": labels[name], "here": here or empty, "xero": xero or empty},
            )
            for name, (here, xero) in shown.asked(item).items()
        ]
        for item in asking
    }


def tell_missing(planner, items):
    """Have a line for what the way back finds changed in both, and no import told."""
    items = [item for item in items if item.asks]
    run = planner.profile.last_sync_id or planner.connection.sync_ids[:1]
    if not items or not run:
        return
    column = TARGETS[planner.profile.target].row
    lines = planner.profile.env["xero.sync.line"].search(
        [
            ("profile_id", "=", planner.profile.id),
            (column, "in", [item.row.id for item in items]),
            ("code", "=", CODE),
            ("state", "in", ("open", "ignored")),
        ]
    )
    told = {(line[column].id, line.field_name) for line in lines}
    run.sudo()._log_both_changed(planner.profile, items, told)


class Decide:
    """What a person decided about lines of `CODE`, carried out for all of them.

    `settled` is the number of lines that are done with; `open` counts those that are
    not, by the reason.
    """

    def __init__(self, lines):
        self.env = lines.env
        self.settled = 0
        self.open = Counter()
        self._lines = lines.filtered(lambda line: line.code == CODE)

    def take_xeros(self):
        """Write Xero's values, which the CRM follows from now."""
        return self._run(self._take)

    def send_ours(self):
        """Let the CRM's values go to Xero, which is taken to have said its own."""
        return self._run(self._send)

    def _run(self, work):
        for connection, lines in self._lines.grouped("connection_id").items():
            try:
                become_writer(connection)
            except UserError as error:
                self.open[str(error)] += len(lines)
                continue
            for (profile, run), of_run in lines.grouped(
                lambda line: (line.profile_id, line.sync_id)
            ).items():
                self._run_of(work, profile, run, of_run)
        return self

    def _run_of(self, work, profile, run, lines):
        """What refuses these lines holds up none of the others."""
        if not profile:
            message = self.env._("It cannot be retried from here: sync again.")
            self.open[message] += len(lines)
            return
        try:
            with self.env.cr.savepoint():
                work(profile, lines)
                for part in split_every(BATCH, _rows_of(profile, lines).ids):
                    ImportRun(profile, run).retry(list(part))
        except (AccessError, ProfileBroken) as error:
            self.open[str(error)] += len(lines)
        else:
            self._count(profile, lines)

    def _take(self, profile, lines):
        for name, of_field in lines.grouped("field_name").items():
            for part in split_every(BATCH, _rows_of(profile, of_field).ids):
                planner, items = FollowAgain(profile, {name}).plan(list(part))
                Applier(planner).apply(items)

    def _send(self, profile, lines):
        column = TARGETS[profile.target].row
        wanted = {(line[column].id, line.field_name) for line in lines}
        for part in split_every(BATCH, _rows_of(profile, lines).ids):
            _planner, items = Asked(profile).plan(list(part))
            found = []
            for item in items:
                pairs = {
                    name: [value, (item.row.applied.get(name) or [None, None])[1]]
                    for name, value in item.asks.items()
                    if (item.row.id, name) in wanted
                }
                found.append({"id": item.row.id, "applied": pairs})
            save_applied(self.env[TARGETS[profile.target].mirror].sudo(), found)

    def _count(self, profile, lines):
        column = TARGETS[profile.target].row
        left = self._lines.search(
            [
                ("profile_id", "=", profile.id),
                ("code", "=", CODE),
                ("state", "=", "open"),
                (column, "in", lines[column].ids),
            ]
        )
        still = {(line[column].id, line.field_name): line.reason for line in left}
        for line in lines:
            if reason := still.get((line[column].id, line.field_name)):
                self.open[reason] += 1
            else:
                self.settled += 1


class Asked(ImportRun):
    """Plans rows as their import would."""

    def __init__(self, profile):
        super().__init__(profile, profile.env["xero.sync"])

    def plan(self, row_ids):
        planner = self._planner()
        found = planner.rows(SQL("%s = ANY(%s)", planner.alias("id"), row_ids))
        return planner, planner.plan(found)


def _rows_of(profile, lines):
    return lines[TARGETS[profile.target].row]
