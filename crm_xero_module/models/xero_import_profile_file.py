# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import ValidationError

from ..services.mapping.check import MappingCheck
from ..services.mapping.profile_file import FileLine, FileProfile
from ..services.mapping.targets import TARGETS

# Members of the file whose field has the same name and values.
SAME = (
    "target",
    "source",
    "mode",
    "which",
    "which_items",
    "status",
    "delivery_addresses",
    "leave_note",
    "blanks_overwrite",
)


class XeroImportProfile(models.Model):
    """Import profiles to and from a file."""

    _inherit = "xero.import.profile"

    def _to_file(self):
        """These profiles as `FileProfile`s."""
        return [
            FileProfile(
                title=profile.name,
                **{name: profile[name] for name in SAME},
                groups=profile.group_ids.mapped("name"),
                changed_since=fields.Date.to_string(profile.changed_since) or None,
                lines=[line._to_file() for line in profile.mapping_ids],
            )
            for profile in self
        ]

    def _from_file(self, profile, connection):
        """Make a new profile of a `FileProfile`, as far as it fits this database.

        It never runs after a sync until somebody says so. Returns (profile or
        nothing, what was left out and why, as sentences).
        """
        left_out = [
            self.env._("“%(name)s” is not taken over from a file.", name=name)
            for name in profile.unknown
        ]
        groups = self._groups_of(profile, connection, left_out)
        if profile.source != TARGETS[profile.target].source:
            left_out.append(
                self.env._("The source was put right: it goes by the target.")
            )
        values = {
            **{name: getattr(profile, name) for name in SAME if name != "source"},
            "name": self._free_title(profile.title, connection),
            "connection_id": connection.id,
            "group_ids": [fields.Command.set(groups.ids)],
            "changed_since": profile.changed_since,
            "auto_run": False,
            "mapping_ids": self._lines_of(profile, left_out),
        }
        if not values["mapping_ids"]:
            left_out.append(self.env._("Nothing was left of it, so it was not made."))
            return self.browse(), left_out
        try:
            with self.env.cr.savepoint():
                return self.create(values), left_out
        except ValidationError as error:
            return self.browse(), [*left_out, error.args[0]]

    def _groups_of(self, profile, connection, left_out):
        groups = self.env["xero.contact.group"].search(
            [("connection_id", "=", connection.id), ("name", "in", profile.groups)]
        )
        missing = set(profile.groups) - set(groups.mapped("name"))
        left_out += [
            self.env._(
                "Contact group “%(name)s”: this organisation has none.", name=name
            )
            for name in sorted(missing)
        ]
        if profile.which == "picked":
            left_out.append(
                self.env._("Hand-picked contacts are not in a file: pick them here.")
            )
        return groups

    def _free_title(self, title, connection):
        """The title, with a number where another profile has it."""
        known = set(
            self.with_context(active_test=False)
            .search([("connection_id", "=", connection.id)])
            .mapped("name")
        )
        number, free = 1, title
        while free in known:
            number += 1
            free = f"{title} ({number})"
        return free

    def _lines_of(self, profile, left_out):
        check = MappingCheck(self.env, TARGETS[profile.target])
        commands, seen, has_key = [], set(), False
        for number, line in enumerate(profile.lines, start=1):
            values = self.env["xero.import.mapping"]._from_file(line, number)
            if line.crm_field in seen:
                reason = self.env._("Each CRM field has one line in an import.")
            else:
                reason = self.env["xero.import.mapping"].new(values)._unfit(check)
            if reason:
                left_out.append(
                    self.env._(
                        "Line %(number)s, “%(field)s”: %(reason)s",
                        number=number,
                        field=line.crm_field,
                        reason=reason,
                    )
                )
                continue
            if values["is_key"] and has_key:
                values["is_key"] = False
                left_out.append(
                    self.env._(
                        "Line %(number)s, “%(field)s”: it came without being the key,"
                        " as an earlier line is.",
                        number=number,
                        field=line.crm_field,
                    )
                )
            has_key = has_key or values["is_key"]
            seen.add(line.crm_field)
            commands.append(fields.Command.create(values))
        return commands


class XeroImportMapping(models.Model):
    _inherit = "xero.import.mapping"

    def _to_file(self):
        return FileLine(
            crm_field=self.target_field,
            xero_fields=self._source_names(),
            key=self.is_key,
            required=self.is_required,
            who_wins=self.policy,
            back_to_xero=self.back,
            default=self.default_value or None,
        )

    def _from_file(self, line, sequence):
        """The values of a `FileLine`."""
        return {
            "sequence": sequence,
            "target_field": line.crm_field,
            "source_fields": ",".join(line.xero_fields),
            "is_key": line.key,
            "is_required": line.required,
            "policy": line.who_wins,
            "back": line.back_to_xero,
            "default_value": line.default,
        }
