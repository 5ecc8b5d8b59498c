# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A value of the CRM as the text that goes to Xero."""

from ..xero.writable import WRITABLE


def text_of(crm_record, field_name):
    """What goes to Xero of a CRM field: "" for none; a flag stays one.

    A country goes by its English name, or by its code where Xero would refuse that.
    """
    value = crm_record[field_name]
    if isinstance(value, bool):
        return value if crm_record._fields[field_name].type == "boolean" else ""
    if crm_record._fields[field_name].type != "many2one":
        return str(value)
    name = value.with_context(lang="en_US").name or ""
    is_refused = value._name == "res.country" and WRITABLE["Country"].unfit(name)
    return value.code if value and is_refused else name
