# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..services.imports.run import ImportRun
from ..services.imports.scope import scope_of
from ..services.previews.done import PreviewDone
from ..services.previews.run import PreviewRun, stamp_of


class XeroSync(models.Model):
    """Previews of imports, and runs that do exactly what one showed.

    A preview is worked off in batches like a run of its profile, but writes lines
    instead of CRM records. Its lines are kept until its profile is previewed again, or
    for some days (`services/forgetting/retention.py`); one that was never done goes
    with them.
    """

    _inherit = "xero.sync"

    preview_id = fields.Many2one(
        "xero.sync",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="The preview that this run does, and nothing else.",
    )
    done_ids = fields.One2many("xero.sync", "preview_id", string="Done by")
    profile_stamp = fields.Char(
        readonly=True, help="The hash of the profile as it was previewed."
    )
    last_position = fields.Integer(
        readonly=True, help="The last change of the mirror that the preview looks at."
    )
    are_lines_gone = fields.Boolean(readonly=True)
    change_count = fields.Integer(compute="_compute_change_count")
    is_outdated = fields.Boolean(
        compute="_compute_is_outdated", help="The profile was changed since."
    )
    newer_count = fields.Integer(
        compute="_compute_is_outdated", help="Records that changed since."
    )
    can_be_done = fields.Boolean(compute="_compute_can_be_done")

    def _work(self):
        """What brings this open run forward, a batch at a time."""
        work = PreviewRun if self.kind == "preview" else ImportRun
        return (PreviewDone if self.preview_id else work)(self.profile_id, self)

    @api.depends("created_count", "updated_count", "linked_count")
    def _compute_change_count(self):
        for run in self:
            run.change_count = run.created_count + run.updated_count + run.linked_count

    @api.depends("kind", "state", "profile_id")
    def _compute_is_outdated(self):
        for run in self.sudo():
            profile = run.profile_id
            asked = run.kind == "preview" and not run.is_open and profile
            run.is_outdated = asked and run.profile_stamp != stamp_of(profile)
            run.newer_count = (
                scope_of(profile).count(after=run.last_position)
                if asked and run.state == "done" and not run.done_ids
                else 0
            )

    @api.depends("state", "change_count", "are_lines_gone", "is_outdated", "done_ids")
    def _compute_can_be_done(self):
        for run in self:
            run.can_be_done = (
                run.kind == "preview"
                and run.state == "done"
                and run.change_count
                and not run.are_lines_gone
                and not run.is_outdated
                and not any(
                    run.done_ids.mapped(lambda r: r.is_open or r.state == "done")
                )
            )

    # Buttons

    def action_do_preview(self):
        """Do exactly what this preview shows; a run that was stopped goes on."""
        self.ensure_one()
        self.connection_id._require("group_xero_operator")
        self.sudo().lock_for_update()
        preview = self.sudo()
        if not preview.can_be_done:
            raise UserError(
                self.env._("This preview cannot be done any more: preview again.")
            )
        stopped = preview.done_ids[:1]
        run = preview.create(
            {
                "name": preview.profile_id.name,
                "connection_id": preview.connection_id.id,
                "kind": "profile",
                "profile_id": preview.profile_id.id,
                "preview_id": preview.id,
                "user_id": self.env.uid,
                "position": stopped.position,
                "steps": [],
            }
        )
        preview.profile_id.last_sync_id = run
        self.env["xero.audit"]._note("import", preview.connection_id, run)
        self.env["xero.connection"]._wake()
        return run.with_env(self.env)._open()

    def action_preview_again(self):
        """Preview this run's profile as things are now."""
        self.ensure_one()
        profile = self.profile_id
        if not profile:
            raise UserError(self.env._("Its import profile is gone."))
        return profile.action_preview()

    def action_open_preview(self):
        return self.preview_id._open()

    def action_open_done(self):
        return self.done_ids[:1]._open()

    # Old previews

    def _drop_lines(self):
        """Forget what these previews showed."""
        if not self:
            return
        lines = self.env["xero.sync.line"]
        lines.flush_model()
        # There may be 100,000 of them, to which nothing points.
        self.env.execute_query(
            SQL("DELETE FROM xero_sync_line WHERE sync_id = ANY(%s)", self.ids)
        )
        lines.invalidate_model(flush=False)
        self.are_lines_gone = True
