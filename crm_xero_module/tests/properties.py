# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Examples that leave nothing behind, what the database then holds in comparable
form, and what must hold after any import."""

from contextlib import contextmanager, suppress
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.crm_xero_module.models.xero_sync import BROKEN_CODES
from odoo.addons.crm_xero_module.services.imports.plan import ADDRESS, Planner
from odoo.addons.crm_xero_module.services.previews import done as preview_done
from odoo.addons.crm_xero_module.services.xero.values import flag, text

from .common import XeroCase, xero_id

_MUTED = (
    "odoo.models.unlink",
    "odoo.addons.base.partner.merge",
    "odoo.addons.crm_xero_module.services.imports.apply",
    "odoo.addons.crm_xero_module.services.imports.run",
)
_CONTROLS = {chr(n) for n in (*range(9), 11, 12, *range(14, 32), *range(127, 160))}
# Fields of other types than the usual imports fill.
_FURTHER_LINES = {
    "email": "EmailAddress",
    "comment": "AccountNumber",
    "color": "PaymentTerms.Sales.Day",
    "partner_latitude": "Discount",
}
# Contacts of these never become partners, and nobody needs to be told.
_GONE = ("ARCHIVED", "GDPRREQUEST")


class PropertyCase(XeroCase):
    """Imports of generated contacts in a database that forgets each example."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies.mapping_ids.create(
            [
                {
                    "profile_id": cls.companies.id,
                    "target_field": name,
                    "source_fields": source,
                }
                for name, source in _FURTHER_LINES.items()
            ]
        )
        cls.known = cls.places()

    @contextmanager
    def example(self):
        """What happens in here is undone at its end."""
        savepoint = self.env.cr.savepoint()
        try:
            with mute_logger(*_MUTED):
                yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    # Imports

    def import_all(self, *profiles):
        lines = super().import_all(*profiles)
        self.assertNotIn(self.sync_run.code, BROKEN_CODES, self.sync_run.message)
        return lines

    def set_up_companies(self, key="ref", mode="import_update", policy=None):
        """Change the companies' import: its key, its mode, every line's policy."""
        lines = self.companies.mapping_ids
        if policy:
            lines.policy = policy
        self.companies.mode = "import"
        self.set_key(self.companies, key)
        self.companies.mode = mode if key else "import_update"

    def set_key(self, profile, key):
        profile.mapping_ids.is_key = False
        lines = profile.mapping_ids
        lines.filtered(lambda line: line.target_field == key).is_key = True

    @contextmanager
    def batches_of(self, size):
        """Imports take so many rows at a time."""
        rows = Planner.rows

        def few(planner, condition, limit=size):
            return rows(planner, condition, limit)

        with (
            patch.object(Planner, "rows", few),
            patch.object(preview_done, "BATCH", size),
        ):
            yield

    def import_whole(self):
        """The imports over all that the mirror holds."""
        self.connection._auto_profiles().position = 0
        return self.import_all()

    # What people do

    def linked(self):
        """The partners that Xero's contacts and persons are."""
        mirror = self.env["xero.contact"].with_context(active_test=False).search([])
        return (mirror.partner_id | mirror.person_ids.partner_id).sorted("id")

    def do(self, what, *arguments):
        """What a person does in the CRM, where Odoo lets them."""
        with suppress(UserError), self.env.cr.savepoint():
            getattr(self, f"_do_{what}")(*arguments)
            self.env.flush_all()
        self.env.invalidate_all()

    def _whose(self, who):
        linked = self.linked()
        return linked[who % len(linked)] if linked else linked

    def _do_type(self, name, value, who):
        self._whose(who).write({name: value})

    def _do_archive(self, who):
        self._whose(who).active = False

    def _do_delete(self, who):
        self._whose(who).unlink()

    def _do_move(self, who, where):
        self._whose(who).parent_id = self._whose(where)

    def _do_merge(self, who, whom):
        both = self._whose(who) | self._whose(whom)
        if len(both) == 2:
            self.env["base.partner.merge.automatic.wizard"]._merge(
                both.ids, dst_partner=self._whose(who)
            )

    def _do_unlink(self, number):
        row = self.mirror(number)
        if row.partner_id:
            row.action_unlink_record()

    def _do_follow(self, name, who):
        if partner := self._whose(who):
            partner.xero_follow_again([name])

    def _do_twin(self, number, key):
        """A partner like the one that a contact is or would become."""
        there = self.partner(number)
        value = there[key] or {"ref": xero_id(number), "email": "INFO@club.nz"}.get(key)
        self.partners.create({"name": "A twin", key: value})

    # What the database holds

    def partner_rows(self):
        """{id: row with its place}: a row has another place after each write."""
        self.env.flush_all()
        self.env.cr.execute("SELECT id, ctid::text, to_jsonb(p) FROM res_partner p")
        return {row: (place, values) for row, place, values in self.env.cr.fetchall()}

    def mirror_rows(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT 'c', id, to_jsonb(c) FROM xero_contact c"
            " UNION ALL SELECT 'p', id, to_jsonb(p) FROM xero_contact_person p"
            " ORDER BY 1, 2"
        )
        return self.env.cr.fetchall()

    def open_lines(self):
        """What is told now of records that did not come, or not wholly."""
        lines = self.env["xero.sync.line"].search([("state", "=", "open")])
        return sorted(
            (line.contact_id.xero_id or "", line.person_id.xero_id or "", line.code)
            for line in lines
        )

    @classmethod
    def places(cls):
        """How many records there are that no import may make."""
        models = ("res.country", "res.country.state", "res.currency", "res.lang")
        return [
            cls.env[model].with_context(active_test=False).search_count([])
            for model in models
        ]

    def picture(self):
        """What the imports made of the mirror, whatever ids it got."""
        mirror = self.env["xero.contact"].search([], order="xero_id")
        named = {}
        for row in (*mirror, *mirror.person_ids):
            named.setdefault(row.partner_id.id, []).append((row._name, row.xero_id))
        return [
            (
                row.xero_id,
                row.link_state,
                row._name == "xero.contact" and row.is_leading,
                sorted(named[row.partner_id.id]) if row.partner_id else None,
                row.partner_id.parent_id and named.get(row.partner_id.parent_id.id),
                self._held(row.partner_id),
            )
            for row in (*mirror, *mirror.person_ids.sorted("xero_id"))
        ]

    def _held(self, partner):
        lines = (self.companies | self.contacts).mapping_ids
        names = {"name", *lines.mapped("target_field")} - {"parent_id"}
        return [(name, str(partner[name])) for name in sorted(names)]

    # What must hold

    def check(self):
        """Whatever came, and whatever was done before."""
        self.check_links()
        self.check_partners()
        self.check_deliveries()
        self.check_nothing_dropped()
        self.assertEqual(self.places(), self.known, "nothing is invented")

    def check_links(self):
        mirror = self.env["xero.contact"].search([])
        leaders = mirror.filtered("is_leading").mapped("partner_id.id")
        self.assertEqual(len(leaders), len(set(leaders)), "one leads")
        everyone = self.env["xero.contact.person"].with_context(active_test=False)
        for row in (*mirror, *everyone.search([])):
            linked = bool(row.partner_id) and row.link_state != "ignored"
            self.assertEqual(row.link_state == "linked", linked, row.xero_id)

    def check_partners(self):
        made = {row: values for row, (_at, values) in self.partner_rows().items()}
        for partner in self.linked():
            self.assertNotEqual(partner.parent_id, partner)
            self.assertFalse(_controls(made[partner.id]), partner.id)
        for _table, row, values in self.mirror_rows():
            self.assertFalse(_controls(values), row)
        mirror = self.env["xero.contact"].search([])
        for person in mirror.person_ids:
            child, company = person.partner_id, person.contact_id.partner_id
            if child.parent_id == company and child != company:
                self.check_address(child, company)

    def check_address(self, child, company):
        if child.type == "contact" and any(company[name] for name in ADDRESS):
            for name in ADDRESS - {"xero_street3"}:
                self.assertEqual(child[name], company[name], name)

    def check_deliveries(self):
        for partner in self.linked():
            goods_go_to = [
                (child.street, child.city, child.zip)
                for child in partner.child_ids
                if child.type == "delivery"
            ]
            self.assertEqual(len(goods_go_to), len(set(goods_go_to)), "doubled")

    def check_nothing_dropped(self):
        told = {(contact, person) for contact, person, _code in self.open_lines()}
        for row in self.env["xero.contact"].search([]):
            silent = self.is_out(row) or self.companies.mode == "update"
            if row.link_state == "unlinked" and not silent:
                self.assertIn((row.xero_id, ""), told, "the company was dropped")
            for person in row.person_ids:
                silent = self.is_out(row) or row.link_state == "ignored"
                if person.link_state == "unlinked" and not silent:
                    self.assertIn((row.xero_id, person.xero_id), told, "dropped")

    def is_out(self, row):
        """Whether a contact without link is none that the usual imports bring."""
        supplier = flag(row.payload.get("IsSupplier"))
        vendor = supplier and not flag(row.payload.get("IsCustomer"))
        gone = text(row.payload.get("ContactStatus")) in _GONE
        merged = text(row.payload.get("MergedToContactID"))
        return not row.partner_id and (vendor or gone or merged)


def _controls(values):
    return [
        name
        for name, value in values.items()
        if isinstance(value, str) and not _CONTROLS.isdisjoint(value)
    ]
