# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from hypothesis import given
from hypothesis import strategies as st

from odoo.fields import Command

from odoo.addons.crm_xero_module.services.mirror.merges import follow_merges
from odoo.addons.crm_xero_module.services.xero.values import flag

from .common import contact, person, xero_id
from .generated import KEYS, MODES, NUMBERS, edits, many, mergers, pages, upheavals
from .properties import PropertyCase


class TestChosenProperties(PropertyCase):
    """Vendors, merges and previews, whatever Xero sends."""

    @many(15)
    @given(pages, st.sampled_from(("none", "all", "picked")), st.sets(NUMBERS))
    def test_only_chosen_vendors_come(self, page, vendors, picked):
        with self.example():
            self.land(*page)
            mirror = self.env["xero.contact"].search([])
            ids = [xero_id(number) for number in picked]
            chosen = mirror.filtered(lambda row: row.xero_id in ids and self.sells(row))
            self.connection.write(
                {"vendors": vendors, "vendor_ids": [Command.set(chosen.ids)]}
            )
            self.import_all()
            chosen = {"none": mirror.browse(), "all": mirror}.get(vendors, chosen)
            for row in mirror:
                if self.sells(row) and row not in chosen:
                    self.assertFalse(row.partner_id, row.xero_id)
                    self.assertFalse(row.person_ids.partner_id, row.xero_id)
            self.check_links()

    def sells(self, row):
        """Whether a contact only sells to us."""
        customer = flag(row.payload.get("IsCustomer"))
        return flag(row.payload.get("IsSupplier")) and not customer

    @many(15)
    @given(st.sets(NUMBERS), mergers, st.permutations(range(1, 6)))
    def test_merges_in_any_order(self, linked, merged, order):
        with self.example():
            self.bring(*(self.before(number) for number in sorted(linked)))
            customers = {number: self.partner(number) for number in linked}
            before = self.partner_rows().keys()
            for number in order:
                self.land(self.before(number, merged.get(number)))
            self.follow()
            for number, partner in customers.items():
                self.assertEqual(self.partner(number), partner, "its history is kept")
                left = self.left(number, merged)
                if left and left not in linked:
                    self.assertIn(self.partner(left), customers.values())
            self.check_links()
            # Nobody is made of what was merged, or of what took a customer over.
            made = self.partners.browse(self.partner_rows().keys() - before)
            new = {n for n in range(1, 6) if n not in linked and n not in merged}
            takers = {self.left(number, merged) for number in linked}
            self.assertEqual(
                {row.xero_id for row in made.xero_contact_ids},
                {xero_id(number) for number in new - takers},
            )
            mirror = self.mirror_rows()
            self.follow()
            self.assertEqual(self.mirror_rows(), mirror, "followed once")

    def before(self, number, winner=None):
        merged = {"ContactStatus": "ARCHIVED", "MergedToContactID": winner}
        return contact(
            number,
            ContactPersons=[person("Ann", "Lee", "ann@club.nz")],
            **(merged | {"MergedToContactID": xero_id(winner)} if winner else {}),
        )

    def follow(self):
        follow_merges(self.connection.sudo(), self.sync_run)
        self.import_all()

    def left(self, number, merged):
        """The contact that is left at the end of the chain, None for a circle."""
        seen = set()
        while number in merged and number not in seen:
            seen.add(number)
            number = merged[number]
        return None if not seen or number in merged else number

    @many(15)
    @given(
        pages,
        pages,
        st.lists(edits | upheavals, max_size=3),
        st.sampled_from(KEYS),
        st.sampled_from(MODES),
        st.integers(1, 3),
    )
    def test_a_preview_is_what_a_run_does(self, page, later, done, key, mode, size):
        self.sync_run._finish("done")
        ends = []
        for is_previewed in (True, False):
            with self.example(), self.batches_of(size):
                self.bring(*page)
                for act in done:
                    self.do(*act)
                self.set_up_companies(key, mode)
                self.land(*later)
                before = set(self.open_lines())
                if not is_previewed:
                    self.work_off(self.companies.action_run())
                elif (preview := self.previewed()).can_be_done:
                    self.work_off(preview.action_do_preview())
                else:
                    # Nothing but reasons: there is no button, nor a need of one.
                    return
                ends.append((self.picture(), set(self.open_lines())))
        (previewed, told), (run, told_by_run) = ends
        self.assertEqual(previewed, run)
        # Rows of which the preview told nothing are not even looked at: what was
        # said of them before stays.
        self.assertLessEqual(told_by_run, told)
        self.assertLessEqual(told - told_by_run, before)

    def previewed(self):
        """A preview of the companies, which leaves all as it is."""
        partners, mirror = self.partner_rows(), self.mirror_rows()
        preview = self.work_off(self.companies.action_preview())
        self.assertEqual(self.partner_rows(), partners)
        self.assertEqual(self.mirror_rows(), mirror)
        return preview

    def work_off(self, action):
        run = self.env["xero.sync"].sudo().browse(action["res_id"])
        while run.is_open:
            run._work().run_whole_batch()
            self.env.invalidate_all()
        self.assertEqual(run.state, "done", run.message)
        return run
