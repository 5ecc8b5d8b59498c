# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts of the mirror and customers of the CRM, to be matched."""

from .common import XeroCase


class MatchingCase(XeroCase):
    def setUp(self):
        super().setUp()
        self.matches = self.env["xero.match"]

    def customer(self, name, **values):
        values = {"is_company": True, **values}
        return self.env["res.partner"].create({"name": name, **values})

    def refresh(self):
        self.matches.refresh(self.connection.id)
        self.env.invalidate_all()

    def match(self, number, partner):
        return self.matches.search(
            [
                ("contact_id", "=", self.mirror(number).id),
                ("partner_id", "=", partner.id),
            ]
        )

    def suggested(self, number):
        """[(customer's name, score, codes of the reasons)] of a contact."""
        self.refresh()
        found = self.matches.search(
            [("contact_id", "=", self.mirror(number).id), ("state", "=", "open")],
            order="rank",
        )
        return [
            (match.partner_id.name, match.score, [code for code, _ in match.reasons])
            for match in found
        ]

    def names(self, number):
        return [name for name, _score, _codes in self.suggested(number)]

    def page(self, **wanted):
        return self.matches.load_matches(self.connection.id, wanted)

    def accept(self, *numbers):
        """Accept the best suggestions of these contacts; the answer."""
        self.refresh()
        best = self.matches.search(
            [
                ("contact_id", "in", [self.mirror(number).id for number in numbers]),
                ("rank", "=", 1),
            ]
        )
        return self.matches.accept(best.ids)
