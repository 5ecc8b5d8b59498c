# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a plan's items would write, as a person reads it."""

from odoo.tools import format_date, format_datetime, html2plaintext

from .crm_values import is_empty

# What the import adds by itself says nothing to a reader.
HIDDEN = frozenset({"type", "is_company"})
# Before the names of a delivery address's fields.
DELIVERY = "delivery."
VALUE_LIMIT = 2000


def labels_of(env, target, names):
    """{name in the changes of a record of `target`: the field's label}, in the language
    of `env`."""
    fields = {name: name.removeprefix(DELIVERY) for name in names}
    told = env[target.model].fields_get(list(set(fields.values())), ["string"])
    labels = {}
    for name, field in fields.items():
        label = told[field]["string"] if field in told else field
        is_delivery = name.startswith(DELIVERY)
        labels[name] = (
            env._("Delivery address: %(field)s", field=label) if is_delivery else label
        )
    return labels


class ShownValues:
    """The values of a batch's items as a person reads them, in the language of
    `env`; the names of related records cost one query for each model."""

    def __init__(self, env, target, items):
        self._env = env
        self._model = target.model
        self._fields = env[target.model]._fields
        self._names = {
            model: self._names_of(model, ids)
            for model, ids in self._related(items).items()
        }
        self._labels = {}

    def changes(self, item):
        """{field: [what the CRM holds, what it would hold]}; None is empty. Fields of
        the delivery address begin with `DELIVERY`."""
        changes = self._changes(item)
        if item.delivery:
            changes |= self._changes(item.delivery, DELIVERY)
        return changes

    def _changes(self, item, prefix=""):
        return {
            prefix + name: [
                self._shown(name, item.old.get(name)),
                self._shown(name, value),
            ]
            for name, value in item.values.items()
            if name not in HIDDEN or name in item.sent
        }

    def asked(self, item):
        """{field: [what the CRM holds, what Xero does]} of those that were changed in
        both; None is empty."""
        return {
            name: [self._shown(name, item.old[name]), self._shown(name, value)]
            for name, value in item.asks.items()
        }

    def name_of(self, record_id):
        """What people call a record that one of the items is linked to."""
        return self._names[self._model].get(record_id)

    def _related(self, items):
        """{model: ids} of the records that the items and their values point to."""
        found = {
            self._model: {item.record_id for item in items if item.is_new_link} - {None}
        }
        deliveries = [item.delivery for item in items if item.delivery]
        for item in [*items, *deliveries]:
            for values in (item.values, item.old, item.asks):
                for name, value in values.items():
                    field = self._fields[name]
                    if field.type == "many2one" and value:
                        found.setdefault(field.comodel_name, set()).add(value)
        return found

    def _names_of(self, model, ids):
        # The plan has chosen them as its user; only their names are read here.
        records = self._env[model].sudo().browse(ids)
        return {record.id: record.display_name for record in records}

    def _shown(self, name, value):
        if is_empty(value) or value is False and not self._is_flag(name):
            return None
        field = self._fields[name]
        show = getattr(self, f"_show_{field.type}", None)
        return (show(field, value) if show else str(value))[:VALUE_LIMIT]

    def _is_flag(self, name):
        return self._fields[name].type == "boolean"

    def _show_many2one(self, field, value):
        return self._names[field.comodel_name].get(value) or str(value)

    def _show_boolean(self, _field, value):
        return self._env._("Yes") if value else self._env._("No")

    def _show_selection(self, field, value):
        if field.name not in self._labels:
            self._labels[field.name] = dict(field._description_selection(self._env))
        return str(self._labels[field.name].get(value, value))

    def _show_html(self, _field, value):
        return html2plaintext(value)

    def _show_date(self, _field, value):
        return format_date(self._env, value)

    def _show_datetime(self, _field, value):
        return format_datetime(self._env, value)
