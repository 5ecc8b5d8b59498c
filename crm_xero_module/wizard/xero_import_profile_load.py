# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from markupsafe import Markup

from odoo import fields, models

from ..services.mapping.profile_file import SIZE_LIMIT, FileRefused, load


class XeroImportProfileLoad(models.TransientModel):
    """Brings import profiles from a file, and tells what came and what did not."""

    _name = "xero.import.profile.load"
    _description = "Import Xero Profiles from a File"

    connection_id = fields.Many2one(
        "xero.connection",
        string="Organisation",
        required=True,
        default=lambda self: self.env["xero.import.profile"]._only_connection(),
    )
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    refusal = fields.Char(readonly=True)
    result = fields.Html(readonly=True, sanitize=False)
    profile_ids = fields.Many2many("xero.import.profile", readonly=True)

    def action_load(self):
        """Make new profiles of the file, which is not kept."""
        self.ensure_one()
        self.env["xero.connection"]._require("group_xero_administrator")
        self.connection_id.check_access("read")
        body, self.file = self.file, False
        self.refusal = False
        try:
            found = load(self._decoded(body))
        except FileRefused as refused:
            self.refusal = self._sentence(refused)
            return self._stay()
        told = [self._load_one(profile) for profile in found]
        self.result = Markup().join(told)
        return self._stay()

    def action_open(self):
        """Show the profiles that came."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_xero_module.xero_import_profile_action"
        )
        if len(self.profile_ids) == 1:
            return dict(
                action, views=[(False, "form")], res_id=self.profile_ids.id, context={}
            )
        return dict(action, domain=[("id", "in", self.profile_ids.ids)])

    def _decoded(self, body):
        if not body:
            raise FileRefused("no_file")
        if len(body) > SIZE_LIMIT * 4 // 3 + 4:
            raise FileRefused("too_large", limit=SIZE_LIMIT // 1024)
        return base64.b64decode(body)

    def _load_one(self, found):
        """Import one profile of the file; what became of it, as HTML."""
        profile, left_out = self.env["xero.import.profile"]._from_file(
            found, self.connection_id
        )
        self.profile_ids |= profile
        if profile:
            head = self.env._(
                "“%(title)s” came with %(count)s lines. It runs when you press Run, and"
                " after each sync once you say so.",
                title=profile.name,
                count=len(profile.mapping_ids),
            )
        else:
            head = self.env._("“%(title)s” did not come.", title=found.title)
        rows = Markup().join(Markup("<li>%s</li>") % reason for reason in left_out)
        style = "text-success" if profile else "text-danger"
        html = Markup('<p class="fw-bold mb-1 %s">%s</p>') % (style, head)
        if rows:
            html += Markup("<p class='mb-1'>%s</p><ul>%s</ul>") % (
                self.env._("Left out or changed:"),
                rows,
            )
        return html

    def _sentence(self, refused):
        sentences = {
            "no_file": self.env._("Choose a file first."),
            "too_large": self.env._(
                "The file is larger than %(limit)s kB, which no export of profiles is:"
                " choose another one."
            ),
            "not_json": self.env._(
                "The file is no JSON text: choose one that Export made, unchanged."
            ),
            "other_format": self.env._(
                "The file holds something else than import profiles of Xero: choose"
                " one that Export made."
            ),
            "other_version": self.env._(
                "The file is of another version than %(version)s, the one that this"
                " Odoo reads: export it again from an Odoo with the same version of"
                " this app."
            ),
            "no_profiles": self.env._("There is no profile in the file."),
            "too_many": self.env._(
                "The file holds more than %(limit)s profiles: export fewer at once."
            ),
            "bad_profile": self.env._(
                "Profile %(number)s of the file has a missing or impossible value in"
                " “%(name)s”, so nothing was imported: export it again, or correct the"
                " file."
            ),
        }
        return sentences[refused.code] % refused.data

    def _stay(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import profiles from a file"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
