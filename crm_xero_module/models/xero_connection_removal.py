# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..services.forgetting.removal import kept_after, remove, removed_with


class XeroConnection(models.Model):
    """A connection that is being deleted: see `services/forgetting/removal.py`."""

    _inherit = "xero.connection"

    removal_at = fields.Datetime(
        string="Being Deleted Since",
        readonly=True,
        copy=False,
        help="It and all that was read through it is being deleted.",
    )

    def _authorize(self):
        """Also refuse what is being deleted."""
        if self.removal_at:
            raise UserError(
                self.env._(
                    "This connection is being deleted. Make a new one to connect the"
                    " organisation again."
                )
            )
        return super()._authorize()

    def action_remove(self):
        """Ask, with what goes and what stays, before it is deleted."""
        self.ensure_one()
        self._require("group_xero_administrator")
        return {
            "type": "ir.actions.client",
            "tag": "crm_xero_module.remove_dialog",
            "params": {
                "id": self.id,
                "name": self.name,
                "gone": removed_with(self),
                "kept": kept_after(self),
            },
        }

    def remove_now(self):
        """Delete it and all that was read through it; whether it is gone already."""
        return remove(self)
