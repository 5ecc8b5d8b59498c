# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Takes over what Xero answered: into the mirror, linked, imported; then it is done.

The caller holds the connection's lock and commits afterwards. Doing it twice changes
nothing.
"""

import logging

from odoo import fields

from ..lost import is_lost
from ..matching.accept import link
from ..mirror.landers import Part, lander_of
from .adopt import ignore
from .applied import remember_applied
from .builders import CannotBuild
from .changes import contact_changed, settle_update
from .outbox import next_try

_logger = logging.getLogger(__name__)


def settle(entry):
    """Take over the answer of one entry; whether that ended well.

    What cannot be taken over stays, and is tried again later.
    """
    if not entry.record:
        return False
    try:
        with entry.env.cr.savepoint():
            _settle(entry)
    except CannotBuild as problem:
        # The answer is kept: a person mends it here, Xero has done its part.
        entry.write(
            {"state": "failed", "code": problem.code, "data": problem.data or False}
        )
        return False
    except Exception as error:  # noqa: BLE001  (the others go on without it)
        if is_lost(error):
            raise
        entry.env.invalidate_all(flush=False)
        _logger.exception("Xero: outbox %s", entry.id)
        entry.write(
            {
                "code": "answer_unusable",
                "attempts": entry.attempts + 1,
                "next_try_at": next_try(entry.attempts),
            }
        )
        return False
    return True


def land(connection, resource, found, read_at):
    """Bring one record into the mirror, as a sync would; its row."""
    run = connection.env["xero.sync"].search(
        [("connection_id", "=", connection.id)], limit=1
    )
    lander = lander_of(resource)
    lander.land(connection, Part(run, read_at, is_first=False), [found])
    model = "xero.transaction" if resource == "invoices" else "xero.contact"
    return connection.env[model].search(
        [
            ("connection_id", "=", connection.id),
            ("xero_id", "=", found[lander.id_name]),
        ]
    )


def link_to(contact, partner):
    """Let a contact be a customer.

    :raise CannotBuild: it is another one already
    """
    if contact.partner_id != partner:
        link(contact.env, [(contact.id, partner.id)])
    if contact.partner_id != partner:
        name = contact.partner_id.display_name or ""
        raise CannotBuild("linked_elsewhere", partner=name)


def _settle(entry):
    connection = entry.connection_id
    if entry.kind == "draft_invoice":
        _settle_invoice(
            entry, land(connection, "invoices", entry.record, entry.read_at)
        )
        return
    contact = land(connection, "contacts", entry.record, entry.read_at)
    if entry.kind == "create_contact":
        _settle_create(entry, contact)
    elif entry.state == "answered":
        settle_update(entry)
        contact._import_now()
        _done(entry, contact_id=contact.id)
    else:
        contact._import_now()
        entry.write({"record": False, "code": False})
        contact_changed(entry)


def _settle_create(entry, contact):
    partner = entry.partner_id
    if not partner:
        ignore(contact)
        _done(entry, contact_id=contact.id, code="partner_gone")
        return
    link_to(contact, partner)
    remember_applied(contact, entry.built or {}, entry.record)
    contact._import_now()
    _done(entry, contact_id=contact.id)


def _settle_invoice(entry, transaction):
    if entry.lead_id:
        transaction._link_lead(entry.lead_id)
    _done(
        entry,
        transaction_id=transaction.id,
        contact_id=transaction.contact_id.id,
    )


def _done(entry, code=False, **values):
    entry._end("done", code, record=False, done_at=fields.Datetime.now(), **values)
