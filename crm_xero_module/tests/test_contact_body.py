# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_xero_module.services.to_xero.builders import BUILDERS, CannotBuild
from odoo.addons.crm_xero_module.services.to_xero.contact_body import (
    _Maker,
    contact_bodies,
)
from odoo.addons.crm_xero_module.services.xero.our_numbers import contact_number

from .common import XeroCase

HOSTILE = (
    "<script>alert(1)</script>",
    "x" * 600,
    " \t two  blanks \u00a0",
    "\u202egnol\u202c 😀 نادي",
    "'; DROP TABLE res_partner; --",
    "=HYPERLINK(1)",
    "\x01\x07bell",
    "+" * 60,
    "(((((",
)


def _texts(value, member=None):
    """(member, text) of everything in a body."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, member)
    else:
        yield member, value


@tagged("post_install", "-at_install")
class TestContactBody(XeroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nz = cls.env.ref("base.nz")
        cls.club = cls.env["res.partner"].create(
            {
                "name": "Bayside Club",
                "is_company": True,
                "street": "1 Main Road",
                "street2": "Unit 4",
                "city": "Auckland",
                "zip": "1010",
                "country_id": cls.nz.id,
                "phone": "+64 9 555 1234",
            }
        )

    def body(self, partner):
        return contact_bodies(self.connection, partner)[partner.id]

    def sent(self, partner):
        return self.body(partner).contact

    def shown(self, partner):
        return [(r["label"], r["value"], r["origin"]) for r in self.body(partner).shown]

    def codes(self, partner):
        return [problem.code for problem in self.body(partner).problems]

    def person(self, name="Ann Lee", **values):
        return self.env["res.partner"].create(
            {"name": name, "parent_id": self.club.id, "type": "contact", **values}
        )

    def address(self, kind, parent=None, **values):
        return self.env["res.partner"].create(
            {
                "name": kind,
                "parent_id": (parent or self.club).id,
                "type": kind,
                "street": "9 Quay",
                "country_id": self.nz.id,
                **values,
            }
        )

    # The customer itself

    def test_a_company_as_the_imports_map_it(self):
        self.assertEqual(
            self.sent(self.club),
            {
                "ContactNumber": contact_number(self.env, self.club.id),
                "Name": "Bayside Club",
                "Phones": [
                    {
                        "PhoneType": "DEFAULT",
                        "PhoneCountryCode": "64",
                        "PhoneAreaCode": "",
                        "PhoneNumber": "9 555 1234",
                    }
                ],
                "Addresses": [
                    {
                        "AddressType": "POBOX",
                        "AddressLine1": "1 Main Road",
                        "AddressLine2": "Unit 4",
                        "City": "Auckland",
                        "PostalCode": "1010",
                        "Country": "New Zealand",
                    }
                ],
            },
        )
        self.assertFalse(self.body(self.club).problems)
        self.assertIn(
            ("Postal address", "1 Main Road, Unit 4, Auckland 1010, New Zealand", ""),
            self.shown(self.club),
        )

    def test_its_email_goes_although_no_line_of_companies_has_it(self):
        self.club.email = "info@bayside.example"
        self.assertEqual(self.sent(self.club)["EmailAddress"], "info@bayside.example")

    def test_another_line_sends_another_field(self):
        self.club.ref = "K-17"
        self.assertNotIn("AccountNumber", self.sent(self.club))
        line = self.companies.mapping_ids.filtered(lambda m: m.target_field == "ref")
        line.source_fields = "ContactID,AccountNumber"
        self.assertEqual(self.sent(self.club)["AccountNumber"], "K-17")

    def test_of_a_connection_without_imports_the_usual_lines_go(self):
        before = self.sent(self.club)
        self.connection.profile_ids.unlink()
        self.assertEqual(self.sent(self.club), before)

    def test_blanks_are_not_sent(self):
        empty = self.env["res.partner"].create({"name": "X", "is_company": True})
        empty.write({"street": "  ", "phone": " ", "email": ""})
        self.assertEqual(list(self.sent(empty)), ["ContactNumber", "Name"])

    def test_an_individual_has_its_name_as_first_and_last_name_too(self):
        human = self.env["res.partner"].create(
            {"name": "Mary Ann Lee", "email": "m@lee.example", "xero_mobile": "021 1"}
        )
        sent = self.sent(human)
        self.assertEqual(
            [sent["FirstName"], sent["LastName"], sent["EmailAddress"]],
            ["Mary Ann", "Lee", "m@lee.example"],
        )
        self.assertEqual(sent["Phones"][0]["PhoneType"], "MOBILE")
        human.write({"xero_first_name": "Mary", "xero_last_name": "Ann Lee"})
        self.assertEqual(self.sent(human)["LastName"], "Ann Lee")
        human.name = "Mary Smith"
        self.assertEqual(self.sent(human)["LastName"], "Smith")
        human.name = "Cher"
        sent = self.sent(human)
        self.assertEqual([sent.get("FirstName"), sent["LastName"]], [None, "Cher"])

    # Addresses, by the seed's rule

    def test_the_billing_address_goes_before_the_own_one_and_delivery_beside(self):
        for home in (self.club, self.env["res.partner"].create({"name": "Ann Lee"})):
            with self.subTest(home=home.name):
                self.address("invoice", home, street="PO Box 7")
                self.address("delivery", home)
                sent = self.sent(home)["Addresses"]
                self.assertEqual(
                    [(row["AddressType"], row["AddressLine1"]) for row in sent],
                    [("POBOX", "PO Box 7"), ("STREET", "9 Quay")],
                )
                origins = [origin for _label, _value, origin in self.shown(home)]
                self.assertIn(f"billing address of {home.name}", origins)
                self.assertIn(f"delivery address of {home.name}", origins)

    def test_who_belongs_to_a_company_has_the_company_s_address(self):
        ann = self.person(email="ann@bayside.example")
        sent = self.sent(ann)
        self.assertEqual(sent["Name"], "Ann Lee")
        self.assertEqual(sent["Addresses"][0]["AddressLine1"], "1 Main Road")
        self.assertIn(
            "address of Bayside Club, its company",
            [origin for _label, _value, origin in self.shown(ann)],
        )
        self.address("invoice", street="PO Box 7")
        self.assertEqual(self.sent(ann)["Addresses"][0]["AddressLine1"], "PO Box 7")

    def test_archived_or_empty_addresses_do_not_count(self):
        self.address("invoice", active=False)
        self.address("invoice", street=False, country_id=False)
        self.assertEqual(
            self.sent(self.club)["Addresses"][0]["AddressLine1"], "1 Main Road"
        )

    def test_of_several_delivery_addresses_one_goes_and_the_others_are_told(self):
        self.address("delivery", name="North", street="1 North")
        self.address("delivery", name="South", street="1 South")
        sent = self.sent(self.club)["Addresses"]
        self.assertEqual(sent[1]["AddressLine1"], "1 North")
        self.assertEqual(self.codes(self.club), ["addresses_left_out"])

    def test_a_delivery_address_that_is_the_postal_one_is_not_sent_twice(self):
        copied = {
            name: self.club[name] for name in ("street", "street2", "city", "zip")
        }
        self.address("delivery", **copied)
        self.assertEqual(len(self.sent(self.club)["Addresses"]), 1)

    def test_no_country_a_state_without_country_and_a_country_with_signs(self):
        self.club.write({"country_id": False, "state_id": False})
        self.assertNotIn("Country", self.sent(self.club)["Addresses"][0])
        state = self.env["res.country.state"].search([("country_id", "!=", False)])[0]
        self.club.state_id = state
        self.club.country_id = False
        self.assertEqual(
            self.sent(self.club)["Addresses"][0].get("Region"),
            self.club.state_id.name or None,
        )
        self.club.write({"state_id": False, "country_id": self.env.ref("base.ci").id})
        self.assertEqual(self.sent(self.club)["Addresses"][0]["Country"], "CI")

    # Persons

    def test_persons_the_main_one_is_whose_email_is_the_company_s(self):
        self.person("Bob Ray", email="bob@bayside.example")
        self.person("Ann Lee", email="ann@bayside.example")
        self.club.email = "Ann@bayside.example"
        sent = self.sent(self.club)
        self.assertEqual(sent["LastName"], "Lee")
        self.assertEqual(
            sent["ContactPersons"],
            [
                {
                    "FirstName": "Bob",
                    "LastName": "Ray",
                    "EmailAddress": "bob@bayside.example",
                }
            ],
        )
        self.assertIn(
            ("Main person", "Ann Lee", "contact of Bayside Club"), self.shown(self.club)
        )

    def test_a_person_keeps_its_email_beside_that_of_its_company(self):
        self.person("Ann Lee", email="ann@bayside.example")
        self.club.email = "info@bayside.example"
        sent = self.sent(self.club)
        self.assertEqual(sent["EmailAddress"], "info@bayside.example")
        self.assertNotIn("LastName", sent)
        self.assertEqual(
            sent["ContactPersons"][0]["EmailAddress"], "ann@bayside.example"
        )

    def test_without_an_email_of_its_own_the_company_gets_its_main_person_s(self):
        self.person("Bob Ray")
        self.person("Ann Lee", email="ann@bayside.example", xero_direct_phone="09 1")
        sent = self.sent(self.club)
        self.assertEqual(sent["EmailAddress"], "ann@bayside.example")
        self.assertEqual(sent["LastName"], "Lee")
        self.assertEqual(
            sent["ContactPersons"], [{"FirstName": "Bob", "LastName": "Ray"}]
        )
        kinds = [row["PhoneType"] for row in sent["Phones"]]
        self.assertEqual(kinds, ["DEFAULT", "DDI"])

    def test_without_any_email_xero_takes_no_further_persons(self):
        self.person("Ann Lee", email="no email")
        self.person("Bob Ray")
        sent = self.sent(self.club)
        self.assertEqual(sent["LastName"], "Lee")
        self.assertNotIn("ContactPersons", sent)
        self.assertEqual(self.codes(self.club), ["not_email", "persons_need_email"])

    def test_five_further_persons_and_who_does_not_fit_is_told(self):
        self.club.email = "info@bayside.example"
        for n in range(8):
            self.person(f"Ann L{n}")
        sent = self.sent(self.club)
        self.assertEqual(len(sent["ContactPersons"]), 5)
        (problem,) = self.body(self.club).problems
        self.assertEqual(problem.code, "persons_left_out")
        self.assertIn("L6", problem.told(self.env).happened)
        self.assertIn("L7", problem.told(self.env).happened)
        self.assertFalse(self.body(self.club).stops)

    def test_neither_archived_persons_nor_branches_go(self):
        self.person("Ann Lee", active=False)
        self.person("Branch", is_company=True)
        self.assertNotIn("LastName", self.sent(self.club))

    def test_persons_that_the_user_may_not_see_stay_behind(self):
        user = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_salesman"
        )
        self.person("Ann Lee")
        other = self.env["res.company"].sudo().create({"name": "Other"})
        hidden = self.person("Bob Ray")
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            (other.id, hidden.id),
        )
        self.env.invalidate_all()
        sent = self.sent(self.club.with_user(user))
        self.assertEqual(sent["LastName"], "Lee")
        self.assertNotIn("ContactPersons", sent)

    # Xero's limits

    def test_names_that_xero_refuses_stop_the_customer(self):
        for name, code in (
            ("\u200b\u202e", "customer_name_missing"),
            ("x" * 500, "too_long"),
            ("<b>Bayside</b>", "angle_brackets"),
        ):
            with self.subTest(name=name[:20]):
                self.club.name = name
                stops = self.body(self.club).stops
                self.assertEqual([problem.code for problem in stops], [code])
                self.assertTrue(stops[0].told(self.env).happened)

    def test_any_other_value_that_xero_refuses_stays_behind_and_is_told(self):
        self.club.write(
            {
                "street": "x" * 501,
                "email": "a@b.example, c@d.example",
                "city": "<script>",
                "phone": "call " * 20,
            }
        )
        body = self.body(self.club)
        self.assertFalse(body.stops)
        self.assertEqual(
            sorted(problem.code for problem in body.problems),
            ["angle_brackets", "not_email", "too_long", "too_long"],
        )
        self.assertNotIn("EmailAddress", body.contact)
        self.assertNotIn("AddressLine1", body.contact["Addresses"][0])
        self.assertEqual(body.contact["Addresses"][0]["PostalCode"], "1010")
        told = [problem.told(self.env) for problem in body.problems]
        self.assertFalse([reason for reason in told if "?" in reason.happened])

    def test_emoji_right_to_left_and_line_ends_go_as_xero_takes_them(self):
        self.club.name = "  نادي 😀\n\t Bay  "
        self.assertEqual(self.sent(self.club)["Name"], "نادي 😀 Bay")

    def test_whatever_is_typed_the_body_is_one_that_xero_takes(self):
        names = [name for _x, name in _Maker(self.connection, self.env).of_company]
        names = {*names, "email"} & set(self.club._fields)
        texts = [n for n in names if self.club._fields[n].type == "char"]
        ann = self.person("Ann Lee")
        for value in HOSTILE:
            with self.subTest(value=value[:20]):
                typed = dict.fromkeys(texts, value)
                # What is asked is what is sent, not what Odoo takes.
                (self.club | ann).with_context(no_vat_validation=True).write(
                    {name: typed[name] for name in typed if name != "name"}
                )
                self.club.name = value.strip() or "X"
                body = self.body(self.club)
                self.assertTrue(body.contact["Name"] or body.stops)
                for member, text in _texts(body.contact):
                    fits = "<" not in text and len(text) <= 500
                    self.assertTrue(fits or member == "Name", (member, text))
                    self.assertEqual(text, " ".join(text.split()))
                if len(value) > 255 or "<" in value:
                    self.assertTrue(body.stops)

    # What is remembered, and building again

    def test_what_the_crm_holds_is_remembered_for_all_that_go(self):
        ann = self.person("Ann Lee", email="ann@bayside.example")
        held = self.body(self.club).held
        self.assertEqual(set(held), {str(self.club.id), str(ann.id)})
        self.assertEqual(held[str(self.club.id)]["country_id"], self.nz.id)
        self.assertIsNone(held[str(self.club.id)]["vat"])
        self.assertEqual(held[str(ann.id)]["email"], "ann@bayside.example")
        # The import fills the names that were taken apart, and leaves addresses.
        self.assertNotIn("xero_last_name", held[str(ann.id)])
        self.assertNotIn("street", held[str(ann.id)])

    def test_built_again_it_is_as_the_crm_is_now_under_its_number(self):
        body = self.body(self.club)
        number = f"{body.contact['ContactNumber']}-2"
        entry = self.env["xero.outbox"]._queue(
            "create_contact",
            self.connection,
            name="Bayside Club",
            body={**body.contact, "ContactNumber": number},
            shown=body.shown,
            partner=self.club,
        )
        self.club.name = "Bayside Sailing Club"
        built = BUILDERS["create_contact"](entry)
        self.assertEqual(built.body["Name"], "Bayside Sailing Club")
        self.assertEqual(built.body["ContactNumber"], number)
        self.club.name = "<>"
        with self.assertRaises(CannotBuild) as refused:
            BUILDERS["create_contact"](entry)
        self.assertEqual(refused.exception.code, "angle_brackets")

    def test_as_many_queries_for_many_as_for_a_few(self):
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"C{n}",
                    "is_company": True,
                    "country_id": self.nz.id,
                    "child_ids": [(0, 0, {"name": f"P{n} L"})],
                }
                for n in range(40)
            ]
        )
        self.body(self.club)
        self.env.flush_all()

        def queries(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contact_bodies(self.connection, some)
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(queries(partners), queries(partners[:5]) + 2)
