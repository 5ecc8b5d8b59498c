# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from contextlib import contextmanager
from copy import deepcopy
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests.test_cursor import TestCursor

from .common import FakeConnector, address, contact, person, phone, xero_id
from .properties import PropertyCase

_WRITES = re.compile(r"\s*(?:WITH\b.*?\b)?(INSERT INTO|UPDATE|DELETE FROM)\s", re.S)
_NOT_OURS = re.compile(r"\bir_cron|\bbus_|ir_cron_progress")


class Death(BaseException):
    """The process ends here, whatever it was about to catch."""


class Moments:
    """Counts the moments at which a process may die, and dies at number `last`.

    Before each write, before each commit, and right after it. `names` tells what
    each of them was.
    """

    def __init__(self, last=None):
        self.names = []
        self.last = last
        self.is_dead = False

    def pass_by(self, name):
        self.names.append(name)
        if len(self.names) - 1 == self.last:
            self.is_dead = True
            raise Death(name)

    @contextmanager
    def watched(self):
        execute, commit = Cursor.execute, TestCursor.commit

        def watched_execute(cursor, query, *args, **kwargs):
            text = getattr(query, "code", query)
            if not self.is_dead and _WRITES.match(text) and not _NOT_OURS.search(text):
                self.pass_by(" ".join(text.split())[:60])
            return execute(cursor, query, *args, **kwargs)

        def watched_commit(cursor):
            if self.is_dead:
                # What cleans up behind an exception, a dead process does not do.
                cursor.rollback()
                return
            self.pass_by("before a commit")
            commit(cursor)
            self.pass_by("after a commit")

        with (
            patch.object(Cursor, "execute", watched_execute),
            patch.object(TestCursor, "commit", watched_commit),
        ):
            yield


def one_of_each(names):
    """The numbers of all moments after a commit, and of the first of each other."""
    first = {}
    for number, name in enumerate(names):
        first.setdefault(number if name == "after a commit" else name, number)
    return sorted(first.values())


class KillCase(PropertyCase):
    """What one pass of the worker leaves, and what a dead one and another leave."""

    def die_everywhere(self, begin):
        """Compare what is left after each death, and another pass, with what one
        undisturbed pass after `begin` leaves; that."""
        with self.example(), self.batches_of(2):
            begin()
            self.env.flush_all()
            moments, expected = self.live()
            for last in one_of_each(moments.names):
                with self.subTest(moments.names[last], number=last):
                    self.assertEqual(self.live(last)[1], expected)
        return expected

    def live(self, last=None):
        """The moments of a pass, and what it left; with `last`, what was left by
        two passes of which the first died there."""
        moments = Moments(last)
        connector = self.connector
        type(self).connector = deepcopy(connector)
        with self.example():
            try:
                with moments.watched():
                    self.run_cron()
            except Death:
                self.env.invalidate_all(flush=False)
                self.run_cron()
            left = self.left()
        type(self).connector = connector
        return moments, left

    def left(self):
        """What must be the same, whoever died."""
        connection = self.connection
        return {
            "picture": self.picture(),
            "deliveries": self.deliveries(),
            "partners": sorted(map(str, self.partners.search([]).mapped("name"))),
            "runs": [self.told(run) for run in connection.sync_ids.sorted("id")],
            "feed": (connection.feed_position, connection.feed_failures),
            "acknowledged": self.connector.acknowledged,
        }

    def deliveries(self):
        rows = self.env["xero.contact"].search([], order="xero_id")
        return [
            (row.xero_id, row.delivery_state, row.delivery_partner_id.street)
            for row in rows
        ]

    def told(self, run):
        counts = [name for name in run._fields if name.endswith("_count")]
        lines = sorted(
            (line.record_name or "", line.code, line.outcome, line.state)
            for line in run.line_ids
        )
        state = (run.kind, run.state, run.code, run.progress, run.steps)
        return state, {name: run[name] for name in counts}, lines


class TestKills(KillCase):
    """A process that dies at any moment leaves what one that lives leaves."""

    def a_sync(self):
        """The CRM knows some customers when the process starts."""
        self.bring(
            contact(3, "Renamed Later"),
            contact(4, "Merged Later", FirstName="Di", LastName="Wu"),
            contact(5, "Archived Here"),
        )
        self.partner(5).active = False
        type(self).connector = FakeConnector()
        self.connector.sync()
        self.connector.add_part([self.club(), contact(2, ""), None, contact(5, "New")])
        self.connector.add_part(
            [
                contact(3, "Renamed", FirstName="Cy", LastName="Twombly"),
                contact(4, ContactStatus="ARCHIVED", MergedToContactID=xero_id(7)),
                contact(7, "Left", FirstName="Di", LastName="Wu"),
                contact(6, "ada lovelace", FirstName="Ada", LastName="Lovelace"),
            ],
            page=2,
        )
        self.connector.add_end()

    def club(self):
        return contact(
            1,
            "Bayside Club",
            FirstName="Bob",
            LastName="Partridge",
            ContactPersons=[person("Ann", "Lee", "a@club.nz"), person("Al", "")],
            Addresses=[
                address(City="Oaktown", Country="Atlantis"),
                address("STREET", "9 Quay", City="Napier"),
            ],
            Phones=[phone()],
        )

    def test_a_sync(self):
        expected = self.die_everywhere(self.a_sync)
        self.assertEqual(expected["feed"], (3, 0))
        self.assertEqual(expected["acknowledged"], 3)

    def a_mirror(self):
        """What a run of an import finds, when no sync is open."""
        self.sync_run._finish("done")
        self.bring(contact(3, "Old Name"), contact(5, "Archived Here"))
        self.partner(5).active = False
        self.land(
            self.club(), contact(2, ""), contact(3, "New Name"), contact(5, "Changed")
        )

    def a_run(self):
        self.a_mirror()
        self.companies.action_run()

    def a_preview(self):
        self.a_mirror()
        self.companies.action_preview()

    def a_preview_done(self):
        self.a_preview()
        preview = self.connection.sync_ids[:1]
        while preview.is_open:
            preview.sudo()._work().run_whole_batch()
        preview.action_do_preview()

    def test_a_run(self):
        state = self.die_everywhere(self.a_run)["runs"][-1][0]
        self.assertEqual(state[:2], ("profile", "done"))

    def test_a_preview(self):
        state = self.die_everywhere(self.a_preview)["runs"][-1][0]
        self.assertEqual(state[:2], ("preview", "done"))

    def test_a_preview_that_is_done(self):
        state = self.die_everywhere(self.a_preview_done)["runs"][-1][0]
        self.assertEqual(state[:2], ("profile", "done"))
