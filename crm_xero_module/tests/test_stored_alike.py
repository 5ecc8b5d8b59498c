# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is left out to be fast changes nothing of what is stored."""

import base64

from freezegun import freeze_time

from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.imports.apply import create_records

from .common import XeroCase

# One black pixel.
IMAGE = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YA"
        "AAAASUVORK5CYII="
    )
)
# Of the record itself, whatever is in it.
OWN = frozenset({"id", "create_date", "write_date", "commercial_partner_id"})


class TestStoredAlike(XeroCase):
    def values(self, **values):
        return {
            "name": "Bayside Club",
            "is_company": True,
            "ref": "B-1",
            "email": "Office <office@bayside.example.com>",
            "phone": "+61 2 4411 2233",
            "website": "bayside.example.com",
            "street": "1 Main Road",
            "country_id": self.env.ref("base.au").id,
            "state_id": self.env.ref("base.state_au_2").id,
            **values,
        }

    def columns(self, partner):
        """The whole row as PostgreSQL has it."""
        self.env.flush_all()
        query = SQL("SELECT * FROM res_partner WHERE id = %s", partner.id)
        [row] = self.env.execute_query_dict(query)
        own = row["commercial_partner_id"] == partner.id
        return {name: row[name] for name in row.keys() - OWN} | {"own": own}

    def images(self, partner):
        return {size: partner[f"image_{size}"] for size in (1920, 1024, 512, 256, 128)}

    @freeze_time("2026-11-22 10:00:00")
    def both(self, **values):
        """A partner of ours and one of a plain `create`, from the same values, in the
        same moment."""
        ours = create_records(self.env["res.partner"], [self.values(**values)])
        plain = self.env["res.partner"].create([self.values(**values)])
        return ours, plain

    def test_a_company_has_every_column_of_a_plain_create(self):
        ours, plain = self.both()
        self.assertEqual(self.columns(ours), self.columns(plain))

    def test_a_human_without_company_has_every_column_of_a_plain_create(self):
        ours, plain = self.both(is_company=False, company_name="Elsewhere")
        self.assertEqual(self.columns(ours), self.columns(plain))

    def test_who_has_no_image_has_none_of_any_size(self):
        ours, plain = self.both()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(any(self.images(ours).values()))
        self.assertEqual(self.images(ours), self.images(plain))

    def test_an_image_that_comes_with_the_record_has_its_sizes(self):
        ours, plain = self.both(image_1920=IMAGE)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(all(self.images(ours).values()))
        self.assertEqual(self.images(ours), self.images(plain))

    def test_an_image_given_later_has_its_sizes(self):
        ours, _plain = self.both()
        ours.image_1920 = IMAGE
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(all(self.images(ours).values()))
