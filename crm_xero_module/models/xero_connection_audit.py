# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import format_date, format_datetime


class XeroConnection(models.Model):
    """What people change of a connection is written down, field by field."""

    _inherit = "xero.connection"

    def write(self, vals):
        names = [] if self.env.su else [name for name in vals if self._is_choice(name)]
        before = {row.id: row._told_choices(names) for row in self}
        result = super().write(vals)
        for row in self if names else ():
            row._note_choices(before[row.id], row._told_choices(names))
        return result

    def _is_choice(self, name):
        """Whether a field is for people to fill in, and not for programs."""
        field = self._fields.get(name)
        of_mail = field and field.name.startswith(("activity_", "message_"))
        return bool(
            field
            and field.store
            and not (field.readonly or field.compute or of_mail)
            and field.type != "one2many"
        )

    def _told_choices(self, names):
        """{label: value, as a person reads it}"""
        return {
            self._fields[name]._description_string(self.env): self._told_choice(name)
            for name in names
        }

    def _told_choice(self, name):
        field, value = self._fields[name], self[name]
        match field.type:
            case "boolean":
                return self.env._("yes") if value else self.env._("no")
            case "selection":
                return dict(field._description_selection(self.env)).get(value, "")
            case "many2one":
                return value.sudo().display_name or ""
            case "many2many":
                return self.env._("%(count)s chosen", count=len(value))
            case "date" | "datetime":
                shown = format_date if field.type == "date" else format_datetime
                return shown(self.env, value) if value else ""
        return str(value or "")

    def _note_choices(self, before, after):
        changed = {
            label: after[label] for label in after if after[label] != before[label]
        }
        if changed:
            told = ", ".join(
                f"{label}: {before[label] or '–'} → {value or '–'}"
                for label, value in changed.items()
            )
            self.env["xero.audit"]._note("settings", self, self, detail=told)
