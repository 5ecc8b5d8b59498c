# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import BaseCase

from odoo.addons.crm_xero_module.services.runs.progress import measure


def step(name, state="waiting", done=0, total=None):
    return {
        "name": name,
        "state": state,
        "done": done,
        "total": total,
        "source": "contacts",
    }


ORGANISATION = step("organisation", "running", 1)


class TestProgress(BaseCase):
    """The bar tells the truth from the first page to the last batch."""

    def test_nothing_is_promised_before_xero_counted(self):
        steps = [ORGANISATION, step("contacts", "running"), step("profile:1")]
        self.assertEqual(measure(steps)[2], 0)

    def test_imports_count_before_their_first_batch(self):
        contacts = step("contacts", "running", 1000, 4000)
        steps = [ORGANISATION, contacts, step("profile:1", "running", 1000, 1000)]
        done, total, share = measure(steps)
        self.assertEqual((done, total), (2001, 8001))
        self.assertAlmostEqual(share, 0.25, places=3)

    def test_what_the_connector_has_read_is_not_here_yet(self):
        contacts = step("contacts", "done", 1000, 4000)
        steps = [ORGANISATION, contacts, step("profile:1", "running", 1000, 1000)]
        self.assertEqual(measure(steps)[:2], (2001, 8001))

    def test_an_import_has_less_to_do_than_was_read(self):
        contacts = step("contacts", "running", 4000, 4000)
        steps = [ORGANISATION, contacts, step("profile:1", "running", 500, 3000)]
        self.assertEqual(measure(steps)[:2], (4501, 8001))
        steps[-1] = step("profile:1", "done", 3000, 3000)
        self.assertEqual(measure(steps)[:2], (7001, 7001))

    def test_an_import_that_has_not_begun_is_to_be_done(self):
        contacts = step("contacts", "running", 4000, 4000)
        self.assertEqual(measure([contacts, step("profile:1")])[:2], (4000, 8000))

    def test_an_import_alone(self):
        self.assertEqual(measure([step("profile:1", "running", 1, 4)]), (1, 4, 0.25))
        self.assertEqual(measure([step("profile:1")]), (0, 0, 0))

    def test_what_xero_has_not_counted_yet_has_its_share_of_the_bar(self):
        contacts = step("contacts", "running", 1000, 1000)
        steps = [ORGANISATION, contacts, step("invoices"), step("profile:1")]
        done, total, share = measure(steps)
        self.assertEqual((done, total), (1001, 2001))
        # Half of what is known, and one of the two resources is.
        self.assertAlmostEqual(share, 0.25, places=3)

    def test_many_invoices_are_not_waited_for_by_imports_of_contacts(self):
        contacts = step("contacts", "done", 300, 300)
        invoices = step("invoices", "running", 1000, 50000)
        steps = [contacts, invoices, step("profile:1", "running", 100, 100)]
        self.assertEqual(measure(steps)[:2], (1400, 50600))

    def test_an_import_of_products_waits_for_items_only(self):
        read = [step("contacts", "done", 300, 300), step("items", "done", 30, 30)]
        products = {**step("profile:3"), "source": "items"}
        self.assertEqual(measure([*read, products])[:2], (330, 360))

    def test_nothing_changed_at_xero(self):
        steps = [ORGANISATION, step("contacts", "done", 0, 0), step("profile:1")]
        self.assertEqual(measure(steps), (1, 1, 1))

    def test_what_follows_from_the_others_holds_nothing_back(self):
        contacts = step("contacts", "done", 1000, 1000)
        steps = [contacts, step("contact_balances"), step("open_invoices")]
        self.assertEqual(measure(steps), (1000, 1000, 1))
        steps[1] = step("contact_balances", "running", 40, 200)
        self.assertEqual(measure(steps)[:2], (1040, 1200))
