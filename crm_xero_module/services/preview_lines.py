# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a preview keeps of a plan's items: lines to be read, and to be compared when
it is done."""

import hashlib
import json

from odoo.tools import SQL, format_date, format_datetime, html2plaintext

from .import_items import CONFLICT, CREATE, SKIP, UPDATE
from .partner_values import is_empty

# What the import adds by itself says nothing to a reader.
HIDDEN = frozenset({"type", "is_company"})
DELIVERY = "delivery."
VALUE_LIMIT = 2000
# Which number of the run counts a line's outcome. What is not told is "the same".
COUNTS = {
    "create": "created",
    "update": "updated",
    "link": "linked",
    "skipped": "skipped",
    "conflict": "failed",
    None: "unchanged",
}
CHANGES = ("create", "update", "link")


def outcome_of(item):
    """The outcome of an item's line, None where there is nothing to tell."""
    if item.action == CREATE:
        return "create"
    if item.is_new_link:
        return "link"
    if item.action == UPDATE:
        return "update"
    if item.action == CONFLICT:
        return "conflict"
    return "skipped" if item.action == SKIP and not item.silent else None


def fingerprint(item, partner=None):
    """The hash of all that an item would do. `partner` takes the place of the
    item's, where that did not exist when it was planned."""
    told = [
        outcome_of(item),
        partner or item.partner_id or joined(item.same_as),
        item.parent_id,
        item.values,
        item.old,
        item.link_state,
        item.code,
        _delivery(item),
    ]
    text = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _delivery(item):
    there = item.delivery
    return there and [
        there.action,
        there.partner_id,
        there.values,
        there.old,
        there.link_state,
    ]


def joined(row_id):
    """The partner that a row of the mirror creates, before it has an id."""
    return row_id and f"row {row_id}"


def labels_of(env, names):
    """{name in a line's changes: the field's label}, in the language of `env`."""
    fields = {name: name.removeprefix(DELIVERY) for name in names}
    told = env["res.partner"].fields_get(list(set(fields.values())), ["string"])
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

    def __init__(self, env, items):
        self._env = env
        self._fields = env["res.partner"]._fields
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
            if name not in HIDDEN
        }

    def name_of(self, partner_id):
        """What people call a partner that one of the items is linked to."""
        return self._names["res.partner"].get(partner_id)

    def _related(self, items):
        """{model: ids} of the records that the items and their values point to."""
        found = {
            "res.partner": {item.partner_id for item in items if item.is_new_link}
            - {None}
        }
        deliveries = [item.delivery for item in items if item.delivery]
        for item in [*items, *deliveries]:
            for values in (item.values, item.old):
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


def insert_lines(env, values_list):
    """Put lines of runs into the table, in this order, by one statement."""
    if not values_list:
        return
    model = env["xero.sync.line"]
    rows = [_columns(model, values) for values in values_list]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = [SQL.identifier(name) for name in names]
    kinds = [SQL(model._fields[name].column_type[1]) for name in names]
    env.execute_query(
        SQL(
            """
            INSERT INTO xero_sync_line (
                create_uid, create_date, write_uid, write_date, %(columns)s
            )
            SELECT %(user)s, now() AT TIME ZONE 'UTC',
                   %(user)s, now() AT TIME ZONE 'UTC', %(columns)s
              FROM ROWS FROM (jsonb_to_recordset(%(rows)s::jsonb) AS (%(types)s))
                   WITH ORDINALITY
             ORDER BY ordinality
            RETURNING id
            """,
            user=env.uid,
            columns=SQL(", ").join(columns),
            types=SQL(", ").join(
                SQL("%s %s", name, kind)
                for name, kind in zip(columns, kinds, strict=True)
            ),
            rows=json.dumps(rows),
        )
    )


def _columns(model, values):
    """The stored values of a line, without what is empty."""
    return {
        name: value
        for name, value in values.items()
        if model._fields[name].column_type and value not in (None, False)
    }
