# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tools import SQL

from odoo.addons.crm_xero_module.services.imports.plan import Planner

from .common import READ_AT, XeroCase, contact, person, phone, xero_id


class TestMirror(XeroCase):
    """Xero's contacts in the mirror."""

    def test_columns_hold_what_xero_says(self):
        self.land(
            contact(
                1,
                AccountNumber="A-1",
                TaxNumber="123",
                EmailAddress="info@club.nz",
                MergedToContactID=xero_id(2),
                DefaultCurrency="NZD",
                Balances={
                    "AccountsReceivable": {"Outstanding": "849.50", "Overdue": 12}
                },
                Phones=[phone("MOBILE", "3")],
            )
        )
        self.assertRecordValues(
            self.mirror(1),
            [
                {
                    "name": "Company 1",
                    "account_number": "A-1",
                    "tax_number": "123",
                    "email": "info@club.nz",
                    "merged_to": xero_id(2),
                    "default_currency": "NZD",
                    "receivable_outstanding": 849.5,
                    "receivable_overdue": 12.0,
                    "mobile": "3",
                    "is_customer": True,
                    "is_supplier": False,
                    "archived": False,
                    "link_state": "unlinked",
                    "company_id": self.connection.company_id.id,
                }
            ],
        )
        self.assertEqual(str(self.mirror(1).updated_at), "2025-11-20 10:00:00")
        self.assertEqual(
            self.mirror(1).payload["Balances"]["AccountsReceivable"],
            {"Outstanding": "849.50", "Overdue": 12},
        )

    def test_hostile_values_land(self):
        hostile = {
            1: "<script>alert(1)</script>",
            2: '=HYPERLINK("http://x")',
            3: "שלום \u202eabc",
            4: "\U0001f600" * 250,
            5: "%s %(name)s {0} \\ ' \" ; DROP TABLE res_partner",
            6: "x" * 500,
        }
        self.bring(*[contact(n, name) for n, name in hostile.items()])
        for n, name in hostile.items():
            self.assertEqual(self.mirror(n).name, name)
            self.assertEqual(self.partner(n).name, name)

    def test_unknown_and_missing_members(self):
        odd = {
            "ContactID": xero_id(1),
            "ContactStatus": "HIBERNATING",
            "Name": None,
            "Phones": None,
            "Addresses": {},
            "ContactPersons": ["x", None],
            "Balances": 5,
            "UpdatedDateUTC": "/Date(0+0000)/",
            "IsCustomer": "true",
            "Novelty": {"deep": [1]},
        }
        self.land(odd)
        self.assertRecordValues(
            self.mirror(1),
            [{"status": "HIBERNATING", "is_customer": True, "archived": False}],
        )
        self.assertEqual(self.mirror(1).payload["Novelty"], {"deep": [1]})

    def test_a_record_without_an_id_is_told(self):
        landed = self.land({"Name": "Lost"}, contact(1), contact(1, "Later"))
        self.assertEqual(landed.seen, 1)
        self.assertEqual([lost["Name"] for lost in landed.unusable], ["Lost"])
        self.assertEqual(self.mirror(1).name, "Later")

    def test_what_was_read_earlier_does_not_go_over_what_is_newer(self):
        self.land(contact(1, "New"))
        landed = self.land(contact(1, "Old"), read_at=READ_AT - timedelta(minutes=1))
        self.assertEqual(landed.changed, 0)
        self.assertEqual(self.mirror(1).name, "New")

    def test_only_what_differs_takes_a_number(self):
        self.land(contact(1), contact(2))
        before = self.mirror(1).change_seq, self.mirror(2).change_seq
        landed = self.land(contact(1), contact(2, "Changed"))
        self.assertEqual(landed.changed, 1)
        self.assertEqual(self.mirror(1).change_seq, before[0])
        self.assertGreater(self.mirror(2).change_seq, max(before))

    def test_the_same_page_again_costs_one_query(self):
        page = [contact(n, ContactPersons=[person("A", "B")]) for n in range(500)]
        self.land(*page)
        with self.assertQueryCount(1):
            self.land(*page)

    def test_a_page_costs_the_same_whatever_is_in_it(self):
        self.env.flush_all()
        with self.assertQueryCount(6):
            self.land(*[contact(n, FirstName="A", LastName="B") for n in range(500)])

    def test_links_stay_when_xero_changes(self):
        self.bring(contact(1))
        partner = self.partner(1)
        self.land(contact(1, "Changed"))
        self.assertEqual(self.mirror(1).partner_id, partner)
        self.assertEqual(self.mirror(1).link_state, "linked")


class TestConstantQueries(XeroCase):
    """The cost of a batch does not grow with what is in it."""

    def test_a_plan_of_500_unchanged_contacts(self):
        self.bring(
            *[
                contact(n, Phones=[phone()], Website=f"w{n}.nz", TaxNumber=f"{n}")
                for n in range(500)
            ]
        )
        counts = []
        for limit in (10, 10, 500):  # the first fills Odoo's own caches
            planner = Planner(self.companies, self.env)
            rows = planner.rows(SQL("TRUE"), limit)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            items = planner.plan(rows)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual({item.action for item in items}, {"unchanged"})
            self.assertEqual(len(items), limit)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 4)

    def test_a_batch_of_500_unchanged_contacts(self):
        self.bring(*[contact(n, Phones=[phone()]) for n in range(500)])
        self.companies.position = 0
        self.env.flush_all()
        with self.count_partner_writes() as written:
            before = self.cr.sql_log_count
            self.import_all(self.companies)
        self.assertEqual(written, [])
        self.assertLessEqual(self.cr.sql_log_count - before, 40)
