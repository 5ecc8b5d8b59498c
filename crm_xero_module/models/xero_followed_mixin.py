# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..services.imports.changed_here import ChangedHere
from ..services.imports.lines import ProfileBroken
from ..services.reasons import describe


class XeroFollowedMixin(models.AbstractModel):
    """A CRM record whose fields follow Xero, until people change them."""

    _name = "xero.followed.mixin"
    _description = "Record that Follows Xero"

    def xero_changed_here(self):
        """The fields that no longer follow Xero, as `ChangedHere.fields` lists them."""
        self.ensure_one()
        self.check_access("read")
        self.env["xero.connection"]._require("group_xero_user")
        return ChangedHere(self).fields()

    def xero_follow_again(self, names):
        """Let these fields hold Xero's values and follow Xero again; what came of
        it, as a notification."""
        self.ensure_one()
        self.check_access("read")
        connections = self.env["xero.connection"]
        connections._require("group_xero_operator")
        try:
            told = ChangedHere(self).follow(names)
        except ProfileBroken as error:
            raise UserError(str(error)) from error
        if told:
            reasons = (describe(self.env, code, **data).happened for code, data in told)
            return connections._notify("warning", " ".join(reasons))
        return connections._notify("success", self.env._("It follows Xero again."))
