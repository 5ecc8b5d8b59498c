# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keys as they are compared, whoever wrote them: Xero's values and the CRM's.

PostgreSQL brings both into their normal form, by one expression, so that the two
never differ. Full-width digits and letters are plain ones, case and further blanks
do not count, nor do marks that nobody sees; of a phone the digits count, of a tax
number letters and digits, of a website no scheme.
"""

from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

# Soft hyphens, zero-width blanks and joiners, marks of writing direction.
_UNSEEN = r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_TEXT = (
    rf"btrim(regexp_replace(lower(normalize(regexp_replace({{}}, '{_UNSEEN}', '', 'g'),"
    r" NFKC)), '\s+', ' ', 'g'))"
)
_VAT = "regexp_replace(lower(normalize({}, NFKC)), '[^0-9a-z]', '', 'g')"
_PHONE = "regexp_replace(normalize({}, NFKC), '[^0-9]', '', 'g')"
# Odoo adds the scheme.
_WEBSITE = rf"regexp_replace({_TEXT}, '^(https?://)?(www\.)?|/+$', '', 'g')"
_PLAIN = "{}::text"
# As far as a price or a rate is told; Odoo keeps some of these as binary floats.
_FLOAT = "round({}::numeric, 6)::text"
_DATE = "to_char({}::date, 'YYYY-MM-DD')"
_BY_NAME = {"vat": _VAT, "website": _WEBSITE}
_BY_TYPE = {"char": _TEXT, "text": _TEXT, "float": _FLOAT, "date": _DATE}
# Countries whose tax numbers do not begin with their ISO code.
_VAT_PREFIXES = {"gr": "el"}


class Found(NamedTuple):
    """A record with its key; what follows `name` says more of a partner, or of a
    product whether it has other variants than the one with the key."""

    id: int
    key: str
    active: bool
    name: str | None
    is_company: bool = False
    type: str | None = None
    parent_id: int | None = None
    country: str | None = None
    has_variants: bool = False

    @property
    def label(self):
        """As people tell it from its namesakes."""
        return f"{self.name} (#{self.id})" if self.name else f"#{self.id}"


class Key(NamedTuple):
    """The key of one of Xero's records: `text` is its normal form.

    A tax number has its country's prefix there, if that is known, and `bare` is the
    number without it: both are one key, but not in two countries.
    """

    text: str
    bare: str | None = None

    @property
    def forms(self):
        """How a record with this key may hold it, its normal form first."""
        return (self.text, self.bare) if self.bare else (self.text,)

    def is_of(self, found):
        """Whether a record that holds one of `forms` has this key."""
        if found.key == self.text or not found.country:
            return True
        return self.text == found.country + self.bare


def normal_sql(field, expression):
    """The normal form of an SQL expression that holds values of a CRM field."""
    before, after = _template(field.name, field.type).split("{}")
    return SQL(f"{before}%s{after}", expression)


def index_on(field_name):
    """The definition of the index by which a text field's keys are found.

    A hash, as texts may be longer than a B-tree takes; without a condition, as
    PostgreSQL has no figures of what a partial index holds, and passes it over.
    """
    return f"USING hash (({_template(field_name, 'char').format(field_name)}))"


def _template(name, kind):
    if name == "xero_id":
        # Ours alone: nobody types it.
        return _PLAIN
    if name in _BY_NAME:
        return _BY_NAME[name]
    if kind == "char" and ("phone" in name or "mobile" in name):
        return _PHONE
    return _BY_TYPE.get(kind, _PLAIN)


def vat_prefix(country_code):
    """What a country's tax numbers begin with, where they have a prefix."""
    code = (country_code or "").lower()
    return _VAT_PREFIXES.get(code, code) or None


def vat_key(number, country):
    """The key of a tax number in its normal form.

    `country` is the prefix of the record's country, None where that is not known.
    Two letters at the beginning are a prefix then; elsewhere only this one is.
    """
    if number[:2].isalpha() and any(sign.isdecimal() for sign in number[2:]):
        is_prefix = country in (None, number[:2])
        return Key(number, number[2:] if is_prefix else None)
    return Key(country + number, number) if country else Key(number)


def normal_texts(env, field, values):
    """{value: its normal form} of plain values; what has no normal form is left
    out, and so is 0: Odoo holds that where nobody entered a number."""
    texts = {value: str(value) for value in values if value}
    kind = SQL("float8") if field.type == "float" else SQL("text")
    normal = dict(
        env.execute_query(
            SQL(
                "SELECT value, %s FROM unnest(%s::text[]) AS value",
                normal_sql(field, SQL("value::%s", kind)),
                list(set(texts.values())),
            )
        )
    )
    return {value: key for value, text in texts.items() if (key := normal[text])}


def records_by_key(records, company, target, field, keys):
    """{`Key`: `Found` records} of those whose field holds one of the keys.

    `records` is the model of `target` as its user sees it; what that user does not
    see is not found. Records of no company count as this company's.
    """
    if not keys:
        return {}
    query = records._search(Domain("company_id", "in", [False, company.id]))
    query.order = SQL.identifier(query.table, "id")
    forms = list({form for key in keys for form in key.forms})
    if field.name in target.of_variants:
        records.env["product.product"].flush_model()
        of_key = _by_variant(query, field, forms)
    else:
        of_key = _by_field(query, records, field, forms, field.name in target.indexed)
    columns = {
        "id": SQL.identifier(query.table, "id"),
        "active": records._field_to_sql(query.table, "active", query),
        "name": records._field_to_sql(query.table, "name", query),
        **of_key,
    }
    if target.parent:
        columns |= _of_partner(query, records)
    found = {}
    for values in records.env.execute_query(query.select(*columns.values())):
        row = Found(**dict(zip(columns, values, strict=True)))
        row = row._replace(country=vat_prefix(row.country))
        found.setdefault(row.key, []).append(row)
    return {key: _having(key, found) for key in keys}


def _of_partner(query, partners):
    """What tells partners with one key from each other."""
    country = partners._field_to_sql(query.table, "country_id", query)
    return {
        "country": SQL("(SELECT code FROM res_country WHERE id = %s)", country),
        **{
            name: partners._field_to_sql(query.table, name, query)
            for name in ("is_company", "type", "parent_id")
        },
    }


def _by_field(query, records, field, forms, is_indexed):
    """Let a query find the records whose own field holds one of `forms`."""
    normal = normal_sql(field, records._field_to_sql(query.table, field.name, query))
    own_id = SQL.identifier(query.table, "id")
    if is_indexed:
        query.add_where(_by_index(records, field, own_id, forms))
    else:
        query.add_where(SQL("%s = ANY(%s)", normal, forms))
    return {"key": normal}


def _by_index(records, field, own_id, forms):
    # One by one by the index: without statistics PostgreSQL takes 500 keys for half
    # the table, and brings every record's value into its normal form.
    return SQL(
        """
        %s IN (
            SELECT found.id
              FROM unnest(%s) AS form
             CROSS JOIN LATERAL (
                   SELECT r.id FROM %s r WHERE %s = form OFFSET 0
              ) found
        )
        """,
        own_id,
        forms,
        SQL.identifier(records._table),
        normal_sql(field, records._field_to_sql("r", field.name)),
    )


def _by_variant(query, field, forms):
    """Let a query find the products of which a variant holds one of `forms`: the
    product itself says nothing where it has several. Of an archived product all
    variants are."""
    variant = query.join(query.table, "id", "product_product", "product_tmpl_id", "of")
    normal = normal_sql(field, SQL.identifier(variant, field.name))
    query.add_where(SQL("%s = ANY(%s)", normal, forms))
    is_there = SQL(
        "(%s OR NOT %s)",
        SQL.identifier(variant, "active"),
        SQL.identifier(query.table, "active"),
    )
    query.add_where(is_there)
    others = SQL(
        """
        EXISTS (
            SELECT FROM product_product other
             WHERE other.product_tmpl_id = %s AND other.id != %s
               AND other.active = %s
        )
        """,
        SQL.identifier(query.table, "id"),
        SQL.identifier(variant, "id"),
        SQL.identifier(variant, "active"),
    )
    return {"key": normal, "has_variants": others}


def _having(key, found):
    return [row for form in key.forms for row in found.get(form, ()) if key.is_of(row)]
