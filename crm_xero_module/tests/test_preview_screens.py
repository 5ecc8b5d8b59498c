# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The screens of a preview: what they cost, and a person's way through them."""

from unittest.mock import patch

from odoo.tests import tagged

from .common import contact, phone, xero_id
from .screen_costs import ScreenCosts
from .test_preview import PreviewCase
from .touring import TourCase


class TestPreviewCosts(ScreenCosts, PreviewCase):
    def costs(self, preview):
        """Queries of the form, and of the first page of its lines."""
        preview = preview.with_env(self.env)
        lines = self.env["xero.sync.line"]
        form = self.spec_of(preview, "form")
        page = self.spec_of(
            lines, "list", list_view_ref="crm_xero_module.xero_preview_line_view_list"
        )
        self.assertIn("changed_fields", page)
        domain = [("sync_id", "=", preview.id)]
        return (
            self.queries(lambda: preview.web_read(form)),
            self.queries(lambda: lines.web_search_read(domain, page, limit=80)),
        )

    def test_opening_a_preview_costs_the_same_for_many_as_for_few(self):
        self.land(contact(1), contact(2, ""))
        few = self.costs(self.preview())
        self.land(*(contact(n, "" if n % 5 else None) for n in range(3, 90)))
        many = self.costs(self.preview())
        self.assertLessEqual(many[0], few[0] + 1)
        self.assertLessEqual(many[1], few[1] + 1)
        self.assertLessEqual(many[0], 25)
        self.assertLessEqual(many[1], 12)


@tagged("post_install", "-at_install")
class TestPreviewTour(PreviewCase, TourCase):
    def test_previewed_and_done(self):
        self.bring(contact(1, Phones=[phone()]))
        self.partners.create({"name": "There", "ref": xero_id(2)})
        self.land(
            contact(1, Phones=[phone(number="555 9999")]),
            contact(2),
            contact(3, "Harbour Club"),
            contact(4, "Quay Cafe"),
            contact(5, ""),
        )
        preview = self.start_preview()

        def poke(run):
            """What the cron does, while the screen is open."""
            run = run.sudo()
            if not run.is_open:
                return
            self.work_off(run)
            if run == preview:
                self.land(contact(4, "Quay Cafe", Phones=[phone()]))

        with patch.object(self.registry["xero.sync"], "poke", poke):
            self.start_tour(None, "xero_preview", login="admin")
        run = preview.done_ids
        self.assertRecordValues(
            run,
            [
                {
                    "created_count": 1,
                    "updated_count": 1,
                    "linked_count": 1,
                    "left_count": 1,
                }
            ],
        )
        self.assertEqual(self.partner(3).name, "Harbour Club")
        self.assertFalse(self.partner(4))
