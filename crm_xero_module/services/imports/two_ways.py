# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which way the fields of a batch go that an import sends back to Xero, too."""

import json

from odoo.tools import SQL

from ..mapping.targets import COMPANY, CONTACT
from .who_wins import KEEP, two_way_verdict


def mark_due(env, contact_ids):
    """Have the way back look at these contacts."""
    env["xero.contact"].sudo().browse(contact_ids).is_back_due = True


def save_applied(mirror, found):
    """Remember more of what was last applied on rows of a mirror: dictionaries of id
    and applied, {field: pair}, in which others stay as they are."""
    if not found:
        return
    mirror.flush_model(["applied"])
    mirror.env.execute_query(
        SQL(
            """
            UPDATE %s AS old
               SET applied = COALESCE(old.applied, '{}') || new.applied
              FROM jsonb_to_recordset(%s::jsonb) AS new(id int, applied jsonb)
             WHERE old.id = new.id
            RETURNING old.id
            """,
            SQL.identifier(mirror._table),
            json.dumps(found),
        )
    )
    mirror.invalidate_model(["applied"], flush=False)


class TwoWays:
    """Judges the fields of an import's rows that go both ways.

    What is under way to Xero is left alone: what became of it is known once its answer
    is settled, and the rows are looked at again then.
    """

    def __init__(self, planner):
        self._lines = planner.lines.both_ways
        self._env = planner.env
        self._blanks = planner.profile.blanks_overwrite
        self._of_contacts = self._fields_of_contacts(planner)
        self._under_way = {}

    def _fields_of_contacts(self, planner):
        """{CRM field: whether it goes back} of the imports of companies, which decide
        about a partner that is both the contact and its person."""
        if planner.target is not CONTACT or planner.connection.direction != "both":
            return {}
        profiles = planner.connection.profile_ids.filtered(
            lambda profile: profile.target == COMPANY.name and profile.auto_run
        )
        return {line.target_field: line.back != "no" for line in profiles.mapping_ids}

    def judges(self, item, name):
        """Whether it is here that a field of an item's record is decided on."""
        if self._is_contacts_own(item) and name in self._of_contacts:
            return self._of_contacts[name]
        return name in self._lines

    def _is_contacts_own(self, item):
        return item.record_id == item.row.company_record_id

    @property
    def names(self):
        """The CRM fields that go both ways."""
        return self._lines.keys()

    def look_up(self, items):
        """Find what of these is under way to Xero."""
        if not self._lines or not items:
            return
        self._env["xero.outbox"].flush_model()
        contacts = {item.row.contact_id or item.row.id for item in items}
        for contact, built in self._env.execute_query(
            SQL(
                """
                SELECT contact_id, built FROM xero_outbox
                 WHERE kind = 'update_contact' AND contact_id = ANY(%s)
                   -- None: it is being settled just now.
                   AND built IS NOT NULL
                   AND (state = 'answered' OR state IN ('waiting', 'failed') AND (
                        may_have_arrived OR sending_until > now() AT TIME ZONE 'UTC'))
                """,
                list(contacts),
            )
        ):
            self._under_way[contact] = built

    def complete(self, item, values):
        """The values, and for those that are of no use to the CRM what it was given
        last: they count as unchanged, so that the CRM's may go to Xero."""
        lacking = self._lines.keys() - values.keys()
        last = {name: (item.row.applied.get(name) or [None])[0] for name in lacking}
        return {**values, **last}

    def verdict(self, item, name, value, held):
        """As `two_way_verdict` has it."""
        if self._is_contacts_own(item) and name in self._of_contacts:
            return KEEP
        line = self._lines[name]
        under_way = self._under_way.get(item.row.contact_id or item.row.id, {})
        if name in under_way.get(str(item.record_id), ()):
            return KEEP
        return two_way_verdict(
            line.back,
            value,
            held,
            item.row.applied.get(name),
            same=line.same,
            blanks=self._blanks,
        )
