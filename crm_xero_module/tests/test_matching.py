# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import XeroCase, contact


class MatchingCase(XeroCase):
    """An organisation whose contacts are in the mirror, and customers of the CRM."""

    def setUp(self):
        super().setUp()
        self.matches = self.env["xero.match"]

    def customer(self, name, **values):
        values = {"is_company": True, **values}
        return self.env["res.partner"].create({"name": name, **values})

    def suggested(self, number):
        """[(customer's name, score, codes of the reasons)] of a contact."""
        self.matches.refresh(self.connection.id)
        found = self.matches.search(
            [("contact_id", "=", self.mirror(number).id), ("state", "=", "open")],
            order="score desc, rank",
        )
        return [
            (match.partner_id.name, match.score, [code for code, _ in match.reasons])
            for match in found
        ]

    def page(self, **wanted):
        return self.matches.load_matches(self.connection.id, wanted)


class TestSuggestions(MatchingCase):
    def test_the_same_email_and_name(self):
        self.customer("Bayside Club", email="club@bayside.nz")
        self.land(contact(1, "Bayside Club Ltd", EmailAddress="Club@Bayside.nz"))
        self.assertEqual(self.suggested(1), [("Bayside Club", 91, ["email", "name"])])

    def test_a_page(self):
        self.customer("Bayside Club", email="club@bayside.nz")
        self.land(
            contact(1, "Bayside Club Ltd", EmailAddress="Club@Bayside.nz"),
            contact(2, "Nobody"),
        )
        self.suggested(1)
        page = self.page(side="contacts")
        self.assertEqual(page["counts"]["sure"], 1, page["counts"])
        self.assertEqual(page["counts"]["none"], 1)
        [first, second] = page["rows"]
        self.assertEqual(first["contact"]["name"], "Bayside Club Ltd")
        [found] = first["suggestions"]
        self.assertIn("email", found["same"])
        self.assertEqual(second["suggestions"], [])
        self.matches.accept([found["id"]])
        self.assertEqual(self.partner(1).email, "club@bayside.nz")
