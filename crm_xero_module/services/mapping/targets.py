# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What imports make of Xero's records: companies, contacts and products.

A target says where its records and its rows of the mirror are, and which fields an
import may fill. The engine (`services/imports/`) asks it wherever they differ.
"""

from dataclasses import dataclass

from .crm_values import PLAIN_TYPES, RELATIONS

# Found by an index on the normal form of the key (models/res_partner_keys.py, and
# `xero_id`'s own).
_INDEXED_OF_PARTNERS = frozenset({"email", "name", "phone", "ref", "vat", "xero_id"})
# Values of these types can be compared with what Xero sends.
_KEY_TYPES = frozenset({"char", "text", "selection", "integer", "float", "date"})


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of CRM records that imports make.

    `source` is the kind of Xero's records, as `services/xero/fields.py` names them;
    `model` holds the CRM records and `mirror` the rows. `alias` is the rows' table in
    an import's SQL. `link` is the column that names the record, and `row` the one that
    names the row, in lines of a run. `also` can be filled although they are not
    stored with the record, `never` although they are. `of_variants` are kept with a
    product's variants, where they serve as keys all the same. Without `needed` a
    record is not the one it should be. `codes` are the reasons that people read in
    words of their own.
    """

    name: str
    source: str
    model: str
    mirror: str
    alias: str
    link: str
    row: str
    also: frozenset = frozenset()
    never: frozenset = frozenset({"active"})
    parent: str | None = None
    of_variants: frozenset = frozenset()
    indexed: frozenset = frozenset()
    needed: frozenset = frozenset({"name"})
    codes: tuple = ()

    def takes(self, field):
        """Whether an import may fill a field of `model`: stored, and typed by people
        too. Whose record it is hangs on `active`: only people archive."""
        if field.name in self.also:
            return True
        if field.readonly or field.related or not field.store:
            return False
        if field.name in self.never:
            return False
        if field.type == "many2one":
            return field.comodel_name in RELATIONS or field.name == self.parent
        return field.type in PLAIN_TYPES

    def can_be_key(self, field):
        """Whether records can be found by a field of theirs."""
        is_there = field.store or field.name in self.of_variants
        return is_there and field.type in _KEY_TYPES

    def code(self, code):
        """The code of a reason, where it has one for this target."""
        return dict(self.codes).get(code, code)

    def columns_of(self, row):
        """The columns of a run's line that name a row of the mirror."""
        return {"contact_id": row.contact_id, self.row: row.id}


_OF_PARTNERS = {
    "model": "res.partner",
    "link": "partner_id",
    # Read only for people, and ours.
    "also": frozenset({"xero_id"}),
    "parent": "parent_id",
    "indexed": _INDEXED_OF_PARTNERS,
    "needed": frozenset({"name", "parent_id", "ref", "xero_id"}),
}
COMPANY = Target(
    "company",
    "organisation",
    mirror="xero.contact",
    alias="c",
    row="contact_id",
    **_OF_PARTNERS,
)
CONTACT = Target(
    "contact",
    "contact",
    mirror="xero.contact.person",
    alias="p",
    row="person_id",
    **_OF_PARTNERS,
)
PRODUCT = Target(
    "product",
    "item",
    model="product.template",
    mirror="xero.item",
    alias="i",
    link="product_id",
    row="item_id",
    also=frozenset({"barcode", "standard_price"}),
    of_variants=frozenset({"barcode", "default_code"}),
    needed=frozenset({"name", "default_code"}),
    codes=(
        ("name_missing", "product_name_missing"),
        ("link_by_key", "product_link_by_key"),
        ("link_to_new", "product_link_to_new"),
    ),
)
TARGETS = {target.name: target for target in (COMPANY, CONTACT, PRODUCT)}
