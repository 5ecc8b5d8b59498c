# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sends an entry of the outbox: claim it, commit, ask Xero, save the answer, commit.

No transaction is open while Xero is asked. Whoever dies over it leaves an entry that
is sent again under the same key, which Xero then has once all the same.
"""

import json
import logging
from dataclasses import dataclass
from datetime import timedelta

from odoo import fields

from ...exceptions import ConnectorError
from ..connector.answers import answered_at
from ..reasons import STOPPING_CODES
from ..xero.values import load_json, record, text, usable_id
from .builders import BUILDERS, CannotBuild
from .outbox import SENDING_SECONDS, next_try, obstacle, waits_for

_logger = logging.getLogger(__name__)

# Xero's own word on this very thing: no earlier try has arrived either.
DEFINITE = frozenset(
    {"xero_validation", "contact_exists", "contact_number_taken", "contact_archived"}
)
# Asking again changes nothing: a person has to look at it.
REFUSALS = DEFINITE | {"xero_refused", "record_unknown", "idempotency_key_reused"}
# It was turned away at the door, by the connector or before it.
NOT_SENT = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429})
# A person mends these, wherever they come from.
REFUSED = frozenset({400, 413, 422})
# The member of an answer that is the record, and its id.
RECORDS = {"draft_invoice": ("invoice", "InvoiceID")}
CONTACT = ("contact", "ContactID")


@dataclass(frozen=True, slots=True)
class Claim:
    """An entry that nobody else sends for a while, and what is known before."""

    entry: object
    had_arrived: bool
    by_hand: bool


def send(entry, client, *, by_hand=False):
    """Send one entry, if it may be sent now; whether others may be sent as well.

    Commits before and after Xero is asked.

    :param by_hand: a person waits for it: pauses are over, and it may use the calls
        that are kept for people
    """
    claim = _claim(entry, by_hand)
    _commit(entry.env)
    if not claim:
        return True
    try:
        # Every try is found under the key, which stays the entry's.
        with client.tracing(entry.key):
            answer = _ask(claim, client)
    except ConnectorError as error:
        goes_on = _refused(claim, error)
    else:
        goes_on = _answered(claim, answer)
    _commit(entry.env)
    return goes_on


def _commit(env):
    env["ir.cron"]._commit_progress()
    env.invalidate_all()


# Before


def _claim(entry, by_hand):
    """Take the entry for as long as sending lasts; None where it is not to be sent."""
    entry = entry.try_lock_for_update()
    entry.invalidate_recordset()
    if not entry or not is_due(entry, by_hand):
        return None
    if code := obstacle(entry):
        _wait(entry, code)
        return None
    if waits_for(entry):
        entry.code = "waits_for_earlier"
        return None
    # What may be in Xero is asked for, whatever became of the customer.
    if not entry.may_have_arrived and not _is_sendable(entry):
        return None
    claim = Claim(entry, entry.may_have_arrived, by_hand)
    until = fields.Datetime.now() + timedelta(seconds=SENDING_SECONDS)
    entry.write(
        {
            "attempts": entry.attempts + 1,
            "sending_until": until,
            "may_have_arrived": True,
        }
    )
    return claim


def is_due(entry, by_hand):
    now = fields.Datetime.now()
    if entry.state != "waiting" or entry.record:
        return False
    if entry.sending_until and entry.sending_until > now:
        return False
    return by_hand or not entry.next_try_at or entry.next_try_at <= now


def _is_sendable(entry):
    """Whether the customer is still one to write to Xero; else the entry is over, or
    a person's."""
    try:
        _CHECKS[entry.kind](entry)
    except CannotBuild as problem:
        state = "failed" if problem.code in _FOR_A_PERSON else "cancelled"
        entry._end(state, problem.code, problem.data)
        return False
    return True


def _check_create(entry):
    if not entry.partner_id:
        raise CannotBuild("partner_gone")
    if not entry.partner_id.active:
        raise CannotBuild("partner_archived")
    # `numbers.py`: ODOO-database-customer, and -2 where a person wants one more.
    is_one_more = entry.body.get("ContactNumber", "").count("-") > 2
    if not is_one_more and entry._linked_contact():
        raise CannotBuild("linked_meanwhile")


def _check_update(entry):
    if entry.contact_id.link_state != "linked":
        raise CannotBuild("contact_unlinked")


def _check_invoice(entry):
    """A draft that waited for its customer learns now who that is in Xero."""
    if entry.body.get("Contact"):
        return
    built = BUILDERS["draft_invoice"](entry)
    entry.write({"body": built.body, "shown": built.shown, "built": built.built})


_CHECKS = {
    "create_contact": _check_create,
    "update_contact": _check_update,
    "draft_invoice": _check_invoice,
}
_FOR_A_PERSON = frozenset(
    {"partner_archived", "contact_archived", "contact_not_linked"}
)


# Xero is asked


def _ask(claim, client):
    """What the connector answers."""
    entry = claim.entry
    sent = {
        "connection": entry.connection_id.connector_ref,
        "key": entry.key,
        "automatic": entry.is_automatic and not claim.by_hand,
    }
    match entry.kind:
        case "create_contact":
            return client.create_contact(contact=entry.body, **sent)
        case "update_contact":
            return client.update_contact(
                contact_id=entry.contact_id.xero_id,
                contact=entry.body,
                seen=entry.seen,
                **sent,
            )
        case "draft_invoice":
            return client.create_invoice(invoice=entry.body, **sent)


# After


def _answered(claim, answer):
    entry = claim.entry
    member, id_name = RECORDS.get(entry.kind, CONTACT)
    found = _clean(answer.get(member))
    xero_id = usable_id(found.get(id_name))
    if not xero_id:
        # Also where something else than the connector answered.
        _wait(entry, "xero_unknown", answer.get("retry_after"))
        return True
    if not _is_ours(entry, found, xero_id):
        _wait(entry, "connector_answer_unreadable")
        return True
    entry.write(
        {
            "state": "answered",
            "code": False,
            "data": False,
            "answer": {"outcome": answer.get("outcome"), "id": xero_id},
            "record": found,
            "read_at": answered_at(answer.get("read_at")),
            "sending_until": False,
            "next_try_at": False,
            "may_have_arrived": False,
        }
    )
    return True


def _is_ours(entry, found, xero_id):
    """Whether a record is what was written, by what we know it by: an answer may be
    another write's, and would link the customer to somebody else's contact."""
    if entry.kind == "update_contact":
        return xero_id == entry.contact_id.xero_id
    name = "Reference" if entry.kind == "draft_invoice" else "ContactNumber"
    sent = text(entry.body.get(name))
    return not sent or text(found.get(name)) == sent


def _refused(claim, error):
    """Note what went wrong; whether the others may be sent all the same."""
    entry = claim.entry
    code, extra = error.code, error.extra
    _logger.info("Xero: outbox %s: %s", entry.id, code)
    if code == "contact_changed":
        _take_change(entry, extra)
        return True
    if code in REFUSALS or error.status in REFUSED:
        arrived = claim.had_arrived and code not in DEFINITE
        entry._end("failed", code, _told(extra), may_have_arrived=arrived)
        return True
    if error.status in NOT_SENT and code != "write_in_progress":
        entry.may_have_arrived = claim.had_arrived
    _wait(entry, code, extra.get("retry_after"))
    if code in STOPPING_CODES and code != "scope_missing":
        _stop(entry.connection_id, code)
    return code == "write_in_progress"


def _take_change(entry, extra):
    """Somebody changed the contact in Xero: that is taken over before anything is
    sent."""
    found = _clean(extra.get("contact"))
    if not _is_ours(entry, found, usable_id(found.get("ContactID"))):
        return _wait(entry, "connector_answer_unreadable")
    entry.write(
        {
            "code": "contact_changed",
            "record": found,
            "read_at": answered_at(extra.get("read_at")),
            "sending_until": False,
            "next_try_at": False,
            "may_have_arrived": False,
        }
    )


def _wait(entry, code, retry_after=None):
    entry.write(
        {
            "code": code,
            "data": False,
            "sending_until": False,
            "next_try_at": next_try(entry.attempts, retry_after),
        }
    )


def _stop(connection, code):
    """Nothing goes on until a person sees to the connection; a run that is at work
    finds that out by itself."""
    if connection.try_lock_for_update():
        connection.write({"state": "reconnect", "state_code": code})


def _told(extra):
    """What Xero said, for the words of the problem: nothing else of the answer."""
    told = {}
    if messages := [str(text) for text in extra.get("messages") or []]:
        told["message"] = " ".join(messages)
    if contacts := [record(found) for found in extra.get("contacts") or []]:
        told["contacts"] = contacts
    return _clean(told)


def _clean(found):
    """A record without what a database cannot hold, as the feed's are."""
    return record(load_json(json.dumps(record(found)).encode()))
