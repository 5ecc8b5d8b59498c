# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import new_test_user

from odoo.addons.crm_xero_module.services.mapping.usual_profiles import (
    COMPANIES,
    CONTACTS,
    UsualLine,
)

from .common import XeroCase

# CRM field, Xero fields, `*` in the seed, as iGlobe's manual prints its two tables.
PLACE = [
    ("street2", "Address2", ""),
    ("xero_street3", "Address3", ""),
    ("country_id", "Country", ""),
    ("state_id", "Region", ""),
    ("city", "City", ""),
    ("zip", "PostalCode", ""),
]
COMPANY_ROWS = [
    ("name", "Name,LegalName", "*"),
    ("ref", "ContactID", ""),
    ("street", "Address", "*"),
    *PLACE,
    ("phone", "Phone,DirectDial", ""),
    ("xero_fax", "Fax", ""),
    ("vat", "TaxNumber", ""),
    ("website", "WebSite", ""),
]
CONTACT_ROWS = [
    ("xero_id", "Id", "*"),
    ("parent_id", "Organisation", ""),
    ("xero_first_name", "FirstName", "*"),
    ("xero_last_name", "LastName", "*"),
    ("email", "EmailAddress", ""),
    ("xero_direct_phone", "DirectDial", ""),
    ("xero_mobile", "Mobile", ""),
    ("xero_fax", "Fax", ""),
    ("xero_skype", "SkypeUserName", ""),
    ("street", "Address", ""),
    *PLACE,
    ("phone", "Phone", ""),
]
PRODUCT_ROWS = [
    ("default_code", "Code", "*"),
    ("name", "Name,Code", "*"),
    ("list_price", "SalesDetails.UnitPrice", ""),
    ("standard_price", "PurchaseDetails.UnitPrice", ""),
    ("description_sale", "Description", ""),
    ("description_purchase", "PurchaseDescription", ""),
    ("sale_ok", "IsSold", ""),
    ("purchase_ok", "IsPurchased", ""),
]


class TestUsualProfiles(XeroCase):
    """The ready-made profiles hold every row of the seed's tables, and no other."""

    def rows(self, profile):
        marked = {
            row["name"] for row in profile.field_choices["targets"] if row["marked"]
        }
        return [
            (
                line.target_field,
                line.source_fields,
                "*" if line.target_field in marked else "",
            )
            for line in profile.mapping_ids
        ]

    def test_companies(self):
        self.assertEqual(self.rows(self.companies), COMPANY_ROWS)
        self.assertEqual(self.companies.key_mapping.target_field, "ref")
        self.assertEqual(
            self.required(self.companies), ["name"], "all that a company needs"
        )

    def test_contacts(self):
        self.assertEqual(self.rows(self.contacts), CONTACT_ROWS)
        self.assertEqual(self.contacts.key_mapping.target_field, "xero_id")
        self.assertEqual(self.required(self.contacts), ["xero_last_name"])

    def test_products(self):
        self.assertEqual(self.rows(self.products), PRODUCT_ROWS)
        self.assertEqual(self.products.key_mapping.target_field, "default_code")
        self.assertEqual(self.required(self.products), ["name"])
        self.assertTrue(self.products.auto_run)

    def required(self, profile):
        lines = profile.mapping_ids.filtered("is_required")
        return lines.mapped("target_field")

    def test_vendors_are_companies_and_off(self):
        self.assertEqual(self.rows(self.vendors), COMPANY_ROWS)
        self.assertEqual(self.vendors.which, "vendors")
        self.assertEqual(self.vendors.target, "company")
        self.assertFalse(self.vendors.auto_run)
        self.assertTrue(self.companies.auto_run and self.contacts.auto_run)

    def test_every_line_is_right(self):
        lines = self.connection.profile_ids.mapping_ids
        self.assertFalse(any(lines.mapped("problem")))

    def test_a_connection_gets_them_once(self):
        self.companies.unlink()
        self.contacts.active = False
        self.env["xero.import.profile"]._make_usual(self.connection)
        profiles = self.connection.with_context(active_test=False).profile_ids
        self.assertEqual(profiles, self.contacts | self.vendors | self.products)

    def test_who_may_not_make_products_has_none_made(self):
        user = new_test_user(
            self.env, "xero_connector", "crm_xero_module.group_xero_administrator"
        )
        connection = self.env["xero.connection"].with_user(user).create({})
        connection._set_connected(
            {
                **self.connector.connection(),
                "id": "connection-2",
                "organisation": {"id": "tenant-2", "name": "Other"},
            }
        )
        self.assertEqual(
            connection.profile_ids.filtered(lambda p: p.target == "product").auto_run,
            self.env["product.template"].with_user(user).has_access("create"),
        )

    def test_fields_of_other_modules_go_first(self):
        fax = next(line for line in COMPANIES.lines if "fax" in line.targets)
        self.assertEqual(fax.target_in({"fax", "xero_fax"}), "fax")
        self.assertEqual(fax.target_in({"xero_fax"}), "xero_fax")
        names = [line for line in CONTACTS.lines if "firstname" in line.targets]
        self.assertEqual(names[0].target_in({"firstname"}), "firstname")
        with self.assertRaises(StopIteration):
            UsualLine(("fax",), "Fax").target_in({"phone"})
