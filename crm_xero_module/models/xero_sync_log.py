# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import SQL

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
        code = "part_unreadable_again" if self.is_reread else "part_unreadable"
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
        values_list = []
        for item in items:
            ignored = earlier.get(item.row.id, set())
            values_list += [
                values
                for values in self._item_lines(profile, item)
                if values["code"] not in ignored
            ]
        self.env["xero.sync.line"].sudo().create(values_list)

    def _earlier_lines(self, profile, items):
        """Settle open lines of these rows; {row id: codes to be ignored}."""
        column = SQL.identifier(TARGETS[profile.target].row)
        self.env["xero.sync.line"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
                UPDATE xero_sync_line
                   SET state = CASE state WHEN 'open' THEN 'retried' ELSE state END
                 WHERE profile_id = %s AND %s = ANY(%s)
                   AND state IN ('open', 'ignored')
                RETURNING %s, code, state
                """,
                profile.id,
                column,
                [item.row.id for item in items],
                column,
            )
        )
        self.env["xero.sync.line"].invalidate_model(["state"], flush=False)
        ignored = {}
        for record, code, state in found:
            if state == "ignored":
                ignored.setdefault(record, set()).add(code)
        return ignored

    def _item_lines(self, profile, item):
        """The values of an item's lines."""
        if item.action in (SKIP, CONFLICT, FAILED):
            told = [] if item.silent else [(item.code, item.data)]
        else:
            told = item.notes
        target, row = TARGETS[profile.target], item.row
        return [
            {
                **self._line_values(code, data),
                **target.columns_of(row),
                "profile_id": profile.id,
                target.link: item.record_id,
                "record_name": self._record_name(row),
                "outcome": _OUTCOMES[item.action],
            }
            for code, data in told
        ]

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
