# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's values as the values of CRM fields; nothing is invented."""

from datetime import datetime

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_xero_module.services.mapping.crm_values import (
    Converter,
    Unusable,
)


@tagged("post_install", "-at_install")
class TestPartnerValues(TransactionCase):
    def setUp(self):
        super().setUp()
        self.partner_fields = self.env["res.partner"]._fields

    def plain(self, name, value):
        return Converter(self.env).plain(self.partner_fields[name], value)

    def assert_unusable(self, name, *values):
        for value in values:
            with self.subTest(name=name, value=value):
                with self.assertRaises(Unusable) as caught:
                    self.plain(name, value)
                self.assertEqual(caught.exception.code, "value_unusable")

    def test_a_language_by_code_or_name(self):
        activate = self.env["res.lang"]._activate_lang
        for code in ("fr_FR", "en_GB"):
            activate(code)
        for text in ("fr_FR", "fr-fr", "FR", "French / Français", "french", "Français"):
            self.assertEqual(self.plain("lang", text), "fr_FR", text)
        self.assertEqual(self.plain("lang", "English (UK)"), "en_GB")
        # Of two, none is meant; what is not active is not there.
        self.assert_unusable("lang", "English", "de_DE", "German", "x")

    def test_a_choice_by_value_or_label(self):
        for text in ("delivery", "Delivery", "DELIVERY", "Delivery Address"):
            if text.casefold() in ("delivery", self._label("type", "delivery")):
                self.assertEqual(self.plain("type", text), "delivery", text)
        self.assertEqual(self.plain("type", self._label("type", "invoice")), "invoice")
        self.assert_unusable("type", "postal", 1)

    def _label(self, name, value):
        choices = self.partner_fields[name]._description_selection(self.env)
        return dict(choices)[value].casefold()

    def test_numbers_as_strings(self):
        self.assertEqual(self.plain("color", "7"), 7)
        self.assertEqual(self.plain("color", 7.0), 7)
        self.assertEqual(self.plain("partner_latitude", "-12.5"), -12.5)
        self.assert_unusable("color", "7.5", "seven", "1e400", "nan", "inf")
        self.assert_unusable("partner_latitude", "1,5", "nan", "-inf", "1e999")

    def test_flags(self):
        self.assertIs(self.plain("employee", "Yes"), True)
        self.assertIs(self.plain("employee", "false"), False)
        self.assertIs(self.plain("employee", True), True)
        self.assert_unusable("employee", "perhaps")

    def test_moments(self):
        seen = "calendar_last_notif_ack"
        at = datetime(2026, 11, 20, 10, 0)
        self.assertEqual(self.plain(seen, at), "2026-11-20 10:00:00")
        self.assertEqual(self.plain(seen, "2026-11-20T10:00:00"), "2026-11-20 10:00:00")
        self.assertEqual(
            self.plain(seen, "/Date(1763632800000+0000)/"), "2025-11-20 10:00:00"
        )
        self.assert_unusable(seen, "tomorrow", "31/12/2026")

    def test_texts(self):
        self.assertEqual(self.plain("comment", "<b>&"), "<p>&lt;b&gt;&amp;</p>")
        self.assertEqual(self.plain("name", 12), "12")
