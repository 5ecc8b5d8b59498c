# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from hypothesis import given
from hypothesis import strategies as st

from .generated import (
    KEYS,
    MODES,
    POLICIES,
    TYPED_IS_KEPT,
    edits,
    many,
    pages,
    upheavals,
)
from .properties import PropertyCase

few = {"max_size": 4}


class TestImportProperties(PropertyCase):
    """Whatever Xero sends, and whatever people did before."""

    @many(30)
    @given(pages, st.sampled_from(KEYS), st.sampled_from(POLICIES))
    def test_importing_again_changes_nothing(self, page, key, policy):
        with self.example():
            self.set_up_companies(key, policy=policy)
            self.bring(*page)
            self.check()
            self.check_again(page)

    @many(25)
    @given(pages, pages, st.lists(edits | upheavals, **few), st.sampled_from(POLICIES))
    def test_nor_does_it_after_a_day_of_work(self, page, later, done, policy):
        with self.example():
            self.set_up_companies(policy=policy)
            self.bring(*page)
            for act in done:
                self.do(*act)
            self.bring(*later)
            self.import_whole()
            self.check_links()
            self.check_again(later)

    def check_again(self, page):
        """The same page, then the whole mirror: nothing is written any more."""
        partners, mirror = self.partner_rows(), self.mirror_rows()
        lines = self.open_lines()
        self.assertEqual(self.land(*page).changed, 0)
        with self.count_partner_writes() as written:
            self.assertFalse(self.import_all())
            self.import_whole()
        self.assertEqual(written, [])
        self.assertEqual(self.partner_rows(), partners)
        self.assertEqual(self.mirror_rows(), mirror)
        self.assertEqual(self.open_lines(), lines)

    @many(20)
    @given(pages, st.randoms(use_true_random=False))
    def test_the_order_in_which_contacts_come_does_not_matter(self, page, random):
        with self.example():
            self.bring(*page)
            expected, lines = self.picture(), self.open_lines()
        shuffled = random.sample(page, len(page))
        with self.example():
            for contact in shuffled:
                self.bring(contact)
            self.assertEqual(self.picture(), expected)
            self.assertEqual(self.open_lines(), lines)

    @many(25)
    @given(
        pages,
        st.integers(1, 3),
        st.sampled_from(KEYS),
        st.sampled_from(("xero_id", "email", None)),
    )
    def test_the_size_of_a_batch_does_not_matter(self, page, size, key, of_persons):
        with self.example():
            self.set_up_companies(key)
            self.set_key(self.contacts, of_persons)
            self.bring(*page)
            expected, lines = self.picture(), self.open_lines()
        with self.example(), self.batches_of(size):
            self.set_up_companies(key)
            self.set_key(self.contacts, of_persons)
            self.bring(*page)
            self.assertEqual(self.picture(), expected)
            self.assertEqual(self.open_lines(), lines)

    @many(20)
    @given(pages, pages, st.lists(edits | upheavals, **few))
    def test_import_never_writes_what_is_there(self, page, later, done):
        with self.example():
            self.bring(*page)
            for act in done:
                self.do(*act)
            (self.companies | self.contacts).mode = "import"
            before = self.partner_rows()
            self.bring(*later)
            self.import_whole()
            after = self.partner_rows()
            self.assertEqual({row: after.get(row) for row in before}, before)

    @many(20)
    @given(pages, pages, st.lists(edits | upheavals, **few), st.sampled_from(KEYS[:-1]))
    def test_update_never_creates(self, page, later, done, key):
        with self.example():
            self.bring(*page)
            for act in done:
                self.do(*act)
            self.set_up_companies(key, "update")
            self.contacts.mode = "update"
            before = self.partner_rows()
            self.bring(*later)
            self.import_whole()
            self.assertEqual(self.partner_rows().keys(), before.keys())

    @many(30)
    @given(
        pages,
        pages,
        st.lists(edits, min_size=1, max_size=4),
        st.sampled_from(TYPED_IS_KEPT),
    )
    def test_no_typed_value_is_lost(self, page, later, typed, policy):
        with self.example():
            (self.companies | self.contacts).mapping_ids.policy = policy
            self.bring(*page)
            names = {name for _what, name, _value, _who in typed}
            before = {p: p.read(names)[0] for p in self.linked()}
            for act in typed:
                self.do(*act)
            changed = {
                (partner, name): partner[name]
                for partner, held in before.items()
                for name in names
                if partner[name] != held[name]
            }
            self.bring(*later)
            self.import_whole()
            for (partner, name), value in changed.items():
                # What a person emptied, Xero may fill where that is the line's rule.
                if value or policy != "when_empty":
                    self.assertEqual(partner[name], value, name)

    @many(20)
    @given(pages, pages, st.lists(upheavals, min_size=1, max_size=3))
    def test_what_was_let_go_is_never_made_again(self, page, later, done):
        with self.example():
            self.bring(*page)
            made = {
                row.xero_id
                for row in self.env["xero.contact"].search([])
                if row.partner_id
            }
            before = self.partners.search([])
            for act in done:
                self.do(*act)
            self.bring(*later)
            self.import_whole()
            created = self.partners.search([("id", ">", max(before.ids))])
            again = created.xero_contact_ids.filtered(lambda c: c.xero_id in made)
            self.assertFalse(again.mapped("xero_id"))

    @many(15)
    @given(pages, st.sampled_from(MODES))
    def test_a_line_a_record_and_no_more(self, page, mode):
        with self.example():
            self.set_up_companies(mode=mode)
            self.contacts.mode = mode
            self.bring(*page)
            self.check()
            lines = self.open_lines()
            self.assertEqual(len(lines), len(set(lines)))
