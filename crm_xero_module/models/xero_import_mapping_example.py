# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..services.imports.lines import Line
from ..services.imports.rows import read_rows
from ..services.imports.scope import scope_of
from ..services.xero.fields import fields_of
from .xero_import_profile_scope import SCOPE_FIELDS


class XeroImportProfile(models.Model):
    """The first record of an import: the one that the examples come from."""

    _inherit = "xero.import.profile"

    example_name = fields.Char(
        compute="_compute_example_name", help="Whose values the examples are."
    )

    @api.depends("connection_id", *SCOPE_FIELDS)
    def _compute_example_name(self):
        for profile in self:
            row = profile._first_row()
            profile.example_name = row and row.label

    def _first_row(self):
        """The first mirror row that this profile looks at and the reader may see, or
        None."""
        if not self.connection_id or not self.target:
            return None
        scope = scope_of(self)
        for model in scope.models:
            self.env[model].flush_model()
        rows = read_rows(scope, scope.visible(self.env), 1)
        return rows[0] if rows else None


class XeroImportMapping(models.Model):
    """What a mapping line takes from the first record."""

    _inherit = "xero.import.mapping"

    example = fields.Char(compute="_compute_example")

    @api.depends(
        "source_fields",
        "default_value",
        "profile_id.connection_id",
        *(f"profile_id.{name}" for name in SCOPE_FIELDS),
    )
    @api.depends_context("lang", "tz")
    def _compute_example(self):
        for profile, lines in self.grouped("profile_id").items():
            row = profile._first_row()
            for line in lines:
                line.example = row and line._example(row)

    def _example(self, row):
        known = fields_of(self.profile_id.source)
        sources = [known[name] for name in self._source_names() if name in known]
        if sources and all(source.is_absent for source in sources):
            return self.default_value or self.env._("empty in Xero today")
        line = Line(None, sources, self.policy, False, self.default_value)
        value, _source = line.value(row)
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        if isinstance(value, datetime):
            return format_datetime(self.env, value)
        return str(value) if value is not None else False
