# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Brings one connection forward: feed, mirror, imports.

Every step ends in a commit, and what it did is undone whole or kept whole. The
connection's row is the lock: one writer at a time, taken anew after each commit.
"""

import gzip
import io
import logging
import zlib
from datetime import timedelta

from odoo import fields

from ..exceptions import ConnectorError, PartUnreadable
from .connector import app_facts
from .connector.answers import answered_at
from .connector.client import ConnectorClient
from .connector.correlation import new_correlation
from .health.activities import is_telling_due, tell_health
from .imports.run import ImportRun
from .lost import is_lost
from .matching.suggest import matches_due, refresh_matches
from .mirror.landers import Part, lander_of, part_lost, sync_ended
from .reasons import STOPPING_CODES
from .sales.figures import figures_due, refresh_figures
from .sales.overdue_activities import tell_overdue
from .sales.rates import check_rates
from .sales.snapshots import keep_snapshot, snapshots_due
from .schedule import is_plan_due
from .to_xero.adopt import adopt_ours, newest_change
from .to_xero.changes import queue_changes
from .to_xero.new_customers import queue_new_customers
from .to_xero.outbox import answered, due
from .to_xero.send import send
from .to_xero.settle import settle
from .xero.pieces import pieces_of
from .xero.values import load_json, record

_logger = logging.getLogger(__name__)

PART_LIMIT = 64 * 1024 * 1024
TRIES = 3
# What follows from new figures, each with the connection, in a transaction of its own.
AFTER_FIGURES = (tell_overdue,)
# What looks for something to write to Xero, each with the connection, in a transaction
# of its own, where data goes both ways.
TO_XERO = (queue_new_customers, queue_changes)
TO_XERO_EVERY = timedelta(minutes=1)
# What is sent of the outbox in one pass, so that the way in never waits for long.
SENT_BATCH = 20
SENDING_TIME = timedelta(seconds=20)
ENDED = frozenset({"done", "failed", "cancelled"})
STATUS_EVERY = timedelta(minutes=10)


class Busy(Exception):
    """Somebody else works on this connection."""


class Worker:
    """One pass over one connection."""

    def __init__(self, connection):
        self.connection = connection
        self.env = connection.env
        self.time_left = float("inf")
        self.broken = set()
        # Whether a sync ended that changes in Xero began: when they were is asked for.
        self.has_news = False
        # Syncs that somebody cancelled, and those of them that the connector knows of.
        self.stopping = self.stopped = self.env["xero.sync"]
        self.client = None
        # Whose feed is read, and how far.
        self.source = {}
        self.position = 0

    def run(self):
        """Work until nothing is left or the time is over; whether something is."""
        try:
            remains = self._pass()
            self._guarded(self._tell_health)
        except Busy:
            return False
        return remains

    def _pass(self):
        self._settle()
        if self._imports():
            return True
        if self.connection.connector_ref and self._connector():
            return True
        return self._sales() or self._matches()

    def _connector(self):
        try:
            with ConnectorClient.from_env(self.env) as self.client:
                self._to_xero()
                return self._feed() or self._after_feed()
        except ConnectorError as error:
            self._note_error(error)
            return False

    # Transactions

    def _commit(self, processed=0):
        self.time_left = self.env["ir.cron"]._commit_progress(processed)
        # 100,000 contacts must not stay in memory.
        self.env.invalidate_all()

    def _lock(self):
        """Become the only writer until the next commit."""
        locked = self.connection.try_lock_for_update()
        if not locked:
            raise Busy
        return locked

    # Imports

    def _imports(self):
        """Run imports as far as the mirror goes; whether time ended before them."""
        while self._import_step():
            if not self.time_left:
                return True
        return False

    def _import_step(self):
        """One batch of one import; whether there was any."""
        connection = self._lock()
        done = self._step_of_import_run(connection) or self._step_of_sync(connection)
        self._commit(int(done))
        return done

    def _step_of_import_run(self, connection):
        # What was asked for last is what somebody waits for; previews give way.
        runs = connection._open_runs("profile") or connection._open_runs("preview")
        run = runs[:1]
        if run.profile_id:
            run._work().run_whole_batch()
        else:
            # Its import was deleted meanwhile.
            run._finish("cancelled")
        return bool(run)

    def _step_of_sync(self, connection):
        runs = connection._open_runs("sync")
        self.stopping = runs.filtered("is_stopping")
        run = (runs - self.stopping)[:1]
        for profile in connection._auto_profiles() if run else ():
            if profile.id in self.broken:
                continue
            work = ImportRun(profile, run)
            done = work.run_next_batch()
            if work.broken:
                self.broken.add(profile.id)
            if done:
                return True
        return False

    # To Xero

    def _settle(self):
        """Take over what Xero answered to what was written, before an import could
        make its customers a second time."""
        while entries := answered(self.connection.sudo(), SENT_BATCH):
            settled = 0
            for entry in entries:
                self._lock()
                entry.invalidate_recordset()
                settled += settle(entry)
                self._commit(1)
            if not settled:
                break

    def _to_xero(self):
        """Queue and send what goes to Xero, and take over its answers."""
        for queue in TO_XERO if self._is_queueing_due() else ():
            self._guarded(self._queue, queue)
        self._guarded(self._send)
        self._settle()

    def _guarded(self, step, *args):
        """Do a step beside the way in, which goes on whatever happens to it."""
        try:
            step(*args)
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001  (the feed goes on)
            if is_lost(error):
                raise
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            _logger.exception("Xero: connection %s", self.connection.id)

    def _is_queueing_due(self):
        """Whether to look for something to write; no more than once a minute."""
        connection, now = self.connection, fields.Datetime.now()
        if connection.direction != "both" or connection.state != "connected":
            return False
        looked_at = connection.to_xero_at
        if looked_at and now - looked_at < TO_XERO_EVERY:
            return False
        self._lock().to_xero_at = now
        self._commit()
        return True

    def _queue(self, queue):
        queue(self._lock())
        self._commit()

    def _send(self):
        """Send what is due, as long as Xero takes it."""
        if self.connection.state != "connected":
            return
        end = fields.Datetime.now() + SENDING_TIME
        for entry in due(self.connection.sudo(), SENT_BATCH):
            if fields.Datetime.now() > end or not send(entry, self.client):
                break

    # Feed

    def _feed(self):
        """Take what the connector has; whether time ended before that."""
        while True:
            self._stop_cancelled()
            entries = self._waiting_entries()
            for entry in entries:
                if entry["kind"] == "sync_finished" and self._end_of_sync(entry):
                    return True
                with self.client.tracing(entry.get("correlation")):
                    self._take(entry)
                is_over = self._imports()
                self._stop_cancelled()
                if is_over or not self.time_left:
                    return True
            if not entries:
                return False

    def _stop_cancelled(self):
        """Let the connector stop, at its page, what somebody cancelled. What it has
        read by then still comes, and its end."""
        for run in self.stopping - self.stopped:
            ref = run.connector_ref
            self._commit()
            try:
                with self.client.tracing(run.correlation):
                    self.client.cancel_sync(sync=ref)
            except ConnectorError as error:
                if error.code != "not_found":
                    raise
                self._lock()
                run._finish("cancelled", "cancelled")
                self._commit()
            self.stopped |= run

    def _waiting_entries(self):
        connection = self.connection
        self.source = {
            "connection": connection.connector_ref,
            "epoch": connection.feed_epoch,
            "consumer": connection._consumer(),
        }
        self.position = connection.feed_position
        self.stamp = connection.feed_stamp or ""
        # No transaction stays open while the connector is asked.
        self._commit()
        try:
            feed = self.client.get_feed(
                **self.source, after=self.position, stamp=self.stamp
            )
        except ConnectorError as error:
            if error.code != "feed_restart":
                raise
            self._restart_feed(error.extra)
            return []
        if feed["acknowledged"] < self.position:
            # We fell between a commit and its acknowledgement.
            self._acknowledge()
        return feed["entries"]

    def _lock_feed(self):
        """Become the only writer, of the feed that was asked."""
        connection = self._lock()
        here = (connection.connector_ref, connection.feed_epoch)
        asked = (self.source["connection"], self.source["epoch"])
        if here != asked or connection.feed_position != self.position:
            raise Busy
        return connection

    def _restart_feed(self, extra):
        """The connector no longer has what comes next: read all from Xero again."""
        self._lock().write(
            {
                "feed_epoch": extra["epoch"],
                "feed_position": extra["head"],
                "feed_stamp": extra["stamp"],
                "feed_failures": 0,
                "reread_needed": True,
            }
        )
        self._commit(1)

    def _take(self, entry):
        """Bring one entry in, and only then let the connector forget it."""
        if entry["kind"] == "part":
            self._take_part(entry)
        else:
            connection = self._lock_feed()
            if entry["kind"] == "sync_finished":
                run = self._run_of(connection, entry)
                sync_ended(connection, run, entry["state"])
                run._finish(entry["state"], entry.get("code"), entry.get("detail"))
                self.has_news |= run.trigger == "webhook"
            self._move_on(connection, entry)
        self._commit(1)
        self.position, self.stamp = entry["n"], entry["stamp"]
        self._acknowledge()

    def _acknowledge(self):
        self.client.acknowledge(**self.source, n=self.position, stamp=self.stamp)

    def _move_on(self, connection, entry):
        connection.write(
            {
                "feed_position": entry["n"],
                "feed_stamp": entry["stamp"],
                "feed_failures": 0,
            }
        )

    def _take_part(self, entry):
        """Transaction 1: the part's records and the feed's position together."""
        try:
            records = self._read_part(entry)
            connection = self._lock_feed()
            self._land(connection, entry, records)
            self._move_on(connection, entry)
            self.env.flush_all()
        except (ConnectorError, Busy):
            raise
        except Exception as error:  # noqa: BLE001  (counted, and passed over at last)
            if is_lost(error):
                raise
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            _logger.warning(
                "Xero: part %s of connection %s: %s",
                entry["n"],
                self.connection.id,
                type(error).__name__,
            )
            self._part_failed(entry, error)

    def _read_part(self, entry):
        """The records of a part; {id: Piece} where it can be taken apart."""
        try:
            body = self.client.get_part(
                **self.source, n=entry["n"], sha256=entry["sha256"]
            )
        except ConnectorError as error:
            if error.code != "not_found":
                raise
            raise PartUnreadable("part_missing") from error
        try:
            with gzip.open(io.BytesIO(body)) as stream:
                text = stream.read(PART_LIMIT + 1)
            if len(text) > PART_LIMIT:
                raise PartUnreadable("part_too_large")
            id_name = lander_of(entry["resource"]).id_name
            if id_name and (
                pieces := pieces_of(text, entry["key"], id_name, entry["records"])
            ):
                return pieces
            records = record(load_json(text)).get(entry["key"])
        except (OSError, EOFError, zlib.error, ValueError) as error:
            raise PartUnreadable("part_not_json") from error
        if not isinstance(records, list) or len(records) != entry["records"]:
            raise PartUnreadable("part_incomplete")
        return records

    def _land(self, connection, entry, records):
        run = self._run_of(connection, entry)
        lander = lander_of(entry["resource"])
        part = Part(
            run=run,
            read_at=answered_at(entry.get("read_at")),
            is_first=(entry["page"], entry["part"]) == (1, 1),
        )
        before = newest_change(self.env)
        landed = lander.land(connection, part, records)
        if landed.changed and entry["resource"] == "contacts":
            adopt_ours(connection, before)
        run._log_unusable(lander, landed.unusable)
        run.mirrored_count += landed.changed
        step = entry.get("step") or entry["resource"]
        run._step_done(step, landed.seen, entry.get("item_count"))

    def _part_failed(self, entry, error):
        """Leave the part for later; after three times pass it over, say so, and
        have its resource read again."""
        connection = self._lock_feed()
        run = self._run_of(connection, entry)
        connection.feed_failures += 1
        if connection.feed_failures < TRIES:
            self._commit()
            raise Busy from error
        run._log_part(entry, error)
        part_lost(connection, entry["resource"])
        connection.reread_needed = connection.reread_needed or run.trigger != "repair"
        self._move_on(connection, entry)

    def _run_of(self, connection, entry):
        """The run that an entry of the feed belongs to."""
        correlation = entry.get("correlation")
        return connection._run_of(entry["sync"], correlation=correlation)

    # After the feed

    def _after_feed(self):
        """Follow open runs and the connection's state; whether to go on at once."""
        connection = self.connection
        open_runs = connection._open_runs("sync")
        over = {run: answer for run in open_runs if (answer := self._follow(run))}
        # What ended meanwhile may have left entries behind the last we saw.
        if over and self._feed():
            return True
        for run, answer in over.items():
            if run.is_open:
                self._lock()
                run._finish(answer["state"], answer.get("code"), answer.get("detail"))
                self._commit(1)
        if connection.reread_needed:
            self._reread()
        due = connection.checked_at or fields.Datetime.to_datetime("1970-01-01")
        is_due = fields.Datetime.now() - due > STATUS_EVERY
        if open_runs or self.has_news or is_due:
            status = self.client.get_connection(connection=connection.connector_ref)
            self._lock()._take_status(status)
            self._commit()
            self._hear_of_webhooks()
        elif connection.state == "connected" and connection.state_code:
            self._lock().state_code = False
            self._commit()
        self._plan()
        self._schedule()
        return False

    def _hear_of_webhooks(self):
        """Whether Xero has confirmed them since is known by asking alone."""
        if not app_facts.awaits_confirmation(self.env):
            return
        self._commit()
        answer = self.client.get_app()
        app_facts.remember(self.env, answer)
        self._commit()

    def _follow(self, run):
        """Show how far the connector is; its answer where the sync is over."""
        try:
            with self.client.tracing(run.correlation):
                answer = self.client.get_sync(sync=run.connector_ref)
        except ConnectorError as error:
            if error.code != "not_found":
                raise
            answer = {"state": "failed", "code": "sync_unknown"}
        self._lock()
        run._follow(answer)
        self._commit()
        return answer if answer["state"] in ENDED else None

    def _reread(self):
        """Ask for a full read; one that was under way before does not count."""
        connection = self._lock()
        newest = self.env["xero.sync"].search([], order="id desc", limit=1)
        with self.client.tracing(new_correlation()):
            run = connection._start_sync(self.client, "full", trigger="repair")
        connection.reread_needed = run.id <= newest.id
        self._commit()

    # By itself

    def _schedule(self):
        """Ask for the sync whose time has come. A crash, or a lost answer, leaves it
        due: to start while one is alive gives that one."""
        is_due = self._lock()._settle_schedule()
        self._commit()
        if not is_due:
            return
        try:
            with self.client.tracing(new_correlation()):
                answer = self.client.start_sync(
                    connection=self.connection.connector_ref,
                    features=self.connection._synced_features(),
                    mode="incremental",
                )
        except ConnectorError:
            self._lock()._schedule_failed()
            self._commit()
            raise
        self._lock()._schedule_begun(answer)
        self._commit(1)

    def _plan(self):
        """Keep what the connector proposes current; nothing waits for it."""
        changed_at = app_facts.webhooks_changed_at(self.env)
        if not is_plan_due(self.connection, fields.Datetime.now(), changed_at):
            return
        features = self.connection._synced_features()
        ref = self.connection.connector_ref
        self._commit()
        try:
            plan = self.client.get_schedule(connection=ref, features=features)
        except ConnectorError as error:
            _logger.info("Xero: no schedule proposed: %s", error.code)
            plan = None
        self._lock()._take_plan(plan)
        self._commit()

    # Sales

    def _sales(self):
        """Bring what is worked out of sales up to the mirror and the organisation's
        day; whether time ended before that."""
        if snapshots_due(self.connection):
            self._check_rates()
        return self._figures() or self._snapshots()

    def _end_of_sync(self, entry):
        """Let a sync end with its figures; whether time ended before that."""
        try:
            self._check_rates()
            return self._figures(entry["sync"])
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001  (the sync ends all the same)
            if is_lost(error):
                raise
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            _logger.exception("Xero: figures of connection %s", self.connection.id)
            return False

    def _check_rates(self):
        check_rates(self._lock())
        self._commit()

    def _figures(self, sync=None):
        """Work out the figures that are due, and what follows from them; whether time
        ended before that. The run of a sync shows them."""
        left = figures_due(self.connection)
        if not left and not sync:
            return False
        while left:
            connection = self._lock()
            done = refresh_figures(connection)
            left = figures_due(connection)
            if sync:
                connection._run_of(sync)._show_figures(done, left)
            self._commit(done)
            if left and not self.time_left:
                return True
        for follow in AFTER_FIGURES:
            follow(self._lock())
            self._commit()
        return False

    def _snapshots(self):
        """Keep what was owed on the days that ended; whether time ended before."""
        while snapshots_due(self.connection):
            self._commit(int(keep_snapshot(self._lock())))
            if not self.time_left:
                return True
        return False

    def _matches(self):
        """Bring the suggestions of who is who up to date, now and then."""
        if matches_due(self.connection):
            refresh_matches(self._lock())
            self._commit(1)
        return False

    # Health

    def _tell_health(self):
        """Let people know of what became of the connection, where that is news."""
        if is_telling_due(self.connection):
            tell_health(self._lock())
            self._commit()

    def _note_error(self, error):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
        stops = error.code in (*STOPPING_CODES, "not_found")
        connection = self.connection
        # Why Xero stopped it is what a person has to know, whatever came after.
        is_news = stops or connection.state != "reconnect"
        if is_news and (stops, error.code) != (
            connection.state == "reconnect",
            connection.state_code,
        ):
            values = {"state": "reconnect"} if stops else {}
            self._lock().write({**values, "state_code": error.code})
        self._commit()
