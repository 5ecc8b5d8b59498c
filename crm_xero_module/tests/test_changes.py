# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError

from odoo.addons.crm_xero_module.services.to_xero.changes import (
    contact_changed,
    queue_changes,
    settle_update,
)

from .common import READ_AT, XeroCase, address, contact, person, phone


class BothWaysCase(XeroCase):
    """Customers whose changes go to Xero."""

    back = {
        "name": "xero",
        "street": "crm",
        "street2": "crm",
        "city": "crm",
        "zip": "crm",
        "country_id": "crm",
        "state_id": "crm",
        "phone": "ask",
        "vat": "crm",
    }
    back_of_persons = {
        "xero_first_name": "crm",
        "xero_last_name": "crm",
        "email": "crm",
        "xero_mobile": "crm",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.sudo().write(
            {
                "with_writing": True,
                "granted_features": ["contacts", "contacts_write"],
                "direction": "both",
                "changes_seen_at": fields.Datetime.now() - timedelta(hours=1),
            }
        )
        cls.set_back(cls.companies, **cls.back)
        cls.set_back(cls.contacts, **cls.back_of_persons)

    @classmethod
    def set_back(cls, profile, **back):
        for line in profile.mapping_ids:
            if line.target_field in back:
                line.back = back[line.target_field]

    @property
    def entries(self):
        return self.env["xero.outbox"].sudo().search([("kind", "=", "update_contact")])

    def queue(self):
        """The entries that are waiting after a pass of the way back."""
        self.env.flush_all()
        queue_changes(self.connection.sudo())
        self.env.invalidate_all()
        return self.entries.filtered(lambda entry: entry.state == "waiting")

    def settle(self, entry, answer, read_at=READ_AT):
        """Let Xero answer an entry with this record, and take it over."""
        entry.write({"state": "answered", "record": answer, "read_at": read_at})
        self.land(answer, read_at=read_at)
        settle_update(entry)
        self.import_all()
        entry.write({"state": "done", "record": False})
        self.env.invalidate_all()

    def later(self, **values):
        """Values of a contact that was changed in Xero after the usual time."""
        return {"UpdatedDateUTC": "/Date(1763719200000+0000)/", **values}


class TestChanges(BothWaysCase):
    def bring_one(self, **values):
        values.setdefault(
            "Addresses", [address(City="Wellington", Country="New Zealand")]
        )
        values.setdefault("Phones", [phone(number="555 1234", area="9", country="64")])
        self.bring(contact(1, "Bayside Club", TaxNumber="49098576", **values))
        return self.partner(1)

    def test_nothing_changed_sends_nothing(self):
        self.bring_one()
        self.assertFalse(self.queue())

    def test_a_changed_field_goes_with_its_whole_row(self):
        partner = self.bring_one()
        partner.street = "2 Side Street"
        entry = self.queue()
        self.assertEqual(
            entry.body,
            {
                "Addresses": [
                    {
                        "AddressType": "POBOX",
                        "AddressLine1": "2 Side Street",
                        "City": "Wellington",
                        "Country": "New Zealand",
                    }
                ]
            },
        )
        self.assertEqual(entry.seen, "/Date(1763632800000+0000)/")
        self.assertEqual(entry.partner_id, partner)

    def test_a_field_that_does_not_go_back_stays(self):
        self.bring_one().website = "https://bayside.example"
        self.assertFalse(self.queue())

    def test_one_entry_made_again_while_it_waits(self):
        partner = self.bring_one()
        partner.street = "2 Side Street"
        entry = self.queue()
        partner.city = "Auckland"
        self.assertEqual(self.queue(), entry)
        [row] = entry.body["Addresses"]
        self.assertEqual(
            (row["AddressLine1"], row["City"]), ("2 Side Street", "Auckland")
        )

    def test_what_was_taken_back_is_not_sent(self):
        partner = self.bring_one()
        partner.street = "2 Side Street"
        entry = self.queue()
        partner.street = "1 Main Road"
        self.assertFalse(self.queue())
        self.assertEqual((entry.state, entry.code), ("cancelled", "nothing_to_send"))

    def test_no_echo_where_xero_writes_it_otherwise(self):
        partner = self.bring_one()
        partner.phone = "+64 9 555 9999"
        entry = self.queue()
        self.assertEqual(
            entry.body["Phones"],
            [
                {
                    "PhoneType": "DEFAULT",
                    "PhoneCountryCode": "64",
                    "PhoneAreaCode": "9",
                    "PhoneNumber": "555 9999",
                }
            ],
        )
        answer = contact(
            1,
            "Bayside Club",
            TaxNumber="49098576",
            Addresses=[address(City="Wellington", Country="New Zealand")],
            Phones=[phone(number="555 9999", area="9", country="64")],
            **self.later(),
        )
        self.settle(entry, answer)
        self.assertEqual(partner.phone, "+64 9 555 9999")
        self.assertFalse(self.queue())
        self.bring(answer, read_at=READ_AT + timedelta(hours=1))
        self.assertEqual(partner.phone, "+64 9 555 9999")
        self.assertFalse(self.queue())

    def test_a_number_written_otherwise_is_the_same(self):
        partner = self.bring_one()
        partner.phone = "+64 9-555 1234"
        self.assertFalse(self.queue())

    def test_an_edit_during_the_send_goes_next(self):
        partner = self.bring_one()
        partner.street = "2 Side Street"
        entry = self.queue()
        entry.write({"attempts": 1, "may_have_arrived": True})
        partner.street = "3 Back Lane"
        self.assertEqual(self.queue(), entry)
        self.assertEqual(entry.body["Addresses"][0]["AddressLine1"], "2 Side Street")
        entry.may_have_arrived = False
        answer = contact(
            1,
            "Bayside Club",
            TaxNumber="49098576",
            Addresses=[
                address(line1="2 Side Street", City="Wellington", Country="New Zealand")
            ],
            Phones=[phone(number="555 1234", area="9", country="64")],
            **self.later(),
        )
        self.settle(entry, answer)
        self.assertEqual(partner.street, "3 Back Lane")
        entry = self.queue()
        self.assertEqual(entry.body["Addresses"][0]["AddressLine1"], "3 Back Lane")
        self.assertEqual(entry.seen, answer["UpdatedDateUTC"])

    def test_what_is_under_way_is_not_taken_for_changed_in_both(self):
        partner = self.bring_one()
        partner.phone = "+64 9 555 9999"
        entry = self.queue()
        entry.write({"attempts": 1, "may_have_arrived": True})
        answer = contact(
            1,
            "Bayside Club",
            TaxNumber="49098576",
            Addresses=[address(City="Wellington", Country="New Zealand")],
            Phones=[phone(number="555 9998", area="9", country="64")],
            **self.later(),
        )
        self.assertFalse(self.bring(answer))
        self.assertEqual(partner.phone, "+64 9 555 9999")

    def test_persons_go_all_together(self):
        self.bring(
            contact(
                1,
                "Bayside Club",
                FirstName="Ann",
                LastName="Ash",
                EmailAddress="ann@bayside.example",
                ContactPersons=[
                    person("Bob", "Bay", "bob@bayside.example"),
                    person("", "", "office@bayside.example"),
                ],
            )
        )
        bob = self.persons(1).filtered(lambda row: row.position == 1).partner_id
        bob.email = "robert@bayside.example"
        entry = self.queue()
        self.assertEqual(
            entry.body,
            {
                "ContactPersons": [
                    person("Bob", "Bay", "robert@bayside.example"),
                    person("", "", "office@bayside.example"),
                ]
            },
        )

    def test_a_persons_whole_name_is_taken_apart(self):
        self.bring(contact(1, "Bayside Club", FirstName="Ann", LastName="Ash"))
        ann = self.persons(1).partner_id
        ann.name = "Ann van Beek"
        entry = self.queue()
        self.assertEqual(entry.body, {"LastName": "van Beek"})
        self.settle(
            entry,
            contact(
                1, "Bayside Club", FirstName="Ann", LastName="van Beek", **self.later()
            ),
        )
        self.assertEqual(ann.xero_last_name, "van Beek")
        self.assertFalse(self.queue())

    def test_one_human_stays_one(self):
        self.bring(contact(1, "Ann Ash", FirstName="Ann", LastName="Ash"))
        ann = self.partner(1)
        ann.name = "Ann Beek"
        entry = self.queue()
        self.assertEqual(entry.body, {"LastName": "Beek", "Name": "Ann Beek"})
        self.settle(
            entry,
            contact(1, "Ann Beek", FirstName="Ann", LastName="Beek", **self.later()),
        )
        self.assertEqual(ann.name, "Ann Beek")
        self.assertFalse(self.queue())

    def test_blanks_only_where_chosen(self):
        partner = self.bring_one()
        partner.vat = False
        self.assertFalse(self.queue())
        self.companies.blanks_overwrite = True
        partner.city = False
        entry = self.queue()
        self.assertEqual(entry.body["TaxNumber"], "")
        self.assertEqual(entry.body["Addresses"][0]["City"], "")

    def test_a_country_goes_as_xero_writes_it(self):
        partner = self.bring_one()
        partner.country_id = self.env.ref("base.ci")
        self.assertEqual(self.queue().body["Addresses"][0]["Country"], "CI")
        partner.country_id = self.env.ref("base.ws")
        self.assertEqual(self.queue().body["Addresses"][0]["Country"], "Samoa")

    def test_archived_and_merged_contacts_are_left_alone(self):
        partner = self.bring_one()
        self.bring(
            contact(1, "Bayside Club", ContactStatus="ARCHIVED"),
            read_at=READ_AT + timedelta(minutes=1),
        )
        partner.street = "2 Side Street"
        self.assertFalse(self.queue())

    def test_only_the_leading_contact_goes(self):
        partner = self.bring_one()
        self.bring(contact(2, "Bayside Club Ltd"))
        row = self.mirror(2)
        row.partner_id.unlink()
        row.sudo().write(
            {"partner_id": partner.id, "link_state": "linked", "is_leading": False}
        )
        partner.street = "2 Side Street"
        self.assertEqual(self.queue().contact_id, self.mirror(1))

    def test_one_way_sends_nothing(self):
        partner = self.bring_one()
        self.connection.sudo().direction = "from_xero"
        partner.street = "2 Side Street"
        self.assertFalse(self.queue())

    def test_what_xero_would_refuse_waits_for_a_person(self):
        partner = self.bring_one()
        partner.city = "<Wellington>"
        self.assertFalse(self.queue())
        entry = self.entries
        self.assertEqual((entry.state, entry.code), ("failed", "angle_brackets"))
        partner.city = "Wellington Central"
        self.assertEqual(self.queue(), entry)

    def test_xero_wins_where_both_changed(self):
        partner = self.bring_one()
        partner.name = "Bayside Here"
        self.bring(contact(1, "Bayside There", **self.later()))
        self.assertEqual(partner.name, "Bayside There")
        self.assertFalse(self.queue())

    def test_the_crm_wins_where_both_changed(self):
        partner = self.bring_one()
        partner.vat = "136410132"
        self.bring(
            contact(1, "Bayside Club", TaxNumber="49091850", **self.later()),
            read_at=READ_AT + timedelta(minutes=1),
        )
        self.assertEqual(partner.vat, "136410132")
        self.assertEqual(self.queue().body, {"TaxNumber": "136410132"})

    def test_changed_meanwhile_is_built_again(self):
        partner = self.bring_one()
        partner.write({"vat": "136410132", "name": "Bayside Here"})
        entry = self.queue()
        self.assertEqual(entry.body, {"Name": "Bayside Here", "TaxNumber": "136410132"})
        self.bring(contact(1, "Bayside There", TaxNumber="49098576", **self.later()))
        contact_changed(entry)
        self.assertEqual(entry.body, {"TaxNumber": "136410132"})
        self.assertEqual(entry.seen, self.later()["UpdatedDateUTC"])
        self.assertEqual(entry.state, "waiting")
        self.bring(
            contact(1, "Bayside There", TaxNumber="136410132", **self.later()),
            read_at=READ_AT + timedelta(minutes=1),
        )
        contact_changed(entry)
        self.assertEqual((entry.state, entry.code), ("cancelled", "nothing_to_send"))

    def test_a_look_costs_the_same_whatever_there_is(self):
        def bring(numbers):
            self.bring(
                *(
                    contact(
                        number,
                        FirstName="Ann",
                        LastName=f"Ash {number}",
                        Addresses=[address(City="Wellington")],
                        ContactPersons=[person("Bob", f"Bay {number}")],
                    )
                    for number in numbers
                )
            )
            self.queue()

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            queue_changes(self.connection.sudo())
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        bring(range(1, 4))
        few = cost()
        bring(range(4, 120))
        self.assertFalse(self.entries)
        self.assertEqual(cost(), few)
        self.assertLess(few, 40)

    def test_a_tax_number_that_odoo_writes_otherwise(self):
        if not hasattr(self.partners, "_run_vat_checks"):
            self.skipTest("Odoo checks tax numbers with base_vat only.")
        place = [address(Country="Belgium")]
        self.bring(contact(1, TaxNumber="be 0477.472.701", Addresses=place))
        partner = self.partner(1)
        self.assertFalse(self.queue())
        partner.vat = "BE 0403.199.702"
        entry = self.queue()
        self.assertEqual(entry.body, {"TaxNumber": partner.vat})
        answer = contact(1, TaxNumber="0403 199 702", Addresses=place, **self.later())
        self.settle(entry, answer)
        held = partner.vat
        self.bring(answer, read_at=READ_AT + timedelta(hours=1))
        self.assertEqual(partner.vat, held)
        self.assertFalse(self.queue())


class TestBack(BothWaysCase):
    """Which lines of an import can go back to Xero."""

    def refused(self, profile, field, **values):
        line = profile.mapping_ids.filtered(lambda line: line.target_field == field)
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            line.write({"back": "xero", **values})
        return caught.exception.args[0]

    def test_what_cannot_go_back(self):
        companies = self.companies
        self.assertIn(
            "can only be read",
            self.refused(companies, "phone", source_fields="WebSite,Phone"),
        )
        self.assertIn("nobody change", self.refused(companies, "website"))
        self.assertIn("The key", self.refused(companies, "ref", policy="follow"))
        self.assertIn(
            "follows Xero",
            self.refused(companies, "fax", policy="on_create")
            if "fax" in companies.mapping_ids.mapped("target_field")
            else self.refused(companies, "xero_fax", policy="on_create"),
        )
        self.assertIn("Products", self.refused(self.products, "name"))
        self.assertIn("company", self.refused(self.contacts, "parent_id"))

    def test_import_alone_never_goes_both_ways(self):
        with self.assertRaises(ValidationError) as caught:
            self.companies.mode = "import"
        self.assertIn("never changes", caught.exception.args[0])

    def test_a_legal_name_that_xero_does_not_have_is_in_nobodys_way(self):
        line = self.companies.mapping_ids.filtered(
            lambda line: line.target_field == "name"
        )
        line.source_fields = "LegalName,Name"
        self.bring(contact(1, "Bayside Club"))
        self.partner(1).name = "Bayside"
        self.assertEqual(self.queue().body, {"Name": "Bayside"})

    def test_all_lines_that_can_at_once(self):
        self.companies.mapping_ids.back = "no"
        self.companies.mapping_ids.with_context(
            profile_id=self.companies.id
        ).browse().action_send_usual_back()
        backs = {line.target_field: line.back for line in self.companies.mapping_ids}
        self.assertEqual(backs["street"], "xero")
        self.assertEqual((backs["ref"], backs["website"]), ("no", "no"))

    def test_shown_only_where_it_goes_both_ways(self):
        self.assertTrue(self.companies.goes_both_ways)
        self.assertFalse(self.products.goes_both_ways)
        self.connection.sudo().direction = "from_xero"
        self.assertFalse(self.companies.goes_both_ways)


class TestBothChanged(BothWaysCase):
    def setUp(self):
        super().setUp()
        self.bring(contact(1, "Bayside Club", Phones=[phone(number="1")]))
        self.bayside = self.partner(1)
        self.bayside.phone = "2"
        self.line = self.bring(
            contact(1, "Bayside Club", Phones=[phone(number="3")], **self.later())
        )

    def test_neither_goes_and_a_person_is_asked(self):
        self.assertRecordValues(
            self.line,
            [
                {
                    "code": "both_changed",
                    "outcome": "conflict",
                    "field_name": "phone",
                    "remedy_button": "decide",
                    "partner_id": self.bayside.id,
                }
            ],
        )
        self.assertIn("“2” here, “3” in Xero", self.line.reason)
        self.assertEqual(self.bayside.phone, "2")
        self.assertFalse(self.queue())

    def test_told_once(self):
        self.queue()
        self.queue()
        lines = self.env["xero.sync.line"].search([("code", "=", "both_changed")])
        self.assertEqual(lines, self.line)

    def test_take_xeros(self):
        self.line.action_take_xeros()
        self.assertEqual(self.bayside.phone, "3")
        self.assertEqual(self.line.state, "retried")
        self.assertFalse(self.queue())

    def test_send_ours(self):
        self.line.action_send_ours()
        self.assertEqual(self.line.state, "retried")
        entry = self.queue()
        self.assertEqual(entry.body["Phones"][0]["PhoneNumber"], "2")
        self.assertEqual(self.bayside.phone, "2")

    def test_ignored_is_asked_no_more_of_this_field(self):
        self.line.action_ignore()
        self.assertFalse(
            self.bring(
                contact(1, "Bayside Club", Phones=[phone(number="4")], **self.later()),
                read_at=READ_AT + timedelta(minutes=1),
            )
        )
