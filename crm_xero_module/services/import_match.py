# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose record a row of the mirror is: its link, else the profile's key."""

from odoo.tools import SQL

from .import_items import CONFLICT
from .import_keys import normal_key, partners_by_key
from .partner_values import is_empty


class NoClaims:
    """What earlier batches made is in the database: there is nothing to remember."""

    def known(self, _keys):
        """{key: mirror row that creates a partner with it}"""
        return {}

    def claim(self, key, row_id):
        """A row creates a partner with this key."""


class Matcher:
    """Finds the partners of a batch's rows, with the same few queries for all."""

    def __init__(self, partners, company, lines):
        self._partners = partners
        self._company = company
        self._key = lines.key
        self._stored = [name for name, target in lines.fields.items() if target.store]

    def read_keys(self, items):
        """Set the key of each item, as keys are compared."""
        for item in items:
            value = self._key and self._key.value(item.row)[0]
            if not is_empty(value):
                item.key = normal_key(self._key.target.name, value)

    def match(self, items):
        """Find the partners of rows without a link by the key, in one query."""
        open_items = [i for i in items if i.partner_id is None and i.key is not None]
        if not open_items:
            return
        texts = {str(self._key.value(item.row)[0]).strip() for item in open_items}
        found = partners_by_key(
            self._partners,
            self._company,
            self._key.target.name,
            {item.key for item in open_items},
            texts,
        )
        for item in open_items:
            matches = found.get(item.key, [])
            if len(matches) == 1:
                item.partner_id = matches[0]
            elif matches:
                item.skip(
                    "key_conflict",
                    action=CONFLICT,
                    key=item.key,
                    partner_ids=matches,
                    partners=", ".join(f"#{partner}" for partner in matches),
                )

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
        """{partner id: the one contact of the mirror that feeds it}."""
        ids = [item.partner_id for item in items if item.partner_id]
        if not ids:
            return {}
        # After a merge in Odoo two rows may both think that they lead.
        return dict(
            self._partners.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, min(id)
                      FROM xero_contact
                     WHERE partner_id = ANY(%s) AND is_leading
                     GROUP BY partner_id
                    """,
                    ids,
                )
            )
        )
