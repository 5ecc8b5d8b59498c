# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import XeroCase, contact, phone, xero_id


class TestLeading(XeroCase):
    """Several contacts of Xero may be one customer: exactly one feeds it."""

    def setUp(self):
        super().setUp()
        self.bring(contact(1), contact(2), contact(3))
        self.customer = self.partner(1)

    def link(self, *numbers, leading=()):
        """Make these contacts the first one's customer, and some of them lead it."""
        for number in numbers:
            self.mirror(number).sudo().write(
                {
                    "partner_id": self.customer.id,
                    "link_state": "linked",
                    "is_leading": number in leading,
                }
            )
        self.env.flush_all()

    def leads(self):
        return [n for n in (1, 2, 3) if self.mirror(n).is_leading]

    def bring_changed(self, *numbers):
        """Xero says something new of these contacts, in one batch each."""
        for number in numbers:
            self.bring(contact(number, f"New {number}", Phones=[phone(number=number)]))

    def test_the_oldest_of_those_that_lead(self):
        self.link(1, 2, 3, leading=(2, 3))
        self.bring_changed(3, 2, 1)
        self.assertEqual(self.leads(), [2])
        self.assertEqual(self.customer.phone, "2")
        self.assertEqual(self.customer.name, "Company 1", "not the one it was fed by")

    def test_the_other_ones_only_add_figures(self):
        self.link(1, 2, leading=(1,))
        self.bring_changed(2)
        self.assertFalse(self.customer.phone)
        self.assertEqual(self.mirror(2).partner_id, self.customer)

    def test_the_oldest_of_a_batch_where_none_leads(self):
        self.link(1, 2, 3)
        self.bring(contact(3, "New 3"), contact(2, "New 2"))
        self.assertEqual(self.leads(), [2])

    def test_it_leads_from_batch_to_batch(self):
        self.link(1, 2, 3)
        self.bring_changed(3, 2, 1)
        self.assertEqual(self.leads(), [3])

    def test_who_is_ignored_leads_no_more(self):
        self.link(1, 2, leading=(1,))
        self.mirror(1).sudo().link_state = "ignored"
        self.env.flush_all()
        self.bring_changed(2)
        self.assertIn(2, self.leads())
        self.assertEqual(self.customer.phone, "2")

    def test_of_two_organisations_one_leads(self):
        other = self.env["xero.connection"].sudo().create({"name": "Other"})
        self.link(1, leading=(1,))
        first = self.mirror(1)
        second = first.sudo().copy(
            {"connection_id": other.id, "xero_id": xero_id(1), "is_leading": True}
        )
        self.env.flush_all()
        self.assertGreater(second.id, first.id)
        self.bring_changed(1)
        self.assertEqual(self.customer.phone, "1")

    def test_nothing_is_written_once_one_leads(self):
        self.link(1, 2, 3, leading=(1, 2, 3))
        self.companies.position = 0
        self.import_all()
        self.assertEqual(self.leads(), [1])
        self.companies.position = 0
        with self.count_partner_writes() as written:
            self.import_all()
        self.assertEqual(written, [])
