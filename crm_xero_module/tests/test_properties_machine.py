# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from odoo.addons.crm_xero_module.services.imports.plan import ADDRESS

from .generated import (
    KEYS,
    MODES,
    TYPED,
    TYPED_IS_KEPT,
    edits,
    follows,
    many,
    pages,
    upheavals,
)
from .properties import PropertyCase


class Days(RuleBasedStateMachine):
    """Days of a company: Xero's pages, imports, and people who work in the CRM.

    `typed` is what people typed, {(partner, field): value}; `made` counts the
    partners that imports made of each row of the mirror.
    """

    case = None

    def __init__(self):
        super().__init__()
        self.typed = {}
        self.made = Counter()
        self.day = self.case.example()
        self.day.__enter__()

    def teardown(self):
        self.day.__exit__(None, None, None)

    @initialize(page=pages)
    def begin(self, page):
        self.land(page)
        self.run_imports()

    @rule(page=pages)
    def land(self, page):
        self.case.land(*page)

    @rule(act=edits | upheavals)
    def work(self, act):
        before = self.held()
        self.case.do(*act)
        for place, value in self.held().items():
            if place in before and (before[place] != value or place in self.typed):
                self.typed[place] = value

    @rule(act=follows)
    def follow_again(self, act):
        self.case.do(*act)
        for place in list(self.typed):
            if place[1] == act[1]:
                del self.typed[place]

    @rule(
        key=st.sampled_from(KEYS),
        mode=st.sampled_from(MODES),
        policy=st.sampled_from(TYPED_IS_KEPT),
        default=st.sampled_from((None, "By default")),
    )
    def change_the_import(self, key, mode, policy, default):
        self.case.set_up_companies(key, mode, policy)
        lines = self.case.companies.mapping_ids
        lines.filtered(lambda line: line.target_field == "city").default_value = default

    @rule(whole=st.booleans())
    def run_imports(self, whole=False):
        there = self.case.partners.search([])
        if whole:
            self.case.import_whole()
        else:
            self.case.import_all()
        self.check(self.case.partners.search([]) - there)

    def held(self):
        """{(partner, field): value} of what is linked; persons have their company's
        address."""
        return {
            (partner, name): partner[name]
            for partner in self.case.linked()
            for name in TYPED
            if not (partner.parent_id and name in ADDRESS)
        }

    def check(self, made):
        held = self.held()
        for (partner, name), value in self.typed.items():
            if value and (partner, name) in held:
                self.case.assertEqual(partner[name], value, f"{name} was typed")
        for partner in made:
            rows = (*partner.xero_contact_ids, *partner.xero_person_ids)
            self.made.update((row._name, row.xero_id) for row in rows)
            self.case.assertTrue(rows or partner.type == "delivery", partner.name)
        twice = [row for row, count in self.made.items() if count > 1]
        self.case.assertFalse(twice, "made again")
        self.case.check_partners()
        self.case.assertEqual(self.case.places(), self.case.known)


class TestDays(PropertyCase):
    """Anything in any order."""

    def test_days(self):
        Days.case = self
        run_state_machine_as_test(
            Days, settings=settings(many(15), stateful_step_count=8)
        )
