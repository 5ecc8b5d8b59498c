# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.crm_xero_module.services.mapping.profile_file import (
    SIZE_LIMIT,
    FileLine,
    FileProfile,
    FileRefused,
    dump,
    load,
)

from .common import XeroCase

PROFILE = {
    "title": "Wholesale",
    "target": "company",
    "source": "organisation",
    "mode": "import_update",
    "lines": [{"crm_field": "name", "xero_fields": ["Name"], "key": True}],
}


def content(*profiles, **values):
    """A file as its bytes; `values` replace what stands around the profiles."""
    whole = {
        "format": "xero-import-profile",
        "version": 1,
        "profiles": [{**PROFILE, **profile} for profile in profiles or ({},)],
        **values,
    }
    return json.dumps(whole).encode()


def line(crm_field, *xero_fields, **values):
    return {"crm_field": crm_field, "xero_fields": list(xero_fields), **values}


class TestProfileFile(XeroCase):
    """Import profiles leave as a file and come from one."""

    def load(self, body, connection=None):
        wizard = self.env["xero.import.profile.load"].create(
            {
                "connection_id": (connection or self.connection).id,
                "file": base64.b64encode(body),
            }
        )
        wizard.action_load()
        self.assertFalse(wizard.file, "is not kept")
        return wizard

    def refused(self, body):
        count = self.env["xero.import.profile"].search_count([])
        wizard = self.load(body)
        self.assertEqual(self.env["xero.import.profile"].search_count([]), count)
        self.assertFalse(wizard.result)
        return wizard.refusal

    def test_what_went_out_comes_in_the_same(self):
        self.companies.write(
            {
                "status": "all",
                "changed_since": "2026-01-31",
                "delivery_addresses": False,
                "leave_note": True,
                "blanks_overwrite": True,
            }
        )
        self.companies.mapping_ids[3].write({"default_value": "x", "back": "ask"})
        profiles = self.companies | self.contacts | self.vendors
        body = dump(profiles._to_file())
        wizard = self.load(body)
        self.assertFalse(wizard.refusal)
        self.assertNotIn("<li>", wizard.result)
        again = wizard.profile_ids.sorted("id")
        self.assertEqual(
            again.mapped("name"), ["Companies (2)", "Contacts (2)", "Vendors (2)"]
        )
        self.assertFalse(any(again.mapped("auto_run")))
        self.assertEqual(again.run_as, self.env.user)
        for profile, title in zip(again, profiles.mapped("name"), strict=True):
            profile.name = title
        self.assertEqual(dump(again._to_file()), body)

    def test_the_file_is_readable_and_carries_no_ids(self):
        self.companies.run_as.email = "somebody@example.com"
        body = dump(self.companies._to_file()).decode()
        row = json.loads(body)["profiles"][0]
        self.assertEqual(row["title"], "Companies")
        self.assertEqual(
            row["lines"][1],
            {
                "crm_field": "ref",
                "xero_fields": ["ContactID"],
                "key": True,
                "required": False,
                "who_wins": "on_create",
                "back_to_xero": "no",
                "default": None,
            },
        )
        self.assertFalse({"id", "run_as", "auto_run", "unknown"} & row.keys())

    def test_groups_go_by_name(self):
        other = self.env["xero.connection"].create({"name": "Other"})
        for connection, names in ((self.connection, "AB"), (other, "A")):
            for name in names:
                self.env["xero.contact.group"].sudo().create(
                    {
                        "connection_id": connection.id,
                        "company_id": connection.company_id.id,
                        "xero_id": name,
                        "name": name,
                    }
                )
        groups = self.env["xero.contact.group"]
        mine = groups.search([("connection_id", "=", self.connection.id)])
        self.companies.write({"which": "groups", "group_ids": mine.ids})
        wizard = self.load(dump(self.companies._to_file()), other)
        self.assertEqual(wizard.profile_ids.group_ids.connection_id, other)
        self.assertEqual(wizard.profile_ids.group_ids.name, "A")
        self.assertIn("Contact group “B”", wizard.result)

    def test_what_does_not_fit_is_left_out_and_named(self):
        lines = [
            line("name", "Name", key=True),
            line("x_nowhere", "Name"),
            line("user_id", "Name"),
            line("phone", "UpdatedDateUTC"),
            line("city", "Nonsense"),
            line("zip"),
            line("color", default="red"),
            line("name", "LegalName"),
            line("ref", "ContactID", key=True),
        ]
        wizard = self.load(content({"lines": lines, "run_as": 1, "id": 7}))
        profile = wizard.profile_ids
        self.assertEqual(profile.mapping_ids.mapped("target_field"), ["name", "ref"])
        self.assertEqual(profile.key_mapping.target_field, "name")
        for told in (
            "x_nowhere",
            "user_id",
            "does not fit",
            "Nonsense",
            "neither a Xero field nor a default",
            "“red”",
            "Each CRM field has one line",
            "without being the key",
            "“run_as” is not taken over",
        ):
            self.assertIn(told, wizard.result)
        self.assertEqual(profile.run_as, self.env.user)

    def test_a_profile_of_which_nothing_is_left_is_not_made(self):
        wizard = self.load(content({"lines": [line("nowhere", "Name")]}, {}))
        self.assertEqual(len(wizard.profile_ids), 1, "the other one")
        self.assertIn("did not come", wizard.result)
        update = {"mode": "update", "lines": [line("name", "Name")]}
        wizard = self.load(content(update))
        self.assertFalse(wizard.profile_ids)
        self.assertIn("mark one line as the key", wizard.result)

    def test_a_source_of_the_other_kind_is_put_right(self):
        wizard = self.load(content({"source": "contact"}))
        self.assertEqual(wizard.profile_ids.source, "organisation")
        self.assertIn("The source was put right", wizard.result)

    def test_picked_contacts_stay_behind(self):
        wizard = self.load(content({"which": "picked"}))
        self.assertIn("pick them here", wizard.result)

    def test_html_in_a_file_is_text(self):
        title = '<img src=x onerror="alert(1)">'
        lines = [line("name", "Name"), line(title, "Name")]
        wizard = self.load(content({"title": title, "lines": lines}))
        self.assertEqual(wizard.profile_ids.name, title)
        self.assertNotIn("<img", wizard.result)
        self.assertIn("&lt;img", wizard.result)

    def test_files_that_are_refused(self):
        for body, said in (
            (b"", "Choose a file"),
            (b"\x00\xff\xfe", "no JSON"),
            (b"{", "no JSON"),
            (b"[" * 100_000, "no JSON"),
            (b'{"format": 1' + b"0" * 5000 + b"}", "no JSON"),
            (b"[]", "something else"),
            (b"null", "something else"),
            (content(format="other"), "something else"),
            (content(version=2), "another version"),
            (content(version=True), "another version"),
            (content(profiles=[]), "no profile"),
            (content(profiles={}), "no profile"),
            (content(profiles=[PROFILE] * 101), "more than 100"),
            (content(profiles=[PROFILE, 7]), "Profile 2"),
            (b" " * (SIZE_LIMIT + 1), "larger than 1024 kB"),
            (b" " * 8_000_000, "larger than 1024 kB"),
        ):
            with self.subTest(said=said, body=body[:40]):
                self.assertIn(said, self.refused(body))

    def test_impossible_values_are_refused_by_their_name(self):
        for name, value in (
            ("title", None),
            ("title", "  "),
            ("title", "x" * 501),
            ("title", ["x"]),
            ("target", "lead"),
            ("mode", "Import"),
            ("which", 1),
            ("status", {}),
            ("changed_since", "31/01/2026"),
            ("delivery_addresses", "yes"),
            ("groups", "A"),
            ("groups", [["A"]]),
            ("lines", {}),
            ("lines", [line("name", "Name")] * 501),
            ("lines", ["name"]),
        ):
            with self.subTest(f"{name}: {str(value)[:20]}"):
                said = self.refused(content({}, {name: value}))
                self.assertIn("Profile 2", said)
                self.assertIn("nothing was imported", said)
        for wrong in (
            {"crm_field": ""},
            {"crm_field": "name", "xero_fields": "Name"},
            {"crm_field": "name", "key": 1},
            {"crm_field": "name", "who_wins": "me"},
            {"crm_field": "name", "back_to_xero": "maybe"},
            {"crm_field": "name", "default": []},
        ):
            self.assertIn("Profile 1", self.refused(content({"lines": [wrong]})))

    def test_the_format_alone(self):
        profile = FileProfile(
            title="T\u00e9 \U0001f600",
            target="contact",
            source="contact",
            mode="import",
            lines=[FileLine("email", ["EmailAddress"])],
        )
        self.assertEqual(load(dump([profile])), [profile])
        self.assertEqual(load(b"\xef\xbb\xbf" + dump([profile])), [profile])
        [cleaned] = load(content({"title": " A\x00\x1b[0m\n B \ud800"}))
        self.assertEqual(cleaned.title, "A [0m B")
        [number] = load(content({"lines": [line("color", default=7)]}))
        self.assertEqual(number.lines[0].default, "7")
        with self.assertRaises(FileRefused) as caught:
            load(content({"mode": None}))
        self.assertEqual(caught.exception.code, "bad_profile")
        self.assertEqual(caught.exception.data, {"number": 1, "name": "mode"})

    def test_only_administrators_bring_files(self):
        operator = new_test_user(
            self.env, "operator", groups="sales_team.group_sale_manager"
        )
        with self.assertRaises(AccessError):
            self.env["xero.import.profile.load"].with_user(operator).create({})


@tagged("post_install", "-at_install")
class TestProfileDownload(XeroCase, HttpCase):
    """The download, as a browser asks for it."""

    def export(self, *profiles, user="admin"):
        self.authenticate(user, user)
        ids = ",".join(str(profile.id) for profile in profiles)
        return self.url_open(f"/xero/profiles/export?ids={ids}")

    def test_one_and_several(self):
        answer = self.export(self.companies)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Companies.json", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(load(answer.content), self.companies._to_file())
        answer = self.export(self.companies, self.contacts)
        self.assertEqual(len(load(answer.content)), 2)
        self.assertFalse(
            self.env["ir.attachment"].search([("name", "ilike", "Companies")])
        )

    def test_who_may_not_and_what_is_not_there(self):
        new_test_user(self.env, "salesman", groups="sales_team.group_sale_salesman")
        self.assertEqual(self.export(self.companies, user="salesman").status_code, 403)
        gone = self.companies.copy()
        gone.unlink()
        self.assertEqual(self.export(gone).status_code, 404)
        self.assertEqual(self.url_open("/xero/profiles/export").status_code, 404)
        url = "/xero/profiles/export?ids=x,1e9,-1"
        self.assertEqual(self.url_open(url).status_code, 404)
