# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.crm_xero_module.services.imports.run import ImportRun
from odoo.addons.crm_xero_module.services.matching.accept import link
from odoo.addons.crm_xero_module.services.sales.overdue_activities import tell_overdue

from .books import invoice, item, land, line
from .common import contact, phone, xero_id
from .outbox import OutboxCase
from .owing import OwingCase
from .rights import GROUPS
from .test_rights_models import DIALOGS, MODELS

# In all that one organisation says: nobody of the other company may come across it.
MARKS = {"a": "Aqqzorg", "b": "Bqqzorg"}
OWED = {"a": 111.11, "b": 222.22}
CURRENCIES = {"a": "NZD", "b": "USD"}
SHARED = 1


class CompaniesCase(OutboxCase, OwingCase):
    """Two companies with an organisation each, in two currencies; a customer that both
    have; and users of the one, of the other, and of both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.env["res.company"].sudo()
        cls.company = {
            "a": cls.connection.company_id,
            "b": companies.create({"name": "Company B"}),
        }
        cls.env.user.sudo().company_ids |= cls.company["b"]
        for key, company in cls.company.items():
            company.sudo().currency_id = {"a": cls.nzd, "b": cls.usd}[key]
        remote = {**cls.connector.connection(), "id": "connection-b"}
        remote["organisation"] = {"id": "tenant-b", "name": MARKS["b"]}
        other = cls.env["xero.connection"].with_company(cls.company["b"]).create({})
        other._set_connected(remote)
        other.sudo().matching = "none"
        cls.connections = {"a": cls.connection, "b": other}
        for key, connection in cls.connections.items():
            connection.sudo().write(
                {
                    "name": MARKS[key],
                    "base_currency": CURRENCIES[key],
                    "timezone": "UTC",
                    "with_writing": True,
                    "granted_features": cls.connection.granted_features,
                }
            )
        cls.users = {
            "a": cls.user_of("a"),
            "b": cls.user_of("b"),
            "both": cls.user_of("a", "b"),
        }

    @classmethod
    def user_of(cls, *keys):
        ids = [cls.company[key].id for key in keys]
        return new_test_user(
            cls.env,
            f"user_{'_'.join(keys)}",
            groups=GROUPS["administrator"],
            company_id=ids[0],
            company_ids=[(6, 0, ids)],
        )

    def setUp(self):
        super().setUp()
        for key in self.connections:
            self.fill(key)

    def fill(self, key):
        """The same customer, item and invoice number in each organisation, with names
        and amounts of their own."""
        mark, connection = MARKS[key], self.connections[key].sudo()
        shelf = item(1, Code=f"{mark}-1", Name=f"{mark} shelf")
        known = {"ContactID": xero_id(SHARED), "Name": mark}
        land(
            connection,
            contact(SHARED, "Shared Club" if key == "a" else mark, Phones=[phone()]),
            shelf,
            invoice(
                1,
                SHARED,
                [line(price=OWED[key], item=shelf)],
                day=str(self.today - timedelta(days=40)),
                due=str(self.today - timedelta(days=10)),
                Contact=known,
                CurrencyCode=CURRENCIES[key],
            ),
        )
        self.import_of(key)
        self.figures(self.contact_of(key), self.connections[key]).write(
            {
                "stale": False,
                "day": self.today,
                "overdue": OWED[key],
                "outstanding": OWED[key],
                "overdue_count": 1,
                "open_count": 1,
                "invoice_count": 1,
                "oldest_due": self.today - timedelta(days=10),
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def import_of(self, key):
        connection = self.connections[key]
        run = connection.sudo()._run_of(f"sync-{key}")
        for profile in connection.sudo()._auto_profiles():
            while ImportRun(profile, run).run_next_batch():
                pass
        self.env.invalidate_all()
        return run.line_ids

    def contact_of(self, key, number=SHARED):
        return (
            self.env["xero.contact"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", self.connections[key].id),
                    ("xero_id", "=", xero_id(number)),
                ]
            )
        )

    def env_of(self, user, *keys):
        """The environment of a user who has these companies switched on."""
        ids = [self.company[key].id for key in keys]
        self.env.invalidate_all()
        context = {"allowed_company_ids": ids, "lang": "en_US"}
        return self.env(user=self.users[user], context=context)

    @property
    def shared(self):
        return self.contact_of("a").partner_id


class TestCompaniesApart(CompaniesCase):
    """Nothing of one company's organisation is seen or added up for another."""

    # Who, with which companies switched on, sees whose.
    VIEWS = (
        ("a", "a", {"a"}),
        ("b", "b", {"b"}),
        ("both", "a", {"a"}),
        ("both", "b", {"b"}),
        ("both", "ab", {"a", "b"}),
    )

    def views(self):
        for user, switched_on, seen in self.VIEWS:
            with self.subTest(user=user, companies=switched_on):
                yield self.env_of(user, *switched_on), seen

    def assertTold(self, told, seen, what):
        """Of each organisation that is seen, and of no other."""
        for key, mark in MARKS.items():
            if key not in seen:
                self.assertNotIn(mark, str(told), what)
                self.assertNotIn(str(OWED[key]), str(told), what)

    def test_one_customer_is_linked_by_both(self):
        self.assertEqual(self.contact_of("b").partner_id, self.shared)
        self.assertFalse(self.shared.company_id)
        leading = [self.contact_of(key).is_leading for key in ("a", "b")]
        self.assertEqual(leading, [True, False], "one feeds its fields")
        self.assertEqual(self.shared.name, "Shared Club")

    def test_each_company_sees_its_own_figures_of_a_shared_customer(self):
        for env, seen in self.views():
            partner = self.shared.with_env(env)
            first = CURRENCIES["a" if "a" in seen else "b"]
            self.assertEqual(partner.xero_currency, first)
            own = "a" if "a" in seen else "b"
            self.assertEqual(partner.xero_owed, OWED[own], "no sum over currencies")
            self.assertEqual(partner.xero_overdue_count, len(seen))
            beside = partner.xero_amounts["beside"]["xero_owed"]
            self.assertEqual(beside, {"USD": OWED["b"]} if len(seen) > 1 else {})
            self.assertEqual(partner.xero_contact_count, len(seen))

    def test_what_the_customers_tab_asks_for(self):
        for env, seen in self.views():
            partner = self.shared.with_env(env)
            for method in (
                "xero_sheet",
                "xero_sales_by_month",
                "xero_most_bought",
                "xero_last_invoices",
                "xero_on_its_way",
                "xero_changed_here",
            ):
                self.assertTold(getattr(partner, method)(), seen, method)
            self.assertEqual(len(partner.xero_sheet()), len(seen))
            self.assertEqual(len(partner.xero_last_invoices()), len(seen))
            linked = partner.xero_linked_contacts({"name": {}, "connection_id": {}})
            self.assertEqual(len(linked), len(seen))
            self.assertTold(linked, seen, "xero_linked_contacts")

    def test_finding_customers_by_their_figures(self):
        for env, seen in self.views():
            partners = env["res.partner"]
            for key in MARKS:
                domain = [("id", "=", self.shared.id), ("xero_owed", "=", OWED[key])]
                self.assertEqual(
                    partners.search_count(domain), int(key in seen), (key, seen)
                )

    def test_opportunities_products_and_cards(self):
        lead = self.opportunity(
            self.shared, company_id=False, user_id=False, team_id=False
        )
        self.assertFalse(lead.company_id)
        product = self.env["xero.item"].sudo().search([], limit=1).product_id
        self.assertTrue(product)
        for env, seen in self.views():
            banner = lead.with_env(env).xero_overdue_note
            self.assertTold(banner, seen, "xero_overdue_note")
            self.assertEqual(len(banner.splitlines()), len(seen))
            self.assertTold(product.with_env(env).xero_items, seen, "xero_items")
            cards = env["xero.connection"].search([])
            self.assertEqual(len(cards), len(seen))
            self.assertTold(cards.mapped("overview_sales"), seen, "overview_sales")

    def test_every_row_of_every_model(self):
        for model in MODELS:
            if model in DIALOGS:
                continue
            for env, seen in self.views():
                rows = env[model].with_context(active_test=False).search([])
                if "company_id" in rows._fields and model != "xero.audit":
                    companies = {self.company[key] for key in seen}
                    self.assertLessEqual(set(rows.sudo().company_id), companies)
                names = [
                    name
                    for name, field in rows._fields.items()
                    if rows._has_field_access(field, "read")
                ]
                self.assertTold(rows.read(names), seen, model)

    def test_no_id_of_another_company_is_read(self):
        for model in MODELS:
            rows = self.env[model].sudo().with_context(active_test=False).search([])
            if "company_id" not in rows._fields or model in DIALOGS:
                continue
            theirs = rows.filtered(lambda row: row.company_id == self.company["a"])
            stranger = self.env_of("b", "b")
            for name in ("display_name", "company_id", "connection_id"):
                if name not in rows._fields:
                    continue
                row = theirs[:1].with_env(stranger)
                self.assertFalse(self.told_by(row, name), (model, name))

    def told_by(self, row, name):
        """What reading a field tells; of a row of a view that is not there, nothing."""
        try:
            return [told[name] for told in row.read([name]) if told[name]]
        except UserError:
            return []

    def test_totals_and_groups(self):
        for env, seen in self.views():
            totals = env["xero.receivable"].read_totals([])
            codes = {row["currency_code"] for row in totals["rows"]}
            self.assertEqual(codes, {CURRENCIES[key] for key in seen})
            groups = env["xero.transaction"]._read_group(
                [], ["connection_id"], ["__count", "base_total:sum"]
            )
            self.assertEqual(len(groups), len(seen))
            [[total]] = env["xero.transaction"]._read_group([], [], ["base_total:sum"])
            if len(seen) > 1:
                self.assertFalse(total, "no sum over currencies")

    def test_the_receivables_of_an_earlier_day(self):
        for env, seen in self.views():
            rows = env["xero.receivable"].with_context(
                xero_day=str(self.today - timedelta(days=1))
            )
            self.assertTold(rows.search([]).read(), seen, "xero.receivable")

    def test_the_workbench_offers_its_own_organisations(self):
        for env, seen in self.views():
            told = env["xero.match"].load_matches(False, {})
            self.assertEqual(len(told["connections"]), len(seen))
            self.assertTold(told, seen, "load_matches")

    def test_what_is_told_when_both_are_linked(self):
        """The other company's contact leads: its name is not told."""
        mine = self.contact_of("b")
        env = self.env_of("b", "b")
        mine.with_env(env).action_unlink_record()
        mine.link_state = "unlinked"
        self.env.flush_all()
        answer = env["xero.match"].other(mine.id, self.shared.id)
        self.assertEqual(answer["refused"], [])
        self.assertIn("feeds the fields", answer["message"])
        self.assertNotIn(self.contact_of("a").display_name, answer["rows"][0]["text"])

    def test_an_activity_on_a_shared_record_tells_no_figures(self):
        company = self.company["a"]
        company.sudo().xero_overdue_activity = True
        self.shared.user_id = self.users["a"]
        tell_overdue(self.connections["a"].sudo())
        activity = (
            self.env["mail.activity"]
            .sudo()
            .search([("xero_contact_id", "=", self.contact_of("a").id)])
        )
        self.assertEqual(len(activity), 1)
        told = f"{activity.summary} {activity.note}"
        self.assertNotIn(str(OWED["a"]), told)
        self.assertNotIn(MARKS["a"], told)


class TestCompaniesWrite(CompaniesCase):
    """Nothing of one company's organisation is matched with, or written to, what is
    another company's."""

    def of_company(self, key, **values):
        company = self.company[key]
        return (
            self.env["res.partner"]
            .sudo()
            .create(
                {
                    "name": f"Only {key}",
                    "is_company": True,
                    "company_id": company.id,
                    **values,
                }
            )
        )

    def test_a_key_finds_no_customer_of_another_company(self):
        theirs = self.of_company("a", ref=xero_id(5))
        before = theirs.read(["name", "phone", "write_date"])
        land(self.connections["b"].sudo(), contact(5, MARKS["b"], Phones=[phone()]))
        self.import_of("b")
        self.env.flush_all()
        self.assertEqual(theirs.read(["name", "phone", "write_date"]), before)
        made = self.contact_of("b", 5).partner_id
        self.assertTrue(made)
        self.assertNotEqual(made, theirs)

    def test_a_linked_customer_that_moved_to_another_company(self):
        land(self.connections["a"].sudo(), contact(6, "Mover"))
        self.import_of("a")
        partner = self.contact_of("a", 6).partner_id
        partner.sudo().company_id = self.company["b"]
        self.env.flush_all()
        land(self.connections["a"].sudo(), contact(6, "Renamed", Phones=[phone()]))
        lines = self.import_of("a")
        self.assertEqual((partner.name, partner.phone), ("Mover", False))
        told = lines.filtered(lambda one: one.contact_id == self.contact_of("a", 6))
        self.assertEqual(told.mapped("code"), ["record_not_visible"])
        # By hand neither, also by who works in both companies.
        both = self.env_of("both", "a", "b")
        told[:1].with_env(both).action_retry()
        self.env.invalidate_all()
        self.assertEqual((partner.name, partner.phone), ("Mover", False))
        # Whoever has it now sees nothing of what it owes the other company.
        shown = partner.with_env(self.env_of("b", "b"))
        self.assertEqual((shown.xero_owed, shown.xero_sheet()), (0.0, []))

    def test_matches_of_another_companys_customers(self):
        land(self.connections["b"].sudo(), contact(7, "Alike", EmailAddress="x@al.nz"))
        theirs = self.of_company("a", name="Alike", email="x@al.nz")
        both = self.env_of("both", "a", "b")
        matches = both["xero.match"]
        matches.refresh(self.connections["b"].id)
        mine = self.contact_of("b", 7)
        found = matches.search([("contact_id", "=", mine.id)])
        self.assertNotIn(theirs, found.partner_id)
        answer = matches.other(mine.id, theirs.id)
        self.assertEqual(answer["done"], [])
        self.assertTrue(answer["refused"])

    def test_no_link_crosses_companies(self):
        land(self.connections["b"].sudo(), contact(8, "Alike"))
        theirs = self.of_company("a", name="Alike")
        mine = self.contact_of("b", 8)
        self.assertEqual(link(self.env(su=True), [(mine.id, theirs.id)]), [])
        both = self.env_of("both", "a", "b")
        dialog = both["xero.create.contact"].create(
            {"partner_id": theirs.id, "connection_id": self.connections["b"].id}
        )
        for act in (lambda: dialog.action_link(mine.id), dialog.action_send):
            with self.assertRaisesRegex(UserError, "only"):
                act()
        self.assertFalse(self.contact_of("b", 8).partner_id)

    def test_profiles_and_runs_of_another_company(self):
        stranger = self.env_of("b", "b")
        profile = self.connections["a"].sudo().profile_ids[:1].sudo(False)
        for act in (
            lambda: profile.with_env(stranger).action_run(),
            lambda: profile.with_env(stranger).write({"name": "x"}),
            lambda: stranger["xero.import.profile"].create(
                {"name": "x", "connection_id": self.connections["a"].id}
            ),
            lambda: self.connections["a"].with_env(stranger).write({"name": "x"}),
            lambda: self.connections["a"].with_env(stranger).action_sync_now(),
            lambda: self.connections["a"].with_env(stranger).action_matching_done(),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                act()

    def test_figures_and_snapshots_name_their_company(self):
        """What SQL writes says whose it is."""
        for model in MODELS:
            fields = self.env[model]._fields
            if not {"company_id", "connection_id"} <= fields.keys():
                continue
            for row in self.env[model].sudo().search([]):
                if row.connection_id:
                    self.assertEqual(row.company_id, row.connection_id.company_id)


class TestTwoOrganisationsOfOneCompany(CompaniesCase):
    """Both are the company's, and stay apart by organisation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        remote = {**cls.connector.connection(), "id": "connection-a2"}
        remote["organisation"] = {"id": "tenant-a2", "name": "Second"}
        cls.second = cls.env["xero.connection"].create({})
        cls.second._set_connected(remote)
        cls.second.sudo().write(
            {"matching": "none", "base_currency": "EUR", "timezone": "UTC"}
        )

    def setUp(self):
        super().setUp()
        known = {"ContactID": xero_id(SHARED), "Name": "Shared Club"}
        land(
            self.second.sudo(),
            contact(SHARED, "Shared Club"),
            invoice(1, SHARED, 33.33, Contact=known, CurrencyCode="EUR"),
        )
        run = self.second.sudo()._run_of("sync-a2")
        for profile in self.second.sudo()._auto_profiles():
            while ImportRun(profile, run).run_next_batch():
                pass
        self.env.invalidate_all()

    def test_one_customer_three_contacts_one_that_leads(self):
        contacts = (
            self.env["xero.contact"]
            .sudo()
            .search([("partner_id", "=", self.shared.id)])
        )
        self.assertEqual(len(contacts), 3)
        self.assertEqual(len(contacts.filtered("is_leading")), 1)

    def test_both_are_shown_side_by_side(self):
        env = self.env_of("a", "a")
        found = env["xero.connection"].search([])
        self.assertEqual(found, self.connections["a"] | self.second)
        invoices = self.shared.with_env(env).xero_last_invoices()
        self.assertEqual(
            {row["organisation"] for row in invoices}, {MARKS["a"], "Second"}
        )
        totals = env["xero.receivable"].read_totals([])
        codes = {row["currency_code"] for row in totals["rows"]}
        self.assertEqual(codes, {"NZD", "EUR"})

    def test_a_document_belongs_to_its_own_organisation(self):
        for connection in (self.connections["a"], self.second):
            documents = self.env["xero.transaction"].search(
                [("connection_id", "=", connection.id)]
            )
            self.assertEqual(len(documents), 1)
            self.assertEqual(documents.contact_id.connection_id, connection)
