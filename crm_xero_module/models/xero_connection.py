# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
    ValidationError,
)

from ..exceptions import ConnectorError
from ..services.connector import app_facts
from ..services.connector.client import ConnectorClient
from ..services.connector.correlation import named
from ..services.lost import is_lost
from ..services.reasons import STOPPING_CODES, sentence
from ..services.runs.progress import import_step
from ..services.worker import Worker
from ..services.xero.organisation import connection_values
from ..services.xero.values import text
from .xero_sync_line import NOT_IMPORTED

_logger = logging.getLogger(__name__)

# The twins of the filters "Customers" and "Active in Xero" of the mirror's list.
CUSTOMERS = [
    ("archived", "=", False),
    "|",
    ("is_customer", "=", True),
    ("is_supplier", "=", False),
]


class XeroConnection(models.Model):
    """One Xero organisation joined to one Odoo company."""

    _name = "xero.connection"
    _description = "Xero Connection"
    _order = "company_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Xero"))
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    connector_ref = fields.Char(
        string="Connector ID",
        readonly=True,
        copy=False,
        help="What the connector calls this connection.",
    )
    organisation_ref = fields.Char(
        string="Organisation ID",
        readonly=True,
        copy=False,
        help="Xero's id of the organisation (tenant).",
    )
    organisation_payload = fields.Json(
        readonly=True,
        copy=False,
        groups="crm_xero_module.group_xero_administrator",
        help="The organisation as Xero last sent it.",
    )
    short_code = fields.Char(readonly=True, copy=False)
    base_currency = fields.Char(readonly=True, copy=False)
    country_code = fields.Char(readonly=True, copy=False)
    timezone = fields.Char(string="Time Zone", readonly=True, copy=False)
    financial_year_end_day = fields.Integer(copy=False)
    financial_year_end_month = fields.Integer(copy=False)
    is_demo_company = fields.Boolean(
        string="Demo Company",
        readonly=True,
        copy=False,
        help="Xero resets its demo company every 28 days.",
    )
    state = fields.Selection(
        [
            ("draft", "Not connected"),
            ("choose", "Choose organisation"),
            ("connected", "Connected"),
            ("reconnect", "Reconnect"),
            ("disconnected", "Disconnected"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    state_code = fields.Char(
        readonly=True, copy=False, help="What keeps the connection from working."
    )
    state_message = fields.Text(compute="_compute_state_message")
    feed_epoch = fields.Char(
        readonly=True,
        copy=False,
        groups="crm_xero_module.group_xero_administrator",
    )
    feed_position = fields.Integer(readonly=True, copy=False)
    feed_stamp = fields.Char(
        readonly=True,
        copy=False,
        groups="crm_xero_module.group_xero_administrator",
        help="What tells the entry at this position from another feed's.",
    )
    feed_failures = fields.Integer(
        readonly=True, copy=False, help="How often the next part could not be read."
    )
    reread_needed = fields.Boolean(
        readonly=True, copy=False, help="A full read is to be asked for."
    )
    checked_at = fields.Datetime(readonly=True, copy=False)
    connected_at = fields.Datetime(readonly=True, copy=False)
    last_sync_at = fields.Datetime(string="Last Success", readonly=True, copy=False)
    calls_remaining = fields.Integer(
        string="Calls Left Today", readonly=True, copy=False
    )
    calls_limit = fields.Integer(string="Calls a Day", readonly=True, copy=False)
    calls_reserved = fields.Integer(
        string="Kept for Single Actions",
        readonly=True,
        copy=False,
        help="Syncs leave these of the day's calls, for example to create a customer"
        " in Xero.",
    )
    contact_count = fields.Integer(string="Customers", compute="_compute_counts")
    unlinked_count = fields.Integer(string="Not Linked", compute="_compute_counts")
    not_imported_count = fields.Integer(
        string="Not Imported", compute="_compute_counts"
    )
    profile_ids = fields.One2many("xero.import.profile", "connection_id")
    sync_ids = fields.One2many("xero.sync", "connection_id")
    check_connector = fields.Boolean(
        string="Connector reached", compute="_compute_checklist"
    )
    check_app = fields.Boolean(string="Xero app entered", compute="_compute_checklist")
    check_connected = fields.Boolean(
        string="Organisation connected", compute="_compute_checklist"
    )
    check_synced = fields.Boolean(
        string="First sync done", compute="_compute_checklist"
    )

    _connector_ref_uniq = models.UniqueIndex(
        "(connector_ref) WHERE connector_ref IS NOT NULL",
        "This Xero organisation is connected already.",
    )

    @api.depends("state_code")
    @api.depends_context("lang")
    def _compute_state_message(self):
        for connection in self:
            code = connection.state_code
            connection.state_message = code and sentence(self.env, code)

    def _compute_counts(self):
        counts = self._count_by_connection("xero.contact", CUSTOMERS)
        unlinked = self._count_by_connection(
            "xero.contact", [("link_state", "=", "unlinked"), *CUSTOMERS]
        )
        not_imported = self._count_by_connection(
            "xero.sync.line",
            [
                ("state", "=", "open"),
                ("outcome", "in", NOT_IMPORTED),
            ],
        )
        for connection in self:
            connection.contact_count = counts.get(connection, 0)
            connection.unlinked_count = unlinked.get(connection, 0)
            connection.not_imported_count = not_imported.get(connection, 0)

    def _count_by_connection(self, model, domain):
        return dict(
            self.env[model]._read_group(
                [("connection_id", "in", self.ids), *domain],
                ["connection_id"],
                ["__count"],
            )
        )

    @api.depends("state", "last_sync_at")
    def _compute_checklist(self):
        facts = app_facts.recall(self.env)
        for connection in self:
            connection.check_connector = bool(facts.get("checked_at"))
            connection.check_app = bool(facts.get("client_id"))
            connection.check_connected = connection.state == "connected"
            connection.check_synced = bool(connection.last_sync_at)

    @api.constrains("company_id")
    def _check_company_stays(self):
        """The mirror's rows say whose they are by columns of their own."""
        for connection in self:
            if self.env["xero.contact"].search_count(
                [
                    ("connection_id", "=", connection.id),
                    ("company_id", "!=", connection.company_id.id),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "Contacts of this organisation are here already: make a new"
                        " connection for another company."
                    )
                )

    # Buttons

    def action_check_connector(self):
        """Ask the connector who it is and whether it holds a Xero app."""
        self._require("group_xero_administrator")
        try:
            with ConnectorClient.from_env(self.env) as client:
                app = client.get_app()
        except ConnectorError as error:
            app_facts.forget(self.env)
            return self._notify("danger", self._explain(error))
        app_facts.remember(self.env, app)
        return self._notify("success", self.env._("The connector answers."))

    def action_connect(self):
        self.ensure_one()
        self._require("group_xero_administrator")
        self.check_access("write")
        return {
            "type": "ir.actions.act_url",
            "url": f"/xero/connect/{self.id}",
            "target": "self",
        }

    def action_disconnect(self):
        """Disconnect at Xero too. What was imported stays in the CRM."""
        self.ensure_one()
        self._require("group_xero_administrator")
        if self.connector_ref:
            try:
                with ConnectorClient.from_env(self.env) as client:
                    client.delete_connection(connection=self.connector_ref)
            except ConnectorError as error:
                if error.code != "not_found":
                    raise UserError(self._explain(error)) from error
        for run in self.sudo()._open_runs():
            run._finish("cancelled", "cancelled")
        self.write(
            {
                "state": "disconnected",
                "state_code": False,
                "connector_ref": False,
                "feed_epoch": False,
                "feed_position": 0,
                "feed_stamp": False,
            }
        )
        self.env["xero.audit"]._note("disconnected", self, self)
        return True

    def action_sync_now(self):
        """Ask the connector for a sync, and show its run."""
        self.ensure_one()
        self._require("group_xero_operator")
        if not self.connector_ref or self.state not in ("connected", "reconnect"):
            raise UserError(self.env._("Connect to Xero first."))
        try:
            with ConnectorClient.from_env(self.env) as client:
                run = self.sudo()._start_sync(client, "incremental")
                run._await(self.env.user)
        except ConnectorError as error:
            if error.code in STOPPING_CODES:
                self.sudo().write({"state": "reconnect", "state_code": error.code})
                return self._notify("danger", self._explain(error))
            raise UserError(self._explain(error)) from error
        except psycopg2.errors.UniqueViolation as error:
            # The cron shows this sync meanwhile: Odoo looks again.
            raise ConcurrencyError(str(self)) from error
        self.env["xero.audit"]._note("sync", self, run)
        self._wake()
        return run._open()

    def action_take_feed_over(self):
        """Let this database, not another one, read what the connector delivers."""
        self.ensure_one()
        self._require("group_xero_administrator")
        try:
            with ConnectorClient.from_env(self.env) as client:
                client.take_feed_over(
                    connection=self.connector_ref, consumer=self._consumer()
                )
        except ConnectorError as error:
            raise UserError(self._explain(error)) from error
        self.state_code = False
        self.env["xero.audit"]._note("feed", self, self)
        self._wake()
        return True

    # Connecting

    def _authorize(self):
        """Begin connecting: the connector's answer with `id` and `authorize_url`.

        The caller keeps the id in the session of the user who began.

        :raise ConnectorError: the connector refused
        """
        self.ensure_one()
        self._require("group_xero_administrator")
        request = {
            "reference": f"xero.connection,{self.id}",
            "features": self._wanted_features(),
        }
        with ConnectorClient.from_env(self.env) as client:
            try:
                return client.create_authorization(
                    **request, connection=self.connector_ref or None
                )
            except ConnectorError as error:
                if error.code != "not_found":
                    raise
                # The connector forgot it: it is connected anew.
                return client.create_authorization(**request)

    def _complete(self, authorization, organisation=None):
        """Finish connecting, after the browser came back from Xero.

        :return: the connector's answer; with status `connected` also `record`, the
            connection that now has the organisation: another one than `self` where
            another organisation was chosen than the one whose contacts are here.
        :raise ConnectorError: the connector refused
        """
        self.ensure_one()
        self._require("group_xero_administrator")
        with ConnectorClient.from_env(self.env) as client:
            answer = client.complete_authorization(
                authorization=authorization, organisation=organisation
            )
        if answer.get("status") == "choose":
            if self.state == "draft":
                self.state = "choose"
            return answer
        tenant = answer["connection"]["organisation"]
        if organisation and tenant["id"] != organisation:
            raise ConnectorError("organisation_foreign")
        record = self
        if self.organisation_ref and self.organisation_ref != tenant["id"]:
            record = self.create({"company_id": self.company_id.id})
        record._set_connected(answer["connection"])
        self.env["xero.audit"]._note("connected", record, record)
        return {**answer, "record": record}

    def _set_connected(self, remote):
        """Take over what the connector says of a new or renewed connection.

        :raise ConnectorError: `organisation_taken` where another connection has it
        """
        tenant, feed = remote["organisation"], remote["feed"]
        others = self.sudo().search([("connector_ref", "=", remote["id"])]) - self
        if others:
            raise ConnectorError("organisation_taken")
        if (self.connector_ref, self.feed_epoch) != (remote["id"], feed["epoch"]):
            self.write(
                {"feed_epoch": feed["epoch"], "feed_position": 0, "feed_stamp": False}
            )
        if not self.organisation_ref:
            # Xero's word, not a person's choice.
            self.sudo().name = tenant.get("name") or self.name
        self.write(
            {
                "connector_ref": remote["id"],
                "organisation_ref": tenant["id"],
                "state": "connected",
                "state_code": False,
                "connected_at": fields.Datetime.now(),
                "granted_features": remote.get("features") or [],
            }
        )
        before = self.profile_ids
        self.env["xero.import.profile"]._make_usual(self)
        self._switch_vendor_profiles(self.profile_ids - before)

    def _take_organisation(self, organisation):
        """Fill in what Xero says of the organisation. What a person corrected
        stays until Xero says something else than before.

        :raise ConnectorError: `organisation_foreign` where it is another organisation
            than the one that came before
        """
        known = self.organisation_payload or {}
        ids = [text(found.get("OrganisationID")) for found in (known, organisation)]
        if all(ids) and ids[0] != ids[1]:
            raise ConnectorError("organisation_foreign")
        before = connection_values(known)
        values = {
            name: value
            for name, value in connection_values(organisation).items()
            if value and value != before[name]
        }
        self.write({**values, "organisation_payload": organisation})

    # Syncs

    def _start_sync(self, client, mode, **begun):
        """Ask for a sync; the run that shows it, which may be under way already."""
        answer = client.start_sync(
            connection=self.connector_ref, features=self._synced_features(), mode=mode
        )
        return self._show_sync(answer, **begun)

    def _show_sync(self, answer, **begun):
        """The run that shows a sync that the connector told of, followed as far."""
        begun.setdefault("trigger", "person")
        if answer.get("trigger") == "webhook":
            begun["trigger"] = "webhook"
        run = self._run_of(answer["id"], correlation=answer.get("correlation"), **begun)
        if not run.started_at:
            # One that is under way is the cron's, which writes it with every batch.
            run._follow(answer)
        return run

    def _run_of(self, connector_ref, *, trigger="webhook", correlation=None):
        """The run that shows a sync of the connector, made where there is none: one
        that nobody here asked for was begun by a change in Xero."""
        runs = self.env["xero.sync"].sudo()
        run = runs.search(
            [("connection_id", "=", self.id), ("connector_ref", "=", connector_ref)]
        )
        if run:
            return run
        run = runs.create(
            {
                "name": self.env._("Sync of %(organisation)s", organisation=self.name),
                "connection_id": self.id,
                "kind": "sync",
                "connector_ref": connector_ref,
                "trigger": trigger,
                "correlation": named(correlation),
                "steps": [import_step(profile) for profile in self._auto_profiles()],
            }
        )
        _logger.info(
            "Xero: run %s of connection %s begins by %s (trace %s)",
            run.id,
            self.id,
            trigger,
            run.correlation or "-",
        )
        return run

    def _auto_profiles(self):
        """The imports that follow a sync: companies first, as persons need them."""
        wanted = self.sudo().profile_ids.filtered("auto_run")
        if not self.with_items:
            wanted = wanted.filtered(lambda profile: profile.target != "product")
        return wanted.sorted(
            lambda profile: (
                profile.target != "company",
                profile.sequence,
                profile.id,
            )
        )

    def _open_runs(self, kind=None):
        """Runs that are not over, the newest first."""
        kinds = [("kind", "=", kind)] if kind else []
        return self.env["xero.sync"].search(
            [("connection_id", "in", self.ids), ("is_open", "=", True), *kinds]
        )

    def _take_status(self, remote):
        """Take over state and budget as the connector tells them.

        :raise ConnectorError: `organisation_foreign` where it tells of another one
        """
        told = (remote.get("id"), remote["organisation"]["id"])
        if told != (self.connector_ref, self.organisation_ref):
            raise ConnectorError("organisation_foreign")
        budget = remote.get("budget") or {}
        limit, left = budget.get("day_limit") or 0, budget.get("day_remaining")
        values = {
            # Xero says what is left with its first answer only.
            "calls_remaining": limit if left is None else left,
            "calls_limit": limit,
            "calls_reserved": budget.get("reserved") or 0,
            "checked_at": fields.Datetime.now(),
            "granted_features": remote.get("features") or [],
        }
        state = remote.get("state")
        if state in ("connected", "reconnect", "disconnected"):
            code = remote.get("state_code")
            if state == "reconnect":
                code = code or "reconnect_needed"
            values |= {"state": state, "state_code": code or False}
        self.write(values)

    # Helpers

    def _consumer(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    @api.model
    def _require(self, group):
        if not self.env.su and not self.env.user.has_group(f"crm_xero_module.{group}"):
            raise AccessError(
                self.env._("Your Xero rights do not allow this; ask an administrator.")
            )

    @api.model
    def _explain(self, error):
        """A `ConnectorError` as a person reads it."""
        told = sentence(self.env, error.code, **error.extra)
        is_for = "crm_xero_module.group_xero_administrator"
        if not error.correlation or not self.env.user.has_group(is_for):
            return told
        return self.env._(
            "%(told)s (Trace: %(trace)s)", told=told, trace=error.correlation
        )

    @api.model
    def _notify(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message, "sticky": kind == "danger"},
        }

    @api.model
    def _wake(self):
        """Let the cron run soon."""
        self.env.ref("crm_xero_module.ir_cron_xero").sudo()._trigger()

    # Cron

    @api.model
    def _cron_work(self):
        """Bring what waits at the connector into the mirror, and on into the CRM.

        Every step ends in a commit. What waits for the connector is left for the
        next minute; what only lacks time goes on at once.
        """
        remains = False
        connections = self.search([("state", "in", ("connected", "reconnect"))])
        connections |= (
            self.env["xero.sync"]
            .search([("is_open", "=", True)])
            .mapped("connection_id")
        )
        # What Xero answered is taken over, though it may be disconnected since.
        connections |= (
            self.env["xero.outbox"].search([("record", "!=", False)]).connection_id
        )
        for connection in connections:
            company = connection.company_id
            worker = Worker(
                connection.with_company(company).with_context(
                    allowed_company_ids=company.ids
                )
            )
            try:
                remains |= worker.run()
            except psycopg2.Error as error:
                self.env.cr.rollback()
                if not is_lost(error):
                    _logger.exception("Xero: connection %s", connection.id)
                remains |= is_lost(error)
            except Exception:  # noqa: BLE001  (one connection never stops another)
                self.env.cr.rollback()
                _logger.exception("Xero: connection %s", connection.id)
            except BaseException:
                # Odoo's cron commits on its way out, also of a process that ends.
                self.env.cr.rollback()
                raise
        if remains:
            self._wake()
        self.env["ir.cron"]._commit_progress(remaining=0)
