# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route

from ..services.mapping.profile_file import dump


class ProfileFiles(Controller):
    @route("/xero/profiles/export", type="http", auth="user", methods=["GET"])
    def export(self, ids=""):
        """Download import profiles, `ids` separated by commas, as one file."""
        request.env["xero.connection"]._require("group_xero_operator")
        numbers = [int(text) for text in ids.split(",") if text.isdecimal()]
        profiles = request.env["xero.import.profile"].browse(numbers).exists()
        if not profiles:
            raise NotFound()
        profiles.check_access("read")
        request.env["xero.audit"]._note_each("exported", profiles)
        title = profiles.name if len(profiles) == 1 else "xero-import-profiles"
        return request.make_response(
            dump(profiles._to_file()),
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"{title}.json")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
