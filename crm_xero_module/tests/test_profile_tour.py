# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import XeroCase, contact, phone
from .touring import TourCase


@tagged("post_install", "-at_install")
class TestProfileTour(XeroCase, TourCase):
    """The form of an import profile in a browser."""

    def test_a_profile_is_made_from_nothing_copied_and_run(self):
        self.land(
            contact(
                1,
                "Bayside Club",
                TaxNumber="49-098-576",
                Phones=[phone("DDI", "555 1234", "04")],
            ),
            contact(2),
            contact(3, ContactStatus="ARCHIVED"),
        )
        self.start_tour(None, "xero_profile_new", login="admin")
        profile, copy = self.env["xero.import.profile"].search(
            [("name", "like", "Wholesale")], order="id"
        )
        self.assertEqual(profile.mode, "update")
        self.assertEqual(profile.status, "all")
        self.assertEqual(profile.key_mapping.target_field, "vat")
        self.assertEqual(len(profile.mapping_ids), 13)
        sources = dict(
            zip(
                profile.mapping_ids.mapped("target_field"),
                profile.mapping_ids.mapped("source_fields"),
                strict=True,
            )
        )
        self.assertEqual(sources["phone"], "DirectDial")
        self.assertFalse(profile.last_sync_id)
        self.assertEqual(copy.last_sync_id.kind, "profile")
        self.assertFalse(copy.auto_run)

    def test_a_file_is_brought(self):
        self.start_tour(None, "xero_profile_file", login="admin")
        profile = self.env["xero.import.profile"].search(
            [("name", "=", "From elsewhere")]
        )
        self.assertEqual(profile.mapping_ids.target_field, "name")
