# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Imports of single records that a person asks for and waits for.

They work from the mirror: neither Xero nor the connector is asked.
"""

from collections import Counter

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import split_every

from ..mapping.targets import TARGETS
from ..mirror import links
from .lines import ProfileBroken
from .rows import BATCH
from .run import ImportRun

# Whoever retries these wants the record although the CRM's went.
GONE_CODES = frozenset({"record_deleted", "record_archived"})
TRIED_STATES = frozenset({"open", "ignored"})


def become_writer(connection):
    """Take the connection's lock for the rest of the transaction.

    :raise UserError: a run is at work, which must not wait for a person
    """
    try:
        connection.lock_for_update()
    except LockError as error:
        raise UserError(
            connection.env._("A run is working on this connection; try again soon.")
        ) from error


class Retry:
    """Imports the records of log lines again.

    `settled` is the number of lines that are done with; `open` counts those that
    are not, by the reason.
    """

    def __init__(self, lines):
        self.env = lines.env
        self.settled = 0
        self.open = Counter()
        self._lines = lines.filtered(lambda line: line.state in TRIED_STATES)
        self._tried = lines.browse()

    def run(self):
        for connection, lines in self._lines.grouped("connection_id").items():
            try:
                become_writer(connection)
            except UserError as error:
                self._refuse(lines, error)
                continue
            of_persons = lines.filtered("person_id")
            rows = self._import(lines - of_persons)
            self._import(of_persons | self._waiting_for(rows))
        self._count()
        return self

    def _import(self, lines):
        """Import the records of these lines; their rows of the mirror."""
        rows = self.env["xero.contact"]
        for (profile, run), of_run in lines.grouped(
            lambda line: (line.profile_id, line.sync_id)
        ).items():
            if not profile or not _rows_of(profile, of_run):
                message = self.env._("It cannot be retried from here: sync again.")
                self._refuse(of_run, message)
                continue
            # What refuses these lines holds up none of the others.
            try:
                with self.env.cr.savepoint():
                    self._import_rows(ImportRun(profile, run), of_run)
            except (AccessError, ProfileBroken) as error:
                self._refuse(of_run, error)
            else:
                self._tried |= of_run & self._lines
                rows |= of_run.contact_id
        return rows

    def _import_rows(self, import_run, lines):
        lines.filtered(lambda line: line.state == "ignored").state = "open"
        gone = lines.filtered(lambda line: line.code in GONE_CODES)
        links.reset(_rows_of(import_run.profile, gone))
        gone = lines.filtered(lambda line: line.code == "delivery_gone")
        links.reset_deliveries(gone.contact_id)
        self.env.flush_all()
        for ids in split_every(BATCH, _rows_of(import_run.profile, lines).ids):
            import_run.retry(list(ids))

    def _waiting_for(self, contacts):
        """The lines of persons whose company came just now."""
        return self._lines.search(
            [
                ("state", "=", "open"),
                ("code", "=", "company_missing"),
                ("contact_id", "in", contacts.filtered("partner_id").ids),
            ]
        )

    def _refuse(self, lines, reason):
        self.open[str(reason)] += len(lines)

    def _count(self):
        """Compare with what is said of the same records now."""
        said = self._lines.search(
            [
                ("state", "=", "open"),
                ("profile_id", "in", self._tried.profile_id.ids),
                "|",
                ("contact_id", "in", self._tried.contact_id.ids),
                ("item_id", "in", self._tried.item_id.ids),
            ]
        ).grouped(_record_of)
        for line in self._tried:
            now = said.get(_record_of(line))
            gone = line.person_id or line.item_id
            if gone and not gone.active:
                # Gone from Xero: there is nothing left to import.
                line.state = "retried"
                self.settled += 1
            elif not now:
                self.settled += 1
            elif line in now:
                self._refuse(line, self.env._("Its import no longer looks at it."))
            else:
                self._refuse(line, now[0].reason_group)


def _rows_of(profile, lines):
    """The rows of the mirror that these lines of an import are about."""
    return lines[TARGETS[profile.target].row]


def _record_of(line):
    return (line.profile_id, line.contact_id, line.person_id, line.item_id)
