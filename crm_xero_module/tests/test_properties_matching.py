# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Suggestions by SQL are those of a walk from pair to pair."""

import re
from fractions import Fraction
from math import floor

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.addons.crm_xero_module.services.matching.names import ALONE, COUNTS
from odoo.addons.crm_xero_module.services.matching.reasons import (
    AGAINST,
    POINTS,
    SHOWN,
)
from odoo.addons.crm_xero_module.services.matching.suggest import CLOSE, TOP

from .common import contact, phone
from .matching import MatchingCase

_WORDS = ("Bayside", "Baysyde", "Club", "Kauri", "Roofing", "Ltd", "The", "Ann", "é")
_NAMES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join)
_SIDE = st.fixed_dictionaries(
    {
        "name": _NAMES,
        "email": st.sampled_from(("", "a@x.nz", "b@x.nz", "a@y.nz", "a@gmail.com")),
        "phone": st.sampled_from(("", "555 1234", "+64 555 1234", "555-9999", "123")),
        "vat": st.sampled_from(("", "123-456-789", "NZ123456789", "AU123456789", "no")),
    }
)


def _vat(text):
    plain = re.sub("[^0-9a-z]", "", text.lower())
    country = plain[:2] if re.match("[a-z]{2}.*[0-9]", plain) else ""
    bare = plain[len(country) :]
    is_real = len(bare) >= 6 and sum(sign.isdigit() for sign in bare) >= 4
    return (country, bare) if is_real else None


def _phone(text):
    digits = re.sub("[^0-9]", "", text)
    return digits[-8:] if len(digits) >= 7 else ""


def _pieces(name):
    words = name.lower().replace("é", "e").split()
    kept = [word for word in words if word not in ("ltd", "the")] or words
    padded = f" {' '.join(sorted(set(kept)))} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _similar(one, other):
    a, b = _pieces(one), _pieces(other)
    return floor(Fraction(200 * len(a & b), len(a) + len(b)) + Fraction(1, 2))


def _score(contact_of, customer):
    """How likely one pair is, by its reasons alone."""
    reasons = {}
    a, b = _vat(contact_of["vat"]), _vat(customer["vat"])
    if a and b and a[1] == b[1] and (not a[0] or not b[0] or a[0] == b[0]):
        reasons["vat"] = 100
    if contact_of["email"] and contact_of["email"] == customer["email"]:
        reasons["email"] = 100
    domains = {side["email"].partition("@")[2] for side in (contact_of, customer)}
    if len(domains) == 1 and not domains & {"", "gmail.com"} and "email" not in reasons:
        reasons["domain"] = 100
    if _phone(contact_of["phone"]) and (
        _phone(contact_of["phone"])[-7:] == _phone(customer["phone"])[-7:]
        and len(_phone(contact_of["phone"])) == len(_phone(customer["phone"]))
        and _phone(contact_of["phone"]) == _phone(customer["phone"])
    ):
        reasons["phone"] = 100
    percent = _similar(contact_of["name"], customer["name"])
    shares_key = (a and b and a[1] == b[1]) or bool(reasons)
    if percent >= (COUNTS if shares_key else ALONE):
        reasons["name"] = percent
    doubt = Fraction(1)
    for code, share in reasons.items():
        doubt *= 1 - Fraction(POINTS[code] * share, 10000)
    score = 100 * (1 - doubt)
    if a and b and a[1] != b[1]:
        score = score * AGAINST["other_vat"] / 100
    return floor(score + Fraction(1, 2))


def _walk(contacts, customers):
    """{(contact, customer): (score, whether it is clear)} of the best of each, and how
    many each contact has."""
    scores = {
        (one, other): score
        for one, a in enumerate(contacts)
        for other, b in enumerate(customers)
        if (score := _score(a, b)) >= SHOWN
    }

    def is_clear(one, other):
        rivals = [
            score
            for pair, score in scores.items()
            if (pair[0] == one) != (pair[1] == other)
        ]
        return all(scores[one, other] - score >= CLOSE for score in rivals)

    return {pair: (score, is_clear(*pair)) for pair, score in scores.items()}


class TestMatchingProperties(MatchingCase):
    @given(
        contacts=st.lists(_SIDE, min_size=1, max_size=6),
        customers=st.lists(_SIDE, min_size=1, max_size=6),
        backwards=st.booleans(),
    )
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    def test_all_at_once_is_as_pair_by_pair(self, contacts, customers, backwards):
        with self.env.cr.savepoint() as savepoint:
            found = self.suggestions(contacts, customers, backwards)
            expected = _walk(contacts, customers)
            for one in range(len(contacts)):
                mine = {pair: told for pair, told in expected.items() if pair[0] == one}
                got = {pair: told for pair, told in found.items() if pair[0] == one}
                best = sorted((score for score, _ in mine.values()), reverse=True)
                scores = sorted((score for score, _ in got.values()), reverse=True)
                self.assertEqual(scores, best[:TOP])
                for pair, told in got.items():
                    self.assertEqual(told[0], mine[pair][0])
                    if told[1] or len(best) == 1:
                        self.assertEqual(told, mine[pair])
            self.accept_all(found)
            savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)

    def suggestions(self, contacts, customers, backwards):
        numbered = list(enumerate(customers))
        made = {
            self.customer(
                side["name"],
                email=side["email"],
                phone=side["phone"],
                vat=side["vat"] if side["vat"][:1] != "1" else f"{side['vat']}",
            ): number
            for number, side in (numbered[::-1] if backwards else numbered)
        }
        landed = [
            contact(
                number + 1,
                side["name"],
                EmailAddress=side["email"],
                TaxNumber=side["vat"],
                Phones=[phone(number=side["phone"])],
            )
            for number, side in enumerate(contacts)
        ]
        self.land(*(landed[::-1] if backwards else landed))
        self.refresh()
        return {
            (int(match.contact_id.xero_id[-12:]) - 1, made[match.partner_id]): (
                match.score,
                match.is_clear,
            )
            for match in self.matches.search([("state", "=", "open")])
        }

    def accept_all(self, found):
        """All clear ones, and again: nobody is two contacts, and none is left."""
        answer = self.matches.accept_above(self.connection.id, SHOWN)
        clear = [pair for pair, (_score, is_clear) in found.items() if is_clear]
        self.assertEqual(len(answer["done"]), len(clear))
        linked = self.env["xero.contact"].search([("link_state", "=", "linked")])
        mine = linked.filtered(lambda one: one.id in answer["done"])
        self.assertEqual(len(mine.partner_id), len(mine))
        again = self.matches.accept_above(self.connection.id, SHOWN)
        self.assertEqual(again["done"], [])
