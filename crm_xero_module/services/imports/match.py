# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose record a row of the mirror is: its link, else the profile's key."""

from odoo.tools import SQL

from .items import CONFLICT
from .keys import partners_by_key
from .row_keys import RowKeys


class NoClaims:
    """What earlier batches made is in the database: there is nothing to remember."""

    def known(self, _keys):
        """{key: mirror row that creates a partner with it}"""
        return {}

    def claim(self, key, row_id):
        """A row creates a partner with this key."""

    def leaders(self, _partner_ids):
        """{partner id: row of the mirror that is to feed it}"""
        return {}


class Matcher:
    """Finds the partners of a batch's rows, with the same few queries for all."""

    def __init__(self, partners, profile, lines):
        self._partners = partners
        self._company = profile.connection_id.company_id
        self._is_company = profile.target == "company"
        self._key = lines.key and lines.key.target
        self._keys = RowKeys(partners.env, lines)
        self._stored = [name for name, target in lines.fields.items() if target.store]

    def match(self, items):
        """Find the partners of rows without a link by the key, in one query."""
        unlinked = [item for item in items if item.partner_id is None]
        keys = self._keys.of([item.row for item in unlinked])
        open_items = [item for item in unlinked if item.row.id in keys]
        for item in open_items:
            key = keys[item.row.id]
            item.key, item.claims = key.text, self._claims(item, key)
        wanted = {keys[item.row.id] for item in open_items}
        found = partners_by_key(self._partners, self._company, self._key, wanted)
        for item in open_items:
            matches = self._best(item, found[keys[item.row.id]])
            if len(matches) == 1:
                item.partner_id = matches[0].id
            elif matches:
                conflict(item, "key_conflict", matches, key=item.key)

    def _best(self, item, found):
        """Those of the partners with an item's key that come before the others."""
        by_rank = {}
        for partner in found:
            rank = self._rank(item, partner)
            if rank is not None:
                by_rank.setdefault(rank, []).append(partner)
        return by_rank[min(by_rank)] if by_rank else []

    def _rank(self, item, partner):
        """The lower, the more likely it is the record; None where it cannot be.

        Persons and addresses of a company often hold its email or tax number, and
        they are not the company. One human in two companies is a record in each.
        Who is archived counts where nobody else has the key.
        """
        if self._key.name == "xero_id":
            return (not partner.active,)
        if self._is_company:
            return (not partner.active,) if is_customer(partner) else None
        if partner.is_company or partner.type != "contact":
            return None
        if partner.parent_id and partner.parent_id != item.parent_id:
            return None
        return (not partner.active, not partner.parent_id)

    def _claims(self, item, key):
        """As `_rank` sees it: what the item's record is known by, were it made now,
        and what else would do for it."""
        if self._is_company or self._key.name == "xero_id":
            return key.forms
        places = (item.parent_id, None) if item.parent_id else (None,)
        return tuple(f"{place} {form}" for place in places for form in key.forms)

    def read_partners(self, items):
        """{id: partner} of those matched that the profile's user sees, fetched at
        once."""
        ids = {item.partner_id for item in items if item.partner_id}
        ids |= {item.parent_id for item in items if item.parent_id}
        found = self._partners.search_fetch(
            [("id", "in", list(ids))], ["active", "parent_id", *self._stored]
        )
        return {partner.id: partner for partner in found}

    def leaders(self, items):
        """{partner id: the one row of the mirror that feeds it}.

        A contact says of itself that it leads; after a merge in Odoo two may do so.
        Of persons the one leads that has fed the partner before. Else it is the
        oldest row.
        """
        ids = [item.partner_id for item in items if item.partner_id]
        if not ids:
            return {}
        table, leads, order = "xero_contact", SQL("is_leading"), SQL("id")
        if not self._is_company:
            table, leads = "xero_contact_person", SQL("active")
            order = SQL("COALESCE(applied, '{}') = '{}', id")
        return dict(
            self._partners.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (partner_id) partner_id, id
                      FROM %s
                     WHERE partner_id = ANY(%s) AND link_state = 'linked' AND %s
                     ORDER BY partner_id, %s
                    """,
                    SQL.identifier(table),
                    ids,
                    leads,
                    order,
                )
            )
        )


def is_customer(partner):
    """Whether a partner is a company, or a human without one."""
    return partner.is_company or (not partner.parent_id and partner.type == "contact")


def conflict(item, code, partners, **data):
    """Leave an item to a person, who is told the partners in question."""
    partners = sorted(partners)
    item.skip(
        code,
        action=CONFLICT,
        partner_ids=[partner.id for partner in partners],
        partners=", ".join(partner.label for partner in partners),
        **data,
    )
