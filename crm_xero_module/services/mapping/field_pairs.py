# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which of Xero's kinds of value fit which types of CRM fields."""

# What a CRM field takes, in a person's terms, by the types of Odoo's fields.
TEXT, NUMBER, FLAG, DATE = "text", "number", "flag", "date"
CHOICE, COMPANY, RECORD = "choice", "company", "record"
_TYPES = {
    "char": TEXT,
    "text": TEXT,
    "html": TEXT,
    "integer": NUMBER,
    "float": NUMBER,
    "monetary": NUMBER,
    "boolean": FLAG,
    "date": DATE,
    "datetime": DATE,
    "selection": CHOICE,
    "many2one": RECORD,
}
_FITS = {
    "text": frozenset({TEXT, NUMBER, CHOICE, RECORD}),
    "number": frozenset({TEXT, NUMBER}),
    "money": frozenset({TEXT, NUMBER}),
    "flag": frozenset({FLAG}),
    "moment": frozenset({DATE}),
    "organisation": frozenset({TEXT, COMPANY}),
}


def target_type(field):
    """What a CRM field takes; the company of a person is no text."""
    return COMPANY if field.name == "parent_id" else _TYPES[field.type]


def compatible(kind, target):
    """Whether a Xero value (`SourceField.kind`) fits a CRM field (`target_type`).

    A Xero text may hold a number, the name of a choice or of a country. A date or
    a flag as a text would be nothing that anybody can read or compare.
    """
    return target in _FITS[kind]
