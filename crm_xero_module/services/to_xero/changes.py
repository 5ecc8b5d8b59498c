# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Changes of linked customers on their way to Xero: one entry of the outbox for each
contact, made again as long as it was not sent.

Which field goes which way is what the imports' plan says (`imports/two_ways.py`), so
that both ways follow the same rules.
"""

import logging

from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..imports.both_changed import tell_missing
from ..imports.lines import FIRST_NAMES, LAST_NAMES, ProfileBroken
from ..imports.run import ImportRun
from ..imports.two_ways import mark_due
from ..xero.writable import WRITABLE
from .applied import remember_applied
from .builders import BUILDERS, CannotBuild
from .changed_customers import (
    FEEDS,
    contacts_due,
    is_company,
    looked_at,
    note_changed,
)
from .contact_changes import Change, ContactChanges, split_name
from .crm_texts import text_of
from .outbox import OPEN_STATES

_logger = logging.getLogger(__name__)

# Contacts of one pass; who is left has its turn with the next one.
LIMIT = 500


def queue_changes(connection):
    """Put what people changed of linked customers into the outbox, where the connection
    goes both ways; the number of entries made or made again.

    The caller holds the connection's lock.
    """
    connection = connection.sudo()
    if connection.direction != "both" or not connection.may_write:
        return 0
    planners = _planners(connection)
    note_changed(connection, planners)
    contact_ids = contacts_due(connection, LIMIT)
    if not contact_ids:
        return 0
    changes = _changes_of(planners, contact_ids, tell=True)
    entries = _open_entries(connection, contact_ids)
    contacts = connection.env["xero.contact"].browse(contact_ids)
    waiting, made = [], 0
    for contact in contacts:
        found = changes.get(contact.id, ContactChanges({}))
        entry = entries.get(contact.id)
        if entry and not _may_build(entry):
            waiting.append(contact.id)
        else:
            made += _queue(contact, found, entry)
    looked_at(connection.env, set(contact_ids) - set(waiting))
    return made


def build_again(entry):
    """The `Built` of an entry as the CRM and the mirror are now; see `BUILDERS`."""
    connection = entry.connection_id.sudo()
    changes = _changes_of(_planners(connection), entry.contact_id.ids)
    found = changes.get(entry.contact_id.id)
    return found.built(entry.env) if found else None


BUILDERS["update_contact"] = build_again


def settle_update(entry):
    """Remember what Xero took: its answer has landed in the mirror. What people changed
    here while it was under way is looked at next."""
    contact = entry.contact_id
    remember_applied(contact, entry.built or {}, entry.record)
    entry.built = False
    mark_due(entry.env, contact.ids)
    _import_anew(contact)


def contact_changed(entry):
    """Somebody had changed the contact in Xero. That has landed and was imported: send
    what the CRM still has to say, if anything."""
    try:
        built = build_again(entry)
    except CannotBuild as problem:
        entry._end("failed", problem.code, problem.data)
        return
    if built:
        _build(entry, built)
    else:
        entry._end("cancelled", "nothing_to_send")


# What goes


def _planners(connection):
    """Of the imports that follow a sync, those with fields that go back; those of
    persons first."""
    found = []
    for profile in connection._auto_profiles():
        try:
            planner = ImportRun(profile, connection.env["xero.sync"])._planner()
        except (AccessError, ProfileBroken) as error:
            # The next sync's run says so in full.
            _logger.info("Xero: changes of import: %s", type(error).__name__)
            continue
        if planner.two_ways.names:
            found.append(planner)
    return sorted(found, key=is_company)


def _changes_of(planners, contact_ids, tell=False):
    """{contact id: `ContactChanges`} of those that have any.

    :param tell: whether what was changed in both, too, is told in “Not imported”
    """
    found = {}
    for planner in planners:
        wanted = SQL("c.id = ANY(%s) AND %s", list(contact_ids), FEEDS)
        items = planner.plan(planner.rows(wanted, None))
        for item in items:
            if item.sends:
                contact = found.setdefault(
                    item.row.contact_id, ContactChanges(item.row.payload)
                )
                contact.changes += _changes_in(planner, item)
        if tell:
            tell_missing(planner, items)
    return found


def _changes_in(planner, item):
    """The `Change` of each place that an item's values go to."""
    record = planner.records.browse(item.record_id)
    for name, held in item.sends.items():
        if name == "name" and planner.lines.makes_name:
            texts = _texts_of_name(item, record)
        else:
            texts = {name: text_of(record, name)}
        for part, value in texts.items():
            line = planner.lines.both_ways[part]
            if WRITABLE[line.goes_to.name].takes(item.row.person):
                yield Change(
                    source=line.goes_to.name,
                    label=planner.env._(line.goes_to.label),
                    text=value,
                    partner_id=record.id,
                    crm_field=name,
                    held=held,
                    person=item.row.person,
                )


def _texts_of_name(item, record):
    """{field: text} of a person's name that was changed as a whole; none where its
    parts were changed, too, which make it."""
    parts = (FIRST_NAMES[0], LAST_NAMES[0])
    if any(part in item.sends for part in parts):
        return {}
    person = item.row.person
    before = {"FirstName": person["first_name"], "LastName": person["last_name"]}
    return dict(zip(parts, split_name(record.name, before), strict=True))


# The outbox


def _open_entries(connection, contact_ids):
    """{contact id: its entry that is not over}"""
    entries = connection.env["xero.outbox"].search(
        [
            ("kind", "=", "update_contact"),
            ("contact_id", "in", contact_ids),
            ("state", "in", OPEN_STATES),
        ]
    )
    return {entry.contact_id.id: entry for entry in entries}


def _may_build(entry):
    """Whether it was not sent, so that it may say something else."""
    return entry.state != "answered" and not entry.record and entry._is_ours_alone()


def _queue(contact, changes, entry):
    """Make, make again or end the entry of a contact; whether one is to be sent."""
    problem = None
    try:
        built = changes.built(contact.env)
    except CannotBuild as found:
        built, problem = None, found
    if problem and entry:
        entry._end("failed", problem.code, problem.data)
    elif problem:
        _new_entry(contact, failed=problem.code, data=problem.data)
    elif built and entry:
        return (entry.body, entry.seen) != (built.body, built.seen) and _build(
            entry, built
        )
    elif built:
        _new_entry(contact, **_parts(built))
    elif entry:
        entry._end("cancelled", "nothing_to_send")
    return bool(built)


def _new_entry(contact, **values):
    values = {"body": {}, "shown": [], **values}
    contact.env["xero.outbox"]._queue(
        "update_contact",
        contact.connection_id,
        name=contact.partner_id.name or contact.name,
        partner=contact.partner_id,
        contact=contact,
        automatic=True,
        **values,
    )


def _build(entry, built):
    return entry._build_again(**_parts(built))


def _parts(built):
    return {
        "body": built.body,
        "shown": built.shown,
        "built": built.built,
        "seen": built.seen,
    }


def _import_anew(contact):
    """Let the next import look at the contact and its persons: what was under way, it
    left alone."""
    for table, column in (
        ("xero_contact", "id"),
        ("xero_contact_person", "contact_id"),
    ):
        contact.env.execute_query(
            SQL(
                """
                UPDATE %s SET change_seq = nextval('xero_change_seq')
                 WHERE %s = ANY(%s) RETURNING id
                """,
                SQL.identifier(table),
                SQL.identifier(column),
                contact.ids,
            )
        )
    contact.invalidate_recordset(["change_seq"])
    contact.person_ids.invalidate_recordset(["change_seq"])
