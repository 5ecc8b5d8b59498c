# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Carries a plan out: CRM records through the ORM in batches, links in bulk.

One bad record never stops a batch: it is found by halving, and logged.
"""

import json
import logging
from collections import Counter

import psycopg2

from odoo.exceptions import AccessError
from odoo.tools import SQL, mute_logger

from ..lost import is_lost
from ..mapping.crm_values import current_value
from ..mapping.targets import COMPANY, CONTACT
from .items import CONFLICT, CREATE, FAILED, SKIP, UNCHANGED, UPDATE
from .lines import ADDRESS

_logger = logging.getLogger(__name__)

MESSAGE_LIMIT = 500


def bulk(records):
    """A model for writing many records at once: the only place that sets such keys.

    Nothing is tracked field by field. On create, Odoo's own copying between a
    company and its persons is left out: who has no company has nothing to copy, and
    to persons the caller gives their company's values, never an address of their
    own.
    """
    return records.with_context(tracking_disable=True, _partners_skip_fields_sync=True)


def create_records(model, values_list):
    """Make many records; each is stored as a plain `create` would store it."""
    made = bulk(model).create(values_list)
    # Odoo would make four small images of no image, record by record: a tenth of
    # what a new partner costs.
    bare = made.filtered(lambda record: not record.image_1920)
    for field in made._fields.values():
        if field.store and field.related == "image_1920":
            model.env.remove_to_compute(field, bare)
    return made


def of_company(parent):
    """What persons and addresses below a partner have from it, their own address
    apart: Odoo's copying of these is left out (`bulk`)."""
    commercial = parent.commercial_partner_id._get_commercial_values()
    return commercial | {"company_id": parent.company_id.id}


class Applier:
    """Does what the items of a plan say, as the planner's user."""

    def __init__(self, planner):
        planner.check_rights()
        self.planner = planner
        self.env = planner.env
        self.profile = planner.profile
        self.target = planner.target
        self.records = self.env[self.target.model]

    def apply(self, items):
        """Carry the plan out; return a Counter of created, updated, unchanged,
        skipped and failed. Each item then says what became of it."""
        self._halve([i for i in items if i.action == CREATE], self._create)
        changed = [i for i in items if i.action == UPDATE and i.values]
        self._halve(changed, self._write)
        self._join_same(items)
        self._save_links(items)
        return Counter(_OUTCOMES[item.action] for item in items)

    # One bad record never stops the others

    def _halve(self, items, work):
        if not items:
            return
        error = self._attempt(items, work)
        if error is None:
            return
        if self._drop_refused_vats(items) and self._attempt(items, work) is None:
            return
        if len(items) > 1:
            middle = len(items) // 2
            self._halve(items[:middle], work)
            self._halve(items[middle:], work)
        else:
            self._single(items[0], work, error)

    def _attempt(self, items, work):
        """The error that stopped the batch, which is then undone, or None."""
        # Odoo would log the whole statement, with all names and addresses in it.
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                work(items)
        except Exception as error:  # noqa: BLE001  (any module may hang in there)
            if is_lost(error):
                raise
            return error
        return None

    def _single(self, item, work, error):
        """A record that fails alone comes without the value that is at fault,
        where there is one such."""
        values, sent = item.values, item.sent
        for code, names in self._suspects(item, error):
            item.values, item.sent = _without(values, names), _without(sent, names)
            if self._attempt([item], work) is None:
                name = next(name for name in names if name in values)
                value, label = values[name], self.planner.fields[name].string
                item.notes.append((code, {"value": value, "field": label}))
                return
        item.values, item.sent = values, sent
        _logger.info("Xero: a record was refused: %s", type(error).__name__)
        if item.action == CREATE:
            item.record_id = None
        item.skip("write_refused", action=FAILED, message=_message(error))

    def _suspects(self, item, error):
        """(code, fields) of what to leave out, one after the other."""
        if isinstance(error, AccessError):
            return []
        groups = [
            ("vat_refused", ("vat",)),
            ("country_refused", ("country_id", "state_id")),
        ]
        known = {name for _code, names in groups for name in names} | self.target.needed
        others = [name for name in item.sent if name not in known]
        groups += [("value_refused", (name,)) for name in others]
        present = [
            (code, [name for name in names if name in item.sent])
            for code, names in groups
        ]
        return [
            (code, names)
            for code, names in present
            if any(name in item.values for name in names)
        ]

    def _drop_refused_vats(self, items):
        """Leave out the tax numbers that base_vat refuses; whether there were any.

        Asked only after a refusal: each question costs queries.
        """
        check = getattr(self.records, "_run_vat_checks", None)
        refused = [
            item for item in items if check and self._is_vat_refused(item, check)
        ]
        for item in refused:
            item.notes.append(("vat_refused", {"value": item.values.pop("vat")}))
            item.sent.pop("vat", None)
        return bool(refused)

    def _is_vat_refused(self, item, check):
        vat = item.values.get("vat")
        if not vat:
            return False
        partner = self.records.browse(item.record_id or [])
        country_id = item.values.get("country_id", partner.country_id.id)
        country = self.env["res.country"].browse(country_id or [])
        found, _country_code = check(country, vat, validation="setnull")
        return not found

    # Records

    def _create(self, items):
        alone = [item for item in items if not item.values.get("parent_id")]
        children = [item for item in items if item.values.get("parent_id")]
        made = create_records(self.records, [dict(item.values) for item in alone])
        self._note(alone, made)
        if children:
            self._create_children(children)

    def _create_children(self, items):
        parents = self.records.browse({item.values["parent_id"] for item in items})
        inherited = {
            parent.id: of_company(parent) | parent._get_address_values()
            for parent in parents
        }
        made = create_records(
            self.records,
            [inherited[item.values["parent_id"]] | item.values for item in items],
        )
        if self.env["res.company"].sudo().search_count([], limit=2) > 1:
            for child in made.sudo():
                child._company_dependent_commercial_sync()
        self._note(items, made)

    def _write(self, items):
        written = bulk(self.records).browse([item.record_id for item in items])
        for item, record in zip(items, written, strict=True):
            values = dict(item.values)
            if self.target.parent:
                values = self._with_parent(values, record)
            record.write(values)
        self._note(items, written)

    def _with_parent(self, values, partner):
        """A person with an address of its own keeps it where its new company has
        none; Odoo would make it the company's."""
        parent = self.records.browse(values.get("parent_id") or [])
        if (
            parent
            and any(partner[name] for name in ADDRESS)
            and not parent._get_address_values()
        ):
            values["type"] = "other"
        return values

    def _note(self, items, records):
        """Remember which record each item is, and what that now holds."""
        # Now, not at the end of the savepoint, so that what Odoo makes of the
        # values is what we read.
        self.env.flush_all()
        for item, record in zip(items, records, strict=True):
            item.record_id = record.id
            for name in item.values:
                if name in item.sent:
                    item.held[name] = current_value(record, record._fields[name])

    # Links

    def _join_same(self, items):
        by_row = {item.row.id: item for item in items}
        for item in items:
            if item.same_as:
                first = by_row[item.same_as]
                item.record_id = first.record_id
                if first.action != CREATE:
                    item.skip(first.code, **first.data)

    def _save_links(self, items):
        links = [link for item in items if (link := self._link(item))]
        if not links:
            return
        self._update_links(self.target, links)
        if self.target is COMPANY:
            self._follow_persons([link["id"] for link in links if link["is_new"]])
        elif self.target is CONTACT:
            self._link_individuals(items)
        for name in self.planner.scope.models:
            self.env[name].invalidate_model(flush=False)

    def _link(self, item):
        """What to save on the mirror row, None where it says so already."""
        row = item.row
        if item.link_state:
            return self._link_row(row, row.record_id, item.link_state, row.applied)
        if item.action not in (CREATE, UPDATE, UNCHANGED) or not item.record_id:
            return None
        applied = dict(row.applied)
        for name, value in item.sent.items():
            # What was not written is in the CRM as Xero has it, or as Odoo made
            # it of that when it was written.
            last = applied.get(name)
            held = item.held[name] if name in item.values else value
            if name not in item.values and last and last[0] == value:
                continue
            applied[name] = [value, held]
        link = self._link_row(row, item.record_id, "linked", applied, item.leading)
        same = row.record_id == item.record_id and row.leading == item.leading
        return None if same and applied == row.applied else link

    def _link_row(self, row, record_id, state, applied, leading=True):
        return {
            "id": row.id,
            "record_id": record_id,
            "link_state": state,
            "applied": applied,
            "is_leading": leading and state == "linked",
            "is_new": state == "linked" and not row.record_id,
        }

    def _update_links(self, target, links):
        leads = SQL(", is_leading = new.is_leading") if target is COMPANY else SQL()
        self.env.execute_query(
            SQL(
                """
                UPDATE %s AS old
                   SET %s = new.record_id, link_state = new.link_state,
                       applied = new.applied%s
                  FROM jsonb_to_recordset(%s::jsonb) AS new(
                       id int, record_id int, link_state text, applied jsonb,
                       is_leading bool)
                 WHERE old.id = new.id
                RETURNING old.id
                """,
                SQL.identifier(self.env[target.mirror]._table),
                SQL.identifier(target.link),
                leads,
                json.dumps(links),
            )
        )

    def _follow_persons(self, contact_ids):
        """Persons of contacts that just came: one human's is the same partner,
        and the others are seen again by the imports that passed them over."""
        if not contact_ids:
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE xero_contact_person
                   SET change_seq = nextval('xero_change_seq')
                 WHERE contact_id = ANY(%s) AND active AND link_state != 'ignored'
                   AND change_seq <= (
                       SELECT max(position) FROM xero_import_profile
                        WHERE connection_id = %s AND target = 'contact'
                   )
                RETURNING id
                """,
                contact_ids,
                self.profile.connection_id.id,
            )
        )

    def _link_individuals(self, items):
        """A contact that is one human leads the partner that its person became."""
        links = [
            self._link_row(item.row, item.record_id, "linked", {})
            | {"id": item.row.contact_id}
            for item in items
            if item.action == CREATE and item.row.individual
        ]
        if links:
            self._update_links(COMPANY, links)


_OUTCOMES = {
    CREATE: "created",
    UPDATE: "updated",
    UNCHANGED: "unchanged",
    SKIP: "skipped",
    CONFLICT: "failed",
    FAILED: "failed",
}


def _without(values, names):
    return {name: value for name, value in values.items() if name not in names}


def _message(error):
    """The first words of an error, without the record's values of a database's."""
    if isinstance(error, psycopg2.Error):
        return (error.diag.message_primary or type(error).__name__)[:MESSAGE_LIMIT]
    return (str(error) or type(error).__name__).strip()[:MESSAGE_LIMIT]
