# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user

from odoo.addons.crm_xero_module.services.matching.evidence import MOST
from odoo.addons.crm_xero_module.services.xero.our_numbers import contact_number

from .common import contact, person, phone, xero_id
from .matching import MatchingCase


class TestEvidence(MatchingCase):
    """What two have in common."""

    def test_the_same_email_and_name(self):
        self.customer("Bayside Club", email='"The club" <club@bayside.nz>')
        self.land(contact(1, "Bayside Club Ltd.", EmailAddress="Club@Bayside.nz"))
        self.assertEqual(self.suggested(1), [("Bayside Club", 91, ["email", "name"])])

    def test_the_number_that_we_gave(self):
        partner = self.customer("Anybody")
        number = contact_number(self.env, partner.id, 2)
        self.land(contact(1, "Other Name", ContactNumber=number))
        self.assertEqual(self.suggested(1), [("Anybody", 100, ["xero_id"])])

    def test_the_id_that_it_had(self):
        self.customer("Anybody", ref=xero_id(1).upper())
        self.land(contact(1, "Other Name"))
        self.assertEqual(self.suggested(1), [("Anybody", 100, ["xero_id"])])

    def test_the_customer_number(self):
        self.customer("Anybody", ref="C 100")
        self.land(contact(1, "Other Name", AccountNumber="c  100"))
        self.assertEqual(self.suggested(1), [("Anybody", 60, ["account_number"])])

    def test_a_tax_number_with_and_without_its_country(self):
        self.customer("Anybody", vat="41 123 456 789")
        self.land(contact(1, "Other Name", TaxNumber="AU41123456789"))
        self.assertEqual(self.suggested(1), [("Anybody", 85, ["vat"])])

    def test_one_number_in_two_countries_is_two(self):
        self.customer("Anybody", vat="49091850", country_id=self.place("NZ"))
        self.land(contact(1, "Other Name", TaxNumber="AU49091850"))
        self.assertEqual(self.suggested(1), [])

    def place(self, code):
        return self.env["res.country"].search([("code", "=", code)]).id

    def test_another_tax_number_speaks_against_it(self):
        self.customer("Bayside Club", vat="111111111")
        self.land(contact(1, "Bayside Club", TaxNumber="222222222"))
        found = [("Bayside Club", 53, ["name", "other_vat"])]
        self.assertEqual(self.suggested(1), found)

    def test_what_stands_for_no_number_is_none(self):
        self.customer("Anybody", vat="none")
        self.land(contact(1, "Other Name", TaxNumber="NONE"))
        self.assertEqual(self.suggested(1), [])

    def test_a_phone_with_its_country(self):
        self.customer("Anybody", phone="+64 9 555 1234")
        self.land(contact(1, "Other Name", Phones=[phone(number="(09) 555-1234")]))
        self.assertEqual(self.suggested(1), [("Anybody", 50, ["phone"])])

    def test_the_email_of_its_people(self):
        partner = self.customer("Anybody")
        self.customer("Ann", is_company=False, parent_id=partner.id, email="a@x.nz")
        self.land(contact(1, "Other", ContactPersons=[person("Ann", "L", "A@x.nz")]))
        self.assertEqual(self.suggested(1), [("Anybody", 70, ["email"])])

    def test_an_email_at_its_website(self):
        self.customer("Bayside", website="https://www.bayside.nz/contact")
        self.land(contact(1, "Bayside", EmailAddress="club@bayside.nz"))
        self.assertEqual(self.suggested(1), [("Bayside", 82, ["name", "domain"])])

    def test_a_free_mailbox_makes_nobody_a_colleague(self):
        self.customer("Anybody", email="one@gmail.com")
        self.land(contact(1, "Other Name", EmailAddress="two@gmail.com"))
        self.assertEqual(self.suggested(1), [])

    def test_what_many_have_says_nothing(self):
        for number in range(MOST + 1):
            self.customer(f"Nr {number}", email="all@x.nz")
        self.land(contact(1, "Other Name", EmailAddress="all@x.nz"))
        self.assertEqual(self.suggested(1), [])


class TestNames(MatchingCase):
    def similar(self, crm, xero):
        """How similar two names are, in percent; None where that is no suggestion."""
        partner = self.customer(crm)
        self.land(contact(1, xero))
        self.refresh()
        reasons = dict(self.match(1, partner).reasons or [])
        return reasons.get("name")

    def test_what_kind_of_firm_does_not_count(self):
        self.assertEqual(self.similar("The Bayside Club", "BAYSIDE CLUB Pty. Ltd"), 100)

    def test_the_order_of_words_does_not_count(self):
        self.assertEqual(self.similar("Partridge, Bob", "Bob Partridge"), 100)

    def test_marks_on_letters_do_not_count(self):
        self.assertEqual(self.similar("Café Zoë", "Cafe Zoe"), 100)

    def test_a_name_of_nothing_but_kinds_of_firms_counts(self):
        self.assertEqual(self.similar("Holding Group", "Group Holding"), 100)

    def test_a_letter_is_wrong(self):
        self.assertGreater(
            self.similar("Kauri Refrigeration", "Kauri Refrigaration"), 75
        )

    def test_other_scripts(self):
        self.assertEqual(self.similar("有限公司北京", "有限公司北京"), 100)

    def test_names_that_are_not_similar(self):
        self.assertIsNone(self.similar("Bayside Club", "Bayside Plumbing"))

    def test_no_letter_at_all(self):
        self.assertIsNone(self.similar("!!!", "???"))

    def test_names_that_many_share_are_found_by_two_words(self):
        for number in range(70):
            self.customer(f"Kauri Shop{number}")
            self.customer(f"Roofing Shop{number}")
        self.assertEqual(self.similar("Kauri Roofing", "Roofing Kauri"), 100)


class TestWhoIsAsked(MatchingCase):
    """Who is suggested, and for whom."""

    def setUp(self):
        super().setUp()
        self.same = {"email": "club@bayside.nz"}

    def club(self, number=1, **values):
        return contact(number, "Bayside", EmailAddress="club@bayside.nz", **values)

    def test_nobody_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.customer("Theirs", company_id=other.id, **self.same)
        self.customer("Ours", company_id=self.connection.company_id.id, **self.same)
        self.customer("Everybody's", **self.same)
        self.land(self.club())
        self.assertEqual(set(self.names(1)), {"Ours", "Everybody's"})

    def test_no_colleague_and_no_company_of_ours(self):
        new_test_user(self.env, "bayside", groups="base.group_user", **self.same)
        self.connection.company_id.partner_id.email = "club@bayside.nz"
        self.land(self.club())
        self.assertEqual(self.names(1), [])

    def test_a_customer_with_a_login_is_a_customer(self):
        user = new_test_user(self.env, "portal", groups="base.group_portal")
        user.partner_id.email = "club@bayside.nz"
        self.land(self.club())
        self.assertEqual(self.names(1), [user.partner_id.name])

    def test_no_person_and_no_address_of_a_company(self):
        company = self.customer("Company")
        for kind in ("contact", "delivery"):
            self.customer(
                kind, is_company=False, parent_id=company.id, type=kind, phone="5551234"
            )
        self.land(self.club(Phones=[phone()]))
        self.assertEqual(self.names(1), [])

    def test_nobody_who_is_archived(self):
        self.customer("Gone", active=False, **self.same)
        self.land(self.club())
        self.assertEqual(self.names(1), [])

    def test_nobody_who_is_linked_in_this_organisation(self):
        self.bring(self.club(2))
        self.land(self.club(1))
        self.assertEqual(self.names(1), [])

    def test_who_is_linked_in_another_organisation(self):
        partner = self.customer("Bayside", **self.same)
        other = self.env["xero.connection"].sudo().create({"name": "Other"})
        self.land(self.club(2))
        row = self.mirror(2).sudo()
        row.write({"partner_id": partner.id, "link_state": "linked"})
        row.connection_id = other
        self.env.flush_all()
        self.land(self.club(1))
        self.assertEqual(self.names(1), ["Bayside"])

    def test_vendors_where_they_come(self):
        self.customer("Bayside", **self.same)
        self.land(self.club(IsCustomer=False, IsSupplier=True))
        self.assertEqual(self.names(1), [])
        self.connection.vendors = "all"
        self.assertEqual(self.names(1), ["Bayside"])

    def test_merged_contacts_are_not_asked_for(self):
        self.customer("Bayside", **self.same)
        gone = {"ContactStatus": "ARCHIVED", "MergedToContactID": xero_id(2)}
        self.land(self.club(1, **gone), self.club(2))
        self.assertEqual(self.names(1), [])
        self.assertEqual(self.names(2), ["Bayside"])

    def test_who_is_archived_in_xero_comes_where_nobody_else_is(self):
        self.customer("Bayside", **self.same)
        self.land(self.club(1, ContactStatus="ARCHIVED"))
        self.assertEqual(self.names(1), ["Bayside"])
        self.land(self.club(2))
        self.assertEqual(self.names(1), [])
        self.assertEqual(self.names(2), ["Bayside"])

    def test_a_customer_whom_a_rule_hides(self):
        partner = self.customer("Hidden", **self.same)
        self.land(self.club())
        self.refresh()
        operator = new_test_user(
            self.env, "op", groups="crm_xero_module.group_xero_operator"
        )
        self.env["ir.rule"].sudo().create(
            {
                "name": "Not this one",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": [("id", "!=", partner.id)],
                "groups": [(4, self.env.ref("base.group_user").id)],
            }
        )
        matches = self.matches.with_user(operator)
        [match] = self.matches.sudo().search([])
        page = matches.load_matches(self.connection.id, {})
        self.assertEqual(page["rows"][0]["suggestions"], [])
        self.assertEqual(page["counts"]["suggested"], 0)
        self.assertFalse(matches.search([]))
        self.assertEqual(matches.accept([match.id])["done"], [])
        self.assertEqual(matches.accept_above(self.connection.id, 50)["done"], [])
        chosen = matches.other(self.mirror(1).id, partner.id)
        self.assertEqual(chosen["done"], [])
        self.assertNotIn("Hidden", str(chosen))
        self.assertFalse(self.partner(1))


class TestRanking(MatchingCase):
    def test_the_three_best(self):
        for number in range(5):
            self.customer(f"Nr {number}", email="club@x.nz")
        self.customer("Best", email="club@x.nz", phone="555 1234")
        self.land(contact(1, "C", EmailAddress="club@x.nz", Phones=[phone()]))
        found = self.suggested(1)
        self.assertEqual(len(found), 3)
        self.assertEqual(found[0][:2], ("Best", 85))

    def test_doubles_in_the_crm_are_not_clear(self):
        one, other = (self.customer("Bayside", email="b@b.nz") for _ in range(2))
        self.land(contact(1, "Bayside", EmailAddress="b@b.nz"))
        self.refresh()
        self.assertFalse(
            (self.match(1, one) | self.match(1, other)).filtered("is_clear")
        )
        self.assertEqual(self.matches.accept_above(self.connection.id, 50)["done"], [])
        counted = self.matches.accept_count(self.connection.id, 50)
        self.assertEqual(counted, {"count": 0, "ambiguous": 1})

    def test_doubles_in_xero_are_not_clear(self):
        self.customer("Bayside", email="b@b.nz")
        self.land(*(contact(n, "Bayside", EmailAddress="b@b.nz") for n in (1, 2)))
        self.refresh()
        self.assertEqual(self.matches.accept_above(self.connection.id, 50)["done"], [])

    def test_nearly_as_likely_is_not_clear(self):
        self.customer("Bayside", email="b@b.nz", vat="123456789", website="b.nz")
        self.customer("Bayside", email="b@b.nz", vat="123456789")
        self.land(contact(1, "Bayside", EmailAddress="b@b.nz", TaxNumber="123456789"))
        self.refresh()
        self.assertFalse(self.matches.search([("is_clear", "=", True)]))

    def test_where_all_tie_each_gets_somebody_else(self):
        for _ in range(3):
            self.customer("Bayside")
        self.land(*(contact(n, "Bayside") for n in (1, 2, 3)))
        self.refresh()
        first = self.matches.search([("rank", "=", 1)])
        self.assertEqual(len(first), 3)
        self.assertEqual(len(first.partner_id), 3)
        self.assertEqual(sorted(set(self.matches.search([]).mapped("rank"))), [1, 2, 3])

    def test_what_is_said_never_is_not_suggested_again(self):
        one = self.customer("Bayside", email="b@b.nz")
        self.customer("Bayside")
        self.land(contact(1, "Bayside", EmailAddress="b@b.nz"))
        self.assertEqual(len(self.suggested(1)), 2)
        answer = self.matches.never(self.match(1, one).ids)
        self.assertEqual(answer["done"], self.mirror(1).ids)
        self.assertEqual([score for _, score, _ in self.suggested(1)], [70])
        self.land(contact(1, "Bayside Club", EmailAddress="b@b.nz"))
        self.assertEqual(self.match(1, one).state, "never")
        never = self.page(kind="never")["rows"][0]["suggestions"]
        self.assertEqual([match["partner"]["id"] for match in never], one.ids)
        self.matches.never_undo(self.match(1, one).ids)
        self.refresh()
        self.assertEqual(self.match(1, one).state, "open")

    def test_what_stays_the_same_keeps_its_id(self):
        one = self.customer("Bayside", email="b@b.nz")
        self.land(contact(1, "Bayside", EmailAddress="b@b.nz"))
        self.refresh()
        match = self.match(1, one)
        self.customer("Another")
        self.refresh()
        self.assertEqual(self.match(1, one), match)

    def test_nothing_is_written_where_nothing_changed(self):
        self.customer("Bayside", email="b@b.nz")
        self.land(contact(1, "Bayside"))
        self.refresh()
        self.assertFalse(self.page()["is_stale"])
        self.env.cr.execute("SELECT id, ctid FROM xero_match")
        before = self.env.cr.fetchall()
        self.refresh()
        self.env.cr.execute("SELECT id, ctid FROM xero_match")
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_a_new_customer_makes_them_stale(self):
        self.land(contact(1, "Bayside"))
        self.refresh()
        self.customer("Bayside")
        self.assertTrue(self.page()["is_stale"])
        self.assertEqual(self.names(1), ["Bayside"])

    def test_the_worker_looks_now_and_then(self):
        self.customer("Bayside")
        self.land(contact(1, "Bayside"))
        self.connection.matching = "offered"
        self.sync_run._finish("done")
        self.run_cron()
        self.assertEqual(len(self.matches.search([])), 1)
        self.customer("Bayside")
        self.run_cron()
        self.assertEqual(len(self.matches.search([])), 1, "not each minute")
        self.connection.matches_at = "2020-01-01 00:00:00"
        self.run_cron()
        self.assertEqual(len(self.matches.search([])), 2)

    def test_thousands_cost_as_many_queries_as_one(self):
        def cost(numbers):
            self.land(*(contact(n, f"Customer nr {n}") for n in numbers))
            for number in numbers:
                self.customer(f"Customer nr {number}")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.refresh()
            return self.env.cr.sql_log_count - before

        few = cost(range(1, 2))
        self.assertLessEqual(cost(range(2, 40)), few)
