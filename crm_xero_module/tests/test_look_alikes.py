# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from odoo.addons.crm_xero_module.services.to_xero.look_alikes import look_alikes
from odoo.addons.crm_xero_module.services.xero.our_numbers import (
    contact_number,
    next_contact_number,
)

from .common import XeroCase, contact, person, xero_id


@tagged("post_install", "-at_install")
class TestLookAlikes(XeroCase):
    def customer(self, name="Bayside Club", **values):
        return self.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    def found(self, partner):
        return look_alikes(self.connection, partner)[partner.id]

    def kinds(self, partner):
        return [
            (self.env["xero.contact"].browse(alike.contact_id).xero_id[-2:], kind)
            for alike in self.found(partner)
            for kind, _value in alike.reasons
        ]

    def test_the_same_name_however_it_is_written(self):
        self.land(contact(1, "  BAYSIDE   club "), contact(2, "Bayside Club Ltd"))
        self.assertEqual(self.kinds(self.customer()), [("01", "name")])

    def test_an_archived_contact_of_the_same_name_is_found_and_told(self):
        self.land(contact(1, "Bayside Club", ContactStatus="ARCHIVED"))
        (alike,) = self.found(self.customer())
        self.assertTrue(alike.archived)

    def test_of_equally_likely_ones_those_that_are_not_archived_go_first(self):
        self.land(
            contact(1, "Bayside Club", ContactStatus="ARCHIVED"),
            contact(2, "Bayside Club"),
        )
        first, _second = self.found(self.customer())
        self.assertFalse(first.archived)

    def test_id_and_numbers(self):
        customer = self.customer("Nobody like it", ref="K-17")
        self.land(
            contact(1, ContactNumber=contact_number(self.env, customer.id)),
            contact(2, AccountNumber="k-17"),
            contact(3, ContactNumber="K-17"),
            contact(4),
        )
        self.assertEqual(
            self.kinds(customer),
            [("01", "number"), ("02", "number"), ("03", "number")],
        )
        customer.ref = xero_id(4)
        self.assertEqual(self.kinds(customer)[0], ("04", "contact_id"))

    def test_email_of_the_contact_or_of_one_of_its_persons(self):
        self.land(
            contact(1, EmailAddress="Info@Bayside.example"),
            contact(2, ContactPersons=[person("Ann", "Lee", "info@bayside.example")]),
        )
        customer = self.customer("X", email='"The club" <info@bayside.example>')
        self.assertEqual(self.kinds(customer), [("01", "email"), ("02", "email")])

    def test_tax_number_with_and_without_its_country(self):
        self.land(
            contact(1, TaxNumber="49-091-850"), contact(2, TaxNumber="AU49091850")
        )
        customer = self.customer("X", country_id=self.env.ref("base.nz").id)
        customer.with_context(no_vat_validation=True).vat = "49 091 850"
        self.assertEqual(self.kinds(customer), [("01", "vat")])

    def test_what_speaks_for_more_is_likelier(self):
        self.land(
            contact(1, "Bayside Club"),
            contact(2, "Bayside Club", EmailAddress="a@bayside.example"),
        )
        alikes = self.found(self.customer(email="a@bayside.example"))
        self.assertEqual(
            [alike.kinds for alike in alikes], [{"name", "email"}, {"name"}]
        )
        self.assertEqual([alike.score for alike in alikes], [83, 80])

    def test_of_merged_contacts_the_one_that_is_left(self):
        self.land(
            contact(1, "Bayside Clubs"),
            contact(
                2,
                "Bayside Club",
                ContactStatus="ARCHIVED",
                MergedToContactID=xero_id(1),
            ),
        )
        (alike,) = self.found(self.customer())
        self.assertEqual(alike.name, "Bayside Clubs")
        self.assertFalse(alike.archived)

    def test_which_customer_it_is_linked_to(self):
        self.bring(contact(1, "Bayside Club"))
        (alike,) = self.found(self.customer())
        self.assertEqual(alike.partner_id, self.partner(1).id)
        self.assertEqual(alike.link_state, "linked")

    def test_another_organisation_s_contacts_do_not_count(self):
        self.land(contact(1, "Bayside Club"))
        other = self.env["xero.connection"].create({"name": "Other"})
        customer = self.customer()
        self.assertEqual(look_alikes(other, customer), {customer.id: []})

    def test_nobody_to_look_for(self):
        self.land(contact(1))
        self.assertEqual(look_alikes(self.connection, self.env["res.partner"]), {})

    def test_hostile_values_are_looked_for_as_any_other(self):
        for name in ("'; DROP--", "%", "\\", "<b>x</b>", "😀", "\u202egnol", "x" * 500):
            with self.subTest(name=name):
                self.land(contact(1, name))
                self.assertTrue(self.found(self.customer(name)))
                blank = self.customer("y", email=" , ", ref="  ", vat=" ")
                self.assertFalse(self.found(blank))

    def test_as_many_queries_for_many_as_for_one(self):
        customers = self.env["res.partner"].create(
            [
                {"name": f"C{n}", "email": f"c{n}@x.example", "ref": f"R{n}"}
                for n in range(60)
            ]
        )
        self.land(*(contact(n, f"C{n}") for n in range(60)))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            found = look_alikes(self.connection, customers)
        self.assertTrue(all(found.values()))

    def test_numbers_of_contacts(self):
        number = contact_number(self.env, 42)
        self.assertRegex(number, r"^ODOO-[0-9a-f]{8}-42$")
        self.assertEqual(next_contact_number(self.env, 42, [None]), number)
        taken = [number.lower(), f"{number}-2"]
        self.assertEqual(next_contact_number(self.env, 42, taken), f"{number}-3")
