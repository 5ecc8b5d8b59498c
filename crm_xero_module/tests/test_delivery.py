# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import XeroCase, address, contact, person, phone

POSTAL = address("POBOX", "PO Box 1", City="Napier", PostalCode="4140", Country="NZ")
STREET = address("STREET", "1 Main Rd", City="Taupo", PostalCode="3330", Country="NZ")


def both(number, name=None, street=STREET, **values):
    """A contact with a postal address and, by default, another street address."""
    addresses = [POSTAL, street] if street else [POSTAL]
    return contact(number, name, Addresses=addresses, **values)


@tagged("post_install", "-at_install")
class TestDelivery(XeroCase):
    """The street address of a customer whose own address is the postal one."""

    def delivery(self, number):
        return self.mirror(number).delivery_partner_id

    def children(self, number):
        return self.partners.search([("parent_id", "=", self.partner(number).id)])

    def refuse(self, is_bad):
        """Let Odoo refuse to make certain partners."""
        create = self.registry["res.partner"].create

        def checked(partners, vals_list):
            if any(map(is_bad, vals_list)):
                raise UserError(self.env._("Not here"))
            return create(partners, vals_list)

        self.patch(self.registry["res.partner"], "create", checked)

    def street(self, line1, **values):
        return {**STREET, "AddressLine1": line1, **values}

    def test_a_new_customer_gets_it(self):
        self.assertFalse(self.bring(both(1)))
        nz = self.env.ref("base.nz")
        self.assertRecordValues(
            self.children(1),
            [
                {
                    "type": "delivery",
                    "name": False,
                    "street": "1 Main Rd",
                    "city": "Taupo",
                    "zip": "3330",
                    "country_id": nz.id,
                    "parent_id": self.partner(1).id,
                    "is_company": False,
                }
            ],
        )
        self.assertEqual(self.partner(1).street, "PO Box 1")
        self.assertRecordValues(
            self.mirror(1),
            [{"delivery_partner_id": self.children(1).id, "delivery_state": "linked"}],
        )

    def test_a_customer_that_is_here_gets_it(self):
        self.bring(both(1, street=None))
        self.bring(both(1))
        self.assertEqual(self.delivery(1).street, "1 Main Rd")
        self.assertEqual(self.sync_run.updated_count, 1)

    def test_only_a_street_address_is_the_address_itself(self):
        self.bring(contact(1, Addresses=[STREET]))
        self.assertEqual(self.partner(1).street, "1 Main Rd")
        self.assertFalse(self.children(1))

    def test_the_same_place_twice_is_one(self):
        self.bring(both(1, street={**POSTAL, "AddressType": "STREET"}))
        same = {"AddressLine1": "po  BOX 1 ", "AddressType": "STREET"}
        self.bring(both(2, street=POSTAL | same))
        self.assertFalse(self.children(1) | self.children(2))

    def test_what_xero_changes(self):
        self.bring(both(1))
        before = self.delivery(1)
        self.bring(both(1, street=self.street("2 High St", PostalCode="")))
        self.assertEqual(self.delivery(1), before)
        self.assertRecordValues(before, [{"street": "2 High St", "zip": False}])
        self.assertEqual(self.partner(1).street, "PO Box 1")

    def test_what_was_changed_here_stays(self):
        self.bring(both(1))
        self.delivery(1).street = "back door"
        self.bring(both(1, street=self.street("2 High St", City="Napier")))
        self.assertRecordValues(
            self.delivery(1), [{"street": "back door", "city": "Napier"}]
        )

    def test_the_rules_of_who_wins_are_the_customers(self):
        lines = self.companies.mapping_ids
        lines.filtered(lambda line: line.target_field == "street").policy = "always"
        lines.filtered(lambda line: line.target_field == "city").policy = "on_create"
        self.bring(both(1))
        self.delivery(1).street = "back door"
        self.bring(both(1, street=self.street("2 High St", City="Napier")))
        self.assertRecordValues(
            self.delivery(1), [{"street": "2 High St", "city": "Taupo"}]
        )

    def test_one_that_vanishes_is_left_to_the_crm(self):
        self.bring(both(1))
        delivery = self.delivery(1)
        self.bring(both(1, street=None))
        self.assertEqual(self.children(1), delivery)
        self.assertRecordValues(
            self.mirror(1),
            [
                {
                    "delivery_partner_id": False,
                    "delivery_state": "unlinked",
                    "delivery_applied": False,
                }
            ],
        )
        self.bring(both(1))
        self.assertEqual(self.delivery(1), delivery, "the same place again")

    def test_one_that_becomes_equal_is_left_to_the_crm(self):
        self.bring(both(1))
        delivery = self.delivery(1)
        self.bring(both(1, street={**POSTAL, "AddressType": "STREET"}))
        self.assertFalse(self.delivery(1))
        self.assertEqual(delivery.street, "1 Main Rd")

    def test_one_that_was_deleted_is_not_made_again(self):
        self.bring(both(1))
        self.delivery(1).unlink()
        self.env.invalidate_all()
        line = self.bring(both(1, "Renamed"))
        self.assertEqual((line.code, line.outcome), ("delivery_gone", "updated"))
        self.assertFalse(self.children(1))
        self.assertEqual(self.mirror(1).delivery_state, "ignored")
        again = self.bring(both(1, "Renamed again"))
        self.assertEqual(again.code, "delivery_gone", "until somebody decides")
        again.action_retry()
        self.assertEqual(self.children(1).street, "1 Main Rd")

    def test_one_that_was_archived_is_left_alone(self):
        self.bring(both(1))
        delivery = self.delivery(1)
        delivery.active = False
        line = self.bring(both(1, street=self.street("2 High St")))
        self.assertEqual(line.code, "delivery_gone")
        self.assertEqual(self.children(1), delivery)
        self.assertEqual(delivery.street, "1 Main Rd")
        delivery.active = True
        line.action_retry()
        self.assertEqual(delivery.street, "2 High St")

    def test_one_that_was_moved_elsewhere_is_left_alone(self):
        self.bring(both(1), both(2, street=None))
        delivery = self.delivery(1)
        delivery.parent_id = self.partner(2)
        line = self.bring(both(1, street=self.street("2 High St")))
        self.assertEqual(line.code, "delivery_gone")
        self.assertEqual(delivery.street, "1 Main Rd")

    def test_a_deleted_customer_takes_its_address_along(self):
        self.bring(both(1))
        self.partner(1).unlink()
        self.env.invalidate_all()
        line = self.bring(both(1, "Again"))
        self.assertEqual(line.code, "record_deleted")
        line.action_retry()
        self.assertEqual(self.children(1).street, "1 Main Rd")

    def test_a_deleted_customer_whose_street_address_went_meanwhile(self):
        self.bring(both(1))
        self.partner(1).unlink()
        self.env.invalidate_all()
        self.bring(both(1, street=None)).action_retry()
        self.assertTrue(self.partner(1))
        self.assertFalse(self.children(1) | self.delivery(1))

    def test_an_address_that_is_here_already_is_linked(self):
        partner = self.env["res.partner"].create(
            {"name": "Mine", "ref": contact(1)["ContactID"]}
        )
        here = self.env["res.partner"].create(
            {
                "parent_id": partner.id,
                "type": "delivery",
                "street": "1  MAIN rd",
                "zip": "3330",
                "city": "Taupo town",
            }
        )
        self.bring(both(1))
        self.assertEqual(self.delivery(1), here)
        self.assertEqual(self.children(1), here)
        self.assertEqual(here.city, "Taupo town", "what people typed stays")
        self.assertEqual(here.country_id.code, "NZ")
        self.bring(both(1, street=self.street("2 High St", City="Napier")))
        self.assertEqual(here.city, "Taupo town")

    def test_an_archived_address_gives_way_to_an_active_one(self):
        partner = self.env["res.partner"].create(
            {"name": "Mine", "ref": contact(1)["ContactID"]}
        )
        place = {"parent_id": partner.id, "type": "delivery"}
        place |= {"street": "1 Main Rd", "zip": "3330"}
        _old, new = self.env["res.partner"].create([place | {"active": False}, place])
        self.bring(both(1))
        self.assertEqual(self.delivery(1), new)

    def test_individuals_too(self):
        self.bring(both(1, "Ann Lee", FirstName="Ann", LastName="Lee"))
        self.assertFalse(self.partner(1).is_company)
        self.assertEqual(self.children(1).type, "delivery")
        self.bring(
            both(1, "Ann Lee", FirstName="Ann", LastName="Lee", Phones=[phone()])
        )
        self.assertEqual(len(self.children(1)), 1)

    def test_persons_are_left_alone(self):
        ann = person("Ann", "Lee")
        self.bring(both(1, ContactPersons=[ann]))
        persons = self.persons(1).partner_id
        self.assertEqual(persons.street, "PO Box 1")
        self.bring(both(1, street=self.street("2 High St"), ContactPersons=[ann]))
        self.assertEqual(persons.street, "PO Box 1")
        self.assertEqual(self.children(1) - persons, self.delivery(1))

    def test_odoos_own_copying_of_addresses_goes_on(self):
        self.bring(both(1, ContactPersons=[person("Ann", "Lee")]))
        ann = self.persons(1).partner_id
        self.partner(1).street = "PO Box 2"
        self.assertEqual(ann.street, "PO Box 2")
        self.assertEqual(self.delivery(1).street, "1 Main Rd")
        self.delivery(1).street = "gate 4"
        self.assertEqual(self.partner(1).street, "PO Box 2")

    def test_one_that_is_unlinked_and_imported_again(self):
        self.bring(both(1))
        delivery = self.delivery(1)
        self.mirror(1).action_unlink_record()
        self.assertFalse(self.delivery(1))
        self.bring(both(1, street=self.street("2 High St")))
        self.assertEqual(delivery.street, "1 Main Rd")
        self.bring(both(1))
        self.mirror(1).action_import_again()
        self.env.invalidate_all()
        self.assertEqual(self.delivery(1), delivery)
        self.assertEqual(self.children(1), delivery)

    def test_two_customers_that_are_merged_in_odoo(self):
        self.bring(both(1), both(2, street=self.street("2 High St")))
        first, second = self.delivery(1), self.delivery(2)
        pair = self.partner(1) | self.partner(2)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            pair.ids, self.partner(1)
        )
        self.env.invalidate_all()
        self.bring(both(1, "New"), both(2, "Other", street=self.street("3 Low St")))
        self.assertEqual(self.children(1), first | second)
        self.assertRecordValues(
            first | second, [{"street": "1 Main Rd"}, {"street": "2 High St"}]
        )

    def test_an_unknown_country_is_told_once(self):
        atlantis = {"Country": "Atlantis"}
        lines = self.bring(both(1, street=STREET | atlantis))
        self.assertEqual(lines.mapped("code"), ["country_unknown"])
        self.assertEqual(self.delivery(1).city, "Taupo")
        twice = [POSTAL | atlantis, STREET | atlantis]
        lines = self.bring(contact(2, Addresses=twice))
        self.assertEqual(lines.mapped("code"), ["country_unknown"])

    def test_only_what_the_import_maps(self):
        lines = self.companies.mapping_ids
        lines.filtered(lambda line: line.target_field == "zip").unlink()
        self.bring(both(1))
        self.assertRecordValues(
            self.delivery(1), [{"street": "1 Main Rd", "zip": False, "phone": False}]
        )

    def test_not_where_the_import_does_not_want_them(self):
        self.companies.delivery_addresses = False
        self.bring(both(1))
        self.assertFalse(self.children(1))
        self.assertTrue(self.partner(1))

    def test_import_makes_it_with_the_customer_and_changes_nothing_later(self):
        self.companies.mode = "import"
        self.bring(both(1), both(2, street=None))
        self.assertEqual(self.delivery(1).street, "1 Main Rd")
        self.bring(both(1, street=self.street("2 High St")), both(2))
        self.assertEqual(self.delivery(1).street, "1 Main Rd")
        self.assertFalse(self.children(2))

    def test_update_makes_none(self):
        self.bring(both(1), both(2, street=None))
        self.companies.mode = "update"
        self.bring(both(1, street=self.street("2 High St")), both(2))
        self.assertEqual(self.delivery(1).street, "2 High St")
        self.assertFalse(self.children(2))

    def test_a_contact_that_does_not_lead_has_none(self):
        self.companies.mapping_ids.filtered("is_key").source_fields = "AccountNumber"
        self.bring(
            both(1, AccountNumber="A"),
            both(2, street=self.street("2 High St"), AccountNumber="A"),
        )
        self.assertEqual(self.partner(1), self.partner(2))
        self.assertEqual(self.children(1), self.delivery(1))
        self.assertFalse(self.delivery(2))

    def test_one_that_is_refused_holds_up_no_other(self):
        self.refuse(lambda values: values.get("street") == "9 Bad St")
        lines = self.bring(
            *(both(n) for n in range(1, 5)),
            both(5, street=self.street("9 Bad St")),
            *(both(n) for n in range(6, 9)),
        )
        self.assertEqual(lines.mapped("code"), ["value_refused"])
        for number in (1, 2, 3, 4, 6, 7, 8):
            self.assertEqual(self.delivery(number).street, "1 Main Rd")
        self.assertRecordValues(self.delivery(5), [{"street": False, "zip": "3330"}])

    def test_one_that_is_refused_whole_is_told_with_its_customer(self):
        self.refuse(lambda values: values.get("type") == "delivery")
        line = self.bring(both(1))
        self.assertEqual((line.code, line.outcome), ("delivery_refused", "created"))
        self.assertIn("Not here", line.reason)
        self.assertTrue(self.partner(1))
        self.assertFalse(self.mirror(1).delivery_state)

    def test_the_tax_number_stays_the_companys(self):
        belgium = {**POSTAL, "Country": "Belgium"}
        street = {**STREET, "Country": "Australia"}
        vat = {"TaxNumber": "BE0477472701"}
        lines = self.bring(contact(1, Addresses=[belgium, street], **vat))
        self.assertFalse(lines)
        self.assertEqual(self.partner(1).vat, "BE0477472701")
        self.assertEqual(self.delivery(1).country_id.code, "AU")
        street["Country"] = "New Zealand"
        self.assertFalse(self.bring(contact(1, Addresses=[belgium, street], **vat)))
        self.assertEqual(self.partner(1).vat, "BE0477472701")
        self.assertEqual(self.delivery(1).country_id.code, "NZ")

    def test_the_same_again_writes_nothing(self):
        self.bring(*(both(n) for n in range(20)))
        self.companies.position = 0
        self.env.flush_all()
        with self.count_partner_writes() as written:
            self.assertFalse(self.import_all())
        self.assertFalse(written)
        self.assertEqual(self.sync_run.unchanged_count, 20)

    def test_what_does_not_change_costs_the_same_for_many(self):
        def cost(count):
            self.companies.position = 0
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.import_all(self.companies)
            return self.env.cr.sql_log_count - before

        self.bring(both(1), both(2))
        cost(2)
        few = cost(2)
        self.bring(*(both(n) for n in range(3, 60)))
        self.assertLessEqual(cost(59), few + 2)

    def test_hostile_addresses(self):
        for number, addresses in enumerate(
            (
                None,
                "nonsense",
                [None, 3, "x"],
                [{"AddressType": None, "AddressLine1": "x"}],
                [POSTAL, {"AddressType": "STREET", "AddressLine1": 5}],
                [POSTAL, {"AddressType": "STREET", "AddressLine1": "\x01 \u202e<b>"}],
                [POSTAL, STREET | {"AddressLine1": "x" * 600, "Country": ["NZ"]}],
                [POSTAL, POSTAL, STREET, STREET | {"City": "Other"}],
            ),
            start=1,
        ):
            with self.subTest(addresses=addresses):
                self.bring(contact(number, Addresses=addresses))
                self.assertTrue(self.partner(number))
                self.assertLessEqual(len(self.children(number)), 1)
