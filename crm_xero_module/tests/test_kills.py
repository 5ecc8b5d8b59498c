# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from contextlib import contextmanager
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
    """The numbers of all moments around commits, and of each write's first."""
    writes = {}
    for number, name in enumerate(names):
        writes.setdefault(number if "a commit" in name else name, number)
    return sorted(writes.values())


class TestKills(PropertyCase):
    """A process that dies at any moment leaves the same as one that lives."""

    def before(self):
        """What the CRM knows when the process starts."""
        self.bring(
            contact(3, "Renamed Later"),
            contact(4, "Merged Later", FirstName="Di", LastName="Wu"),
            contact(5, "Archived Here"),
        )
        self.partner(5).active = False
        type(self).connector = FakeConnector()
        self.connector.sync()
        self.connector.add_part(
            [
                contact(
                    1,
                    "Bayside Club",
                    FirstName="Bob",
                    LastName="Partridge",
                    ContactPersons=[
                        person("Ann", "Lee", "a@club.nz"),
                        person("Al", ""),
                    ],
                    Addresses=[
                        address(City="Oaktown", Country="Atlantis"),
                        address("STREET", "9 Quay", City="Napier"),
                    ],
                    Phones=[phone()],
                ),
                contact(2, ""),
                None,
                contact(5, "New Name"),
            ]
        )
        self.connector.add_part(
            [
                contact(3, "Renamed", FirstName="Cy", LastName="Twombly"),
                contact(
                    4, "Merged", ContactStatus="ARCHIVED", MergedToContactID=xero_id(7)
                ),
                contact(7, "Left", FirstName="Di", LastName="Wu"),
                contact(6, "ada lovelace", FirstName="Ada", LastName="Lovelace"),
            ],
            page=2,
        )
        self.connector.add_end()

    def after(self):
        """What must be the same, whoever died."""
        run, connection = self.sync_run, self.connection
        counts = [name for name in run._fields if name.endswith("_count")]
        lines = run.line_ids.sorted("id")
        return {
            "picture": self.picture(),
            "deliveries": self.deliveries(),
            "partners": sorted(map(str, self.partners.search([]).mapped("name"))),
            "lines": sorted(
                (line.record_name or "", line.code, line.state) for line in lines
            ),
            "counts": {name: run[name] for name in counts},
            "run": (run.state, run.code, run.progress, run.steps),
            "feed": (connection.feed_position, connection.feed_failures),
            "acknowledged": self.connector.acknowledged,
        }

    def deliveries(self):
        rows = self.env["xero.contact"].search([], order="xero_id")
        return [
            (row.xero_id, row.delivery_state, row.delivery_partner_id.street)
            for row in rows
        ]

    def live(self, last=None):
        """What one pass leaves; with `last`, of two of which the first dies there."""
        moments = Moments(last)
        with self.example():
            self.before()
            self.env.flush_all()
            try:
                with moments.watched():
                    self.run_cron()
            except Death:
                self.env.invalidate_all(flush=False)
                self.run_cron()
            return moments, self.after()

    def test_death_at_any_moment_of_a_sync(self):
        moments, expected = self.live()
        self.assertEqual(expected["run"][0], "done")
        for last in one_of_each(moments.names):
            with self.subTest(moments.names[last], number=last):
                self.assertEqual(self.live(last)[1], expected)
