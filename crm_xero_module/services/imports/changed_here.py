# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fields of a CRM record that an import lets follow Xero, and that people changed in
the CRM: found and, on demand, followed again, by the plan that an import makes.
"""

from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..mapping.crm_values import is_empty
from ..mapping.shown_values import ShownValues
from ..mapping.targets import COMPANY, TARGETS
from .apply import Applier
from .by_hand import become_writer
from .lines import ProfileBroken
from .plan import Planner
from .run import ImportRun
from .who_wins import KEEP, verdict_of


class FollowAgain(ImportRun):
    """Plans single rows of the mirror as if the fields `names`, or all that follow
    Xero, were changed in Xero just now."""

    def __init__(self, profile, names=None):
        # It tells the person who asked, and belongs to no run.
        super().__init__(profile, profile.env["xero.sync"])
        self._names = names

    def plan(self, row_ids):
        """(planner, items) of these rows, as far as the profile looks at them."""
        planner = self._planner()
        found = planner.rows(SQL("%s = ANY(%s)", planner.alias("id"), row_ids))
        return planner, planner.plan(found)

    def _planner(self):
        mappings = self.profile.mapping_ids
        # A person's name follows where it is made of two fields.
        follows = {"name"} | set(mappings.mapped("target_field"))
        follows -= {m.target_field for m in mappings if m.policy != "follow"}
        if self._names is not None:
            follows &= set(self._names)
        return Planner(self.profile, self._user_env(), follow_again=follows)


class ChangedHere:
    """One partner or product, as the user of its environment sees it."""

    def __init__(self, crm_record):
        self.env = crm_record.env
        self._record = crm_record

    def fields(self):
        """A list of {name, label, here, xero}: the CRM's value and Xero's, as people
        read them, None where there is none."""
        found = {}
        for profile, row_ids in self._sources():
            try:
                planner, items = FollowAgain(profile).plan(row_ids)
            except (AccessError, ProfileBroken):
                # Its next run says so; here it follows nothing.
                continue
            shown = ShownValues(self.env, planner.target, items)
            for item in items:
                changes = shown.changes(item)
                found |= {name: changes[name] for name in _changed(planner, item)}
        # Only what the reader may see.
        labels = self._record.fields_get(list(found), ["string"])
        return [
            {"name": name, "label": labels[name]["string"], "here": here, "xero": xero}
            for name, (here, xero) in found.items()
            if name in labels
        ]

    def follow(self, names):
        """Write Xero's values, empty ones too, and follow Xero from now.

        :return: (code, data) of what kept a value from going in
        :raise AccessError, ProfileBroken: the import may or can not write
        """
        told = []
        for profile, row_ids in self._sources():
            become_writer(profile.connection_id)
            planner, items = FollowAgain(profile, names).plan(row_ids)
            Applier(planner).apply(items)
            for item in items:
                told += [(item.code, item.data)] if item.code else item.notes
        left = {field["name"] for field in self.fields()}
        return told if left & set(names) else []

    def _sources(self):
        """(profile, ids of the mirror's rows) of the imports that feed the record."""
        for target in TARGETS.values():
            if target.model != self._record._name:
                continue
            found = self._feeding(target)
            for connection, of_connection in found.grouped("connection_id").items():
                for profile in connection.sudo().profile_ids:
                    # One that never ran has let nothing follow yet.
                    runs = profile.auto_run or profile.last_sync_id
                    if profile.target == target.name and runs:
                        yield profile, of_connection.ids

    def _feeding(self, target):
        linked = [(target.link, "=", self._record.id)]
        rows = self.env[target.mirror]
        if target is COMPANY:
            linked.append(("is_leading", "=", True))
            return rows.search(linked).sorted("id")[:1]
        return rows.search(linked)


def _changed(planner, item):
    """The fields that would go on holding the CRM's own value."""
    return [
        name
        for name, value in item.values.items()
        if name in planner.follow_again and not planner.two_ways.judges(item, name)
        if (last := item.row.applied.get(name)) or not is_empty(value)
        if verdict_of("follow", value, item.old[name], last) == KEEP
    ]
