# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the property-based tests once found, as small as it gets."""

from odoo.addons.crm_xero_module.services.xero.values import load_json

from .common import XeroCase, contact


class TestRegressionsOfImports(XeroCase):
    def test_why_a_record_is_left_alone_goes_on_being_told(self):
        self.bring(contact(1), contact(2))
        self.partner(1).active = False
        self.partner(2).unlink()
        lines = self.bring(contact(1, "New"), contact(2, "New"))
        self.assertEqual(
            sorted(lines.mapped("code")), ["record_archived", "record_deleted"]
        )
        self.assertFalse(self.bring(contact(1, "Newer"), contact(2, "Newer")))
        self.assertEqual(set(lines.mapped("state")), {"open"})

    def test_a_number_of_thousands_of_digits_keeps_no_page_out(self):
        page = b'[{"Discount": %s, "Name": "Club"}, {"Name": "Other"}]'
        self.assertEqual(
            load_json(page.replace(b"%s", b"9" * 5000)),
            [{"Discount": None, "Name": "Club"}, {"Name": "Other"}],
        )
