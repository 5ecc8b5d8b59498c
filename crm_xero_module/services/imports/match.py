# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose record a row of the mirror is: its link, else the profile's key."""

from odoo.tools import SQL

from ..mapping.targets import COMPANY, PRODUCT
from .items import CONFLICT
from .keys import records_by_key
from .row_keys import RowKeys


class NoClaims:
    """What earlier batches made is in the database: there is nothing to remember."""

    def known(self, _keys):
        """{key: mirror row that creates a record with it}"""
        return {}

    def claim(self, key, row_id):
        """A row creates a record with this key."""

    def leaders(self, _record_ids):
        """{record id: row of the mirror that is to feed it}"""
        return {}


class Matcher:
    """Finds the records of a batch's rows, with the same few queries for all."""

    def __init__(self, records, profile, lines):
        self._records = records
        self._company = profile.connection_id.company_id
        self._target = lines.target
        self._key = lines.key and lines.key.target
        self._keys = RowKeys(records.env, lines)
        self._stored = [name for name, target in lines.fields.items() if target.store]

    def match(self, items):
        """Find the records of rows without a link by the key, in one query."""
        unlinked = [item for item in items if item.record_id is None]
        keys = self._keys.of([item.row for item in unlinked])
        open_items = [item for item in unlinked if item.row.id in keys]
        for item in open_items:
            key = keys[item.row.id]
            item.key, item.claims = key.text, self._claims(item, key)
        wanted = {keys[item.row.id] for item in open_items}
        found = records_by_key(
            self._records, self._company, self._target, self._key, wanted
        )
        for item in open_items:
            matches = self._best(item, found[keys[item.row.id]])
            if any(match.has_variants for match in matches):
                conflict(item, "key_of_variant", matches, key=item.key)
            elif len(matches) == 1:
                item.record_id = matches[0].id
            elif matches:
                conflict(item, "key_conflict", matches, key=item.key)

    def _best(self, item, found):
        """Those of the records with an item's key that come before the others."""
        by_rank = {}
        for match in found:
            rank = self._rank(item, match)
            if rank is not None:
                by_rank.setdefault(rank, []).append(match)
        return by_rank[min(by_rank)] if by_rank else []

    def _rank(self, item, match):
        """The lower, the more likely it is the record; None where it cannot be.

        Persons and addresses of a company often hold its email or tax number, and
        they are not the company. One human in two companies is a record in each.
        Who is archived counts where nobody else has the key.
        """
        if self._key.name == "xero_id" or self._target is PRODUCT:
            return (not match.active,)
        if self._target is COMPANY:
            return (not match.active,) if is_customer(match) else None
        if match.is_company or match.type != "contact":
            return None
        if match.parent_id and match.parent_id != item.parent_id:
            return None
        return (not match.active, not match.parent_id)

    def _claims(self, item, key):
        """As `_rank` sees it: what the item's record is known by, were it made now,
        and what else would do for it."""
        if self._target in (COMPANY, PRODUCT) or self._key.name == "xero_id":
            return key.forms
        places = (item.parent_id, None) if item.parent_id else (None,)
        return tuple(f"{place} {form}" for place in places for form in key.forms)

    def read_records(self, items):
        """{id: record} of those matched that the profile's user sees, fetched at
        once."""
        ids = {item.record_id for item in items if item.record_id}
        ids |= {item.parent_id for item in items if item.parent_id}
        parent = [self._target.parent] if self._target.parent else []
        # Rules of records make exceptions, for colleagues for instance; this does not.
        own = [("company_id", "in", [False, self._company.id])]
        found = self._records.search_fetch(
            [("id", "in", list(ids)), *own], ["active", *parent, *self._stored]
        )
        # A product's values are those of its active variants.
        found = found.with_context(active_test=True)
        return {record.id: record for record in found}

    def leaders(self, items):
        """{record id: the one row of the mirror that feeds it}.

        A contact says of itself that it leads; after a merge in Odoo two may do so.
        Of persons, and of items, the one leads that has fed the record before. Else
        it is the oldest row.
        """
        ids = [item.record_id for item in items if item.record_id]
        if not ids:
            return {}
        env, target = self._records.env, self._target
        leads, order = SQL("active"), SQL("COALESCE(applied, '{}') = '{}', id")
        if target is COMPANY:
            leads, order = SQL("is_leading"), SQL("id")
        return dict(
            env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (%(link)s) %(link)s, id
                      FROM %(table)s
                     WHERE %(link)s = ANY(%(ids)s) AND link_state = 'linked'
                       AND %(leads)s
                     ORDER BY %(link)s, %(order)s
                    """,
                    link=SQL.identifier(target.link),
                    table=SQL.identifier(env[target.mirror]._table),
                    ids=ids,
                    leads=leads,
                    order=order,
                )
            )
        )


def is_customer(partner):
    """Whether a partner is a company, or a human without one."""
    return partner.is_company or (not partner.parent_id and partner.type == "contact")


def conflict(item, code, matches, **data):
    """Leave an item to a person, who is told the records in question."""
    matches = sorted({match.id: match for match in matches}.values())
    item.skip(
        code,
        action=CONFLICT,
        record_ids=[match.id for match in matches],
        records=", ".join(match.label for match in matches),
        **data,
    )
