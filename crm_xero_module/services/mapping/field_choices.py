# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fields of the CRM and of Xero, as a person chooses among them."""

from odoo.tools.translate import LazyTranslate

from ..xero.fields import fields_of
from .field_pairs import CHOICE, COMPANY, DATE, FLAG, NUMBER, RECORD, TEXT, target_type
from .usual_profiles import USUAL_OF

_lt = LazyTranslate(__name__)

TYPE_LABELS = {
    TEXT: _lt("text"),
    NUMBER: _lt("number"),
    FLAG: _lt("yes or no"),
    DATE: _lt("date"),
    CHOICE: _lt("choice"),
    COMPANY: _lt("company"),
    RECORD: _lt("record"),
}
KIND_LABELS = {
    "text": TYPE_LABELS[TEXT],
    "number": TYPE_LABELS[NUMBER],
    "money": TYPE_LABELS[NUMBER],
    "flag": TYPE_LABELS[FLAG],
    "moment": TYPE_LABELS[DATE],
    "organisation": TYPE_LABELS[COMPANY],
}


def target_labels(env, target):
    """{name: label} of the CRM fields that an import may fill, custom ones too, in the
    reader's language; fields that the reader may not see are left out."""
    model = env[target.model]
    names = [name for name, field in model._fields.items() if target.takes(field)]
    found = model.fields_get(names, ["string"])
    return {name: found[name]["string"] for name in names if name in found}


def target_choices(env, target):
    """What the CRM offers to `target`, as [{name, label, type, marked}]."""
    crm_fields = env[target.model]._fields
    marked = USUAL_OF[target.name].marked
    return [
        {
            "name": name,
            "label": label,
            "type": env._(TYPE_LABELS[target_type(crm_fields[name])]),
            "marked": name in marked,
        }
        for name, label in target_labels(env, target).items()
    ]


def source_choices(env, target):
    """What Xero offers to `target`, as [{name, label, type, hint}]."""
    empty = env._("empty in Xero today")
    return [
        {
            "name": name,
            "label": env._(field.label),
            "type": env._(KIND_LABELS[field.kind]),
            "hint": empty if field.is_absent else "",
        }
        for name, field in fields_of(target.source).items()
    ]
