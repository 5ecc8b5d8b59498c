# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

from ..services.imports.both_changed import CODE as BOTH_CHANGED
from ..services.imports.both_changed import asked_of
from ..services.imports.items import CONFLICT, CREATE, FAILED, SKIP, UNCHANGED, UPDATE
from ..services.mapping.targets import TARGETS
from ..services.reasons import describe, kind_of
from ..services.xero.values import text

# The line's outcome for what a plan's item became.
_OUTCOMES = {
    CREATE: "created",
    UPDATE: "updated",
    UNCHANGED: "updated",
    SKIP: "skipped",
    CONFLICT: "conflict",
    FAILED: "failed",
}


class XeroSync(models.Model):
    """What a run tells of records that did not come, or not wholly."""

    _inherit = "xero.sync"

    def _log_unusable(self, lander, records):
        """Records that came without what tells them from others."""
        self.env["xero.sync.line"].sudo().create(
            [
                {
                    **self._line_values(lander.unusable, {}),
                    "record_name": text(record.get(lander.name)),
                    "outcome": "failed",
                }
                for record in records
            ]
        )

    def _log_part(self, entry, error):
        """A part of the feed that was passed over."""
        code = (
            "part_unreadable_again" if self.trigger == "repair" else "part_unreadable"
        )
        kind = getattr(error, "code", type(error).__name__)
        self.env["xero.sync.line"].sudo().create(
            {
                **self._line_values(code, {}),
                "record_name": f"{entry['resource']} {entry['page']}.{entry['part']}",
                "outcome": "failed",
                "detail": f"{kind}; n={entry['n']} sha256={entry['sha256']}",
            }
        )

    def _log_items(self, profile, items):
        """Lines for what did not come, or not wholly. Lines of earlier runs for
        the same records are settled by this one, whatever it says; but those that
        tell why a record is ignored go on telling it."""
        items = [item for item in items if item.row.link_state != "ignored"]
        earlier = self._earlier_lines(profile, items)
        values_list = self._both_changed_lines(profile, items)
        for item in items:
            values_list += self._item_lines(profile, item)
        self._create_lines(profile, values_list, earlier)

    def _log_both_changed(self, profile, items, told):
        """Lines for what was changed in both, without those that are `told`: pairs of
        a row's id and a field."""
        known = {(row, BOTH_CHANGED, field) for row, field in told}
        self._create_lines(profile, self._both_changed_lines(profile, items), known)

    def _create_lines(self, profile, values_list, known):
        """:param known: (row id, code, field) of the lines that are not wanted"""
        column = TARGETS[profile.target].row
        self.env["xero.sync.line"].sudo().create(
            [
                values
                for values in values_list
                if (values[column], values["code"], values.get("field_name"))
                not in known
            ]
        )

    def _earlier_lines(self, profile, items):
        """Settle open lines of these rows; (row id, code, field) of the ignored."""
        column = SQL.identifier(TARGETS[profile.target].row)
        self.env["xero.sync.line"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
                UPDATE xero_sync_line
                   SET state = CASE state WHEN 'open' THEN 'retried' ELSE state END
                 WHERE profile_id = %s AND %s = ANY(%s)
                   AND state IN ('open', 'ignored')
                RETURNING %s, code, field_name, state
                """,
                profile.id,
                column,
                [item.row.id for item in items],
                column,
            )
        )
        self.env["xero.sync.line"].invalidate_model(["state"], flush=False)
        return {tuple(known) for *known, state in found if state == "ignored"}

    def _both_changed_lines(self, profile, items):
        """The values of a line for each field that was changed in both."""
        target = TARGETS[profile.target]
        asked = asked_of(self._reader_env(), target, items)
        return [
            {
                **self._line_values(BOTH_CHANGED, data),
                **self._record_values(profile, item),
                "outcome": "conflict",
                "field_name": name,
            }
            for item in items
            for name, data in asked.get(item.row.id, ())
        ]

    def _item_lines(self, profile, item):
        """The values of an item's lines."""
        if item.action in (SKIP, CONFLICT, FAILED):
            told = [] if item.silent else [(item.code, item.data)]
        else:
            told = item.notes
        return [
            {
                **self._line_values(code, data),
                **self._record_values(profile, item),
                "outcome": _OUTCOMES[item.action],
            }
            for code, data in told
        ]

    def _record_values(self, profile, item):
        target = TARGETS[profile.target]
        return {
            **target.columns_of(item.row),
            "profile_id": profile.id,
            target.link: item.record_id,
            "record_name": self._record_name(item.row),
        }

    def _record_name(self, row):
        """A person's company says which of many of the name it is."""
        if row.person and row.name and row.name != row.label:
            return f"{row.name}, {row.label}"
        return row.label

    def _line_values(self, code, data):
        reader = self._reader_env()
        told = describe(reader, code, **data)
        return {
            "sync_id": self.id,
            "connection_id": self.connection_id.id,
            "company_id": self.company_id.id,
            "code": code,
            "conflict_ids": data.get("record_ids") or False,
            "reason_group": kind_of(reader, code),
            "reason": told.happened,
            "remedy": told.remedy,
        }
