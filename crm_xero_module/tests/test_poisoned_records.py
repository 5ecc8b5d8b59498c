# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Records that somebody in Xero, or on the way, made to do harm: beside a good one in
the same page, through mirror, imports, figures and snapshots. The good one comes in,
the bad one comes in or is named, and nothing breaks."""

import gzip
import json
import random
from unittest.mock import patch

from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.models import xero_connection
from odoo.addons.crm_xero_module.services import worker as worker_module

from .books import invoice, invoice_id, item, line
from .common import XeroCase, address, contact, person, phone

HTML = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
FORMULA = '=HYPERLINK("https://evil.example","x")'
# No index of PostgreSQL's takes so much that cannot be packed.
LONG = "".join(random.Random(8).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9000))
TEXTS = {
    "html": HTML,
    "formula": FORMULA,
    "long": LONG,
    "nul": "A\0B\x07\x1b[2JC",
    "surrogate": "A\ud800B",
    "direction": "\u202eevil\u2066 \u200b",
    "emoji": "👩‍👩‍👧‍👦" * 80,
    "percent": "%s %(x)s %n {0} {x!r} \\ ' \" ; DROP TABLE res_partner; --",
    "template": "{{7*7}} ${7*7} <t t-out='1'/>",
    "link": "javascript:alert(1)",
    "line": "first\r\nINFO forged line",
}
VALUES = {
    "nested": None,
    "list": [[["x"]]],
    "mapping": {"a": {"b": 1}},
    "huge": 10**400,
    "negative": -(10**14),
    "true": True,
    "number": 7.5,
    "date": "/Date(99999999999999999+0000)/",
    "early": "0001-01-01T00:00:00",
    "late": "9999-12-31T23:59:59",
}
POISON = TEXTS | VALUES
for _depth in range(150):
    POISON["nested"] = [POISON["nested"]]
KEPT = frozenset({"ContactID", "InvoiceID", "ItemID", "Type", "Contact", "LineItems"})


def poisoned(found, value):
    """A record of which every text, number, flag and list is this value."""
    return {
        name: held
        if name in KEPT
        else [{key: value for key in row} for row in held]
        if isinstance(held, list) and held and isinstance(held[0], dict)
        else value
        for name, held in found.items()
    }


class TestPoisonedRecords(XeroCase):
    def setUp(self):
        super().setUp()
        self.logged = self.enterContext(
            patch.object(xero_connection._logger, "exception")
        )
        self.failed = self.enterContext(
            patch.object(worker_module._logger, "exception")
        )
        self.connection.sudo().write({"with_sales": True, "with_items": True})

    def add(self, sync, resource, key, *records):
        """As Xero writes it: NUL and halves of surrogate pairs are escaped."""
        body = gzip.compress(json.dumps({key: records}).encode(), mtime=0)
        n = self.connector.add_part(body, resource=resource, key=key, sync=sync)
        self.connector.feed[n - 1]["records"] = len(records)

    def bring_poison(self, number, sync, value):
        """A contact, an item and an invoice of this number, and good ones of the
        next."""
        person_at = person("C", "D", "c@d.nz")
        group = {"ContactGroupID": f"g{number}", "Name": "G", "Status": "ACTIVE"}
        whole = contact(
            number,
            "Poisoned",
            ContactNumber="1",
            AccountNumber="1",
            TaxNumber="1",
            CompanyNumber="1",
            Website="x",
            DefaultCurrency="NZD",
            Addresses=[address(), address("STREET")],
            Phones=[phone()],
            ContactPersons=[person_at],
            ContactGroups=[group],
        )
        bought = item(number)
        bad = invoice(number, number, [line(), line(item=bought)])
        bad = poisoned(bad, value) | {
            "LineItems": [poisoned(row, value) for row in bad["LineItems"]]
        }
        good = number + 1
        self.add(sync, "contacts", "Contacts", poisoned(whole, value), contact(good))
        self.add(sync, "items", "Items", poisoned(bought, value), item(good))
        self.add(sync, "invoices", "Invoices", bad, invoice(good, good))
        self.connector.add_end(sync=sync)
        with mute_logger("odoo.sql_db"):
            for _pass in range(2):
                self.run_cron()
                self.env.invalidate_all()

    def test_each_poison_beside_a_good_record(self):
        for index, (name, value) in enumerate(POISON.items()):
            number, sync = 2 * index + 1, f"sync-{index + 2}"
            self.connector.sync(sync)
            self.bring_poison(number, sync, value)
            with self.subTest(poison=name):
                self.logged.assert_not_called()
                self.failed.assert_not_called()
                self.assertEqual(
                    self.connection.feed_position, len(self.connector.feed)
                )
                self.assertFalse(self.connection.state_code)
                run = self.connection.sudo()._run_of(sync)
                self.assertEqual(run.state, "done")
                self.assertNotIn("part_unreadable", run.line_ids.mapped("code"))
                self.assertTrue(self.mirror(number))
                self.assertTrue(self.partner(number + 1))
                documents = self.env["xero.transaction"].search_count(
                    [("xero_id", "in", (invoice_id(number), invoice_id(number + 1)))]
                )
                self.assertEqual(documents, 2)
            self.logged.reset_mock()
            self.failed.reset_mock()

    def test_what_is_shown_of_it_stays_text(self):
        """Odoo escapes what it shows; what is made to HTML here is escaped here."""
        self.bring_poison(1, "sync-2", HTML)
        self.bring_poison(3, "sync-3", FORMULA)
        self.bring_poison(5, "sync-4", "javascript:alert(1)")
        partner = self.partner(1)
        self.assertEqual(partner.name, HTML)
        self.assertNotIn("<script", "".join(partner.message_ids.mapped("body")))
        self.assertNotIn("<script", partner.comment or "")
        links = self.env["res.partner"].search([("website", "!=", False)])
        for website in links.mapped("website"):
            self.assertRegex(website, "^https?://")
        [[name]] = self.mirror(3).export_data(["name"])["datas"]
        self.assertTrue(name.startswith("'="))
