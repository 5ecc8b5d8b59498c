# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Partners by a profile's key, written as people write it: one query for a batch."""

import re

from odoo.fields import Domain
from odoo.tools import SQL

INDEXED_KEYS = frozenset({"ref", "xero_id"})


def normal_key(field_name, value):
    """A key value as it is compared: VAT bare, email lower-case, phone digits."""
    value = str(value).strip()
    if field_name == "vat":
        return re.sub(r"[^0-9a-z]", "", value.lower())
    if "phone" in field_name or field_name in ("mobile", "xero_mobile"):
        return re.sub(r"[^0-9]", "", value)
    return value.lower()


def _normal_sql(name, column):
    """The SQL twin of `normal_key`."""
    if name == "vat":
        return SQL("regexp_replace(lower(%s), '[^0-9a-z]', '', 'g')", column)
    if "phone" in name or name in ("mobile", "xero_mobile"):
        return SQL("regexp_replace(%s, '[^0-9]', '', 'g')", column)
    return SQL("lower(btrim(%s))", column)


def partners_by_key(partners, company, name, keys, texts):
    """{key: sorted ids} of the partners whose field `name` holds one of `keys`.

    `keys` are as `normal_key` makes them, `texts` as they came. Partners of no
    company count as this company's.
    """
    query = partners._search(
        Domain("company_id", "in", [False, company.id]) & Domain(name, "!=", False)
    )
    column = partners._field_to_sql(query.table, name, query)
    normal = _normal_sql(name, column)
    if name in INDEXED_KEYS:
        # The three usual ways of writing it, so that the index is used.
        texts = texts | keys | {key.upper() for key in keys}
        query.add_where(SQL("%s = ANY(%s)", column, list(texts)))
    else:
        query.add_where(SQL("%s = ANY(%s)", normal, list(keys)))
    found = {}
    for partner, key in partners.env.execute_query(
        query.select(SQL.identifier(query.table, "id"), normal)
    ):
        found.setdefault(key, []).append(partner)
    return {key: sorted(ids) for key, ids in found.items()}
