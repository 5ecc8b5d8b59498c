# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Xero holds of a customer after a write is as if it had been applied here.

Xero gives a value back in a form of its own. Neither that nor what the CRM holds is a
change of the other side then.
"""

from dataclasses import replace

from odoo.tools import SQL

from ..imports.items import Item
from ..imports.lines import Lines, ProfileBroken
from ..imports.rows import read_rows
from ..imports.scope import scope_of
from ..imports.two_ways import save_applied
from ..imports.values import Values
from ..mapping.crm_values import is_empty
from ..mapping.targets import CONTACT, PRODUCT, TARGETS
from ..mirror.contacts import match_persons
from ..xero.fields import Contact, is_individual, persons_of

# A contact has six persons at most; who is gone from Xero has none of its values.
MOST_ROWS = 100


def remember_applied(contact, held, answer=None):
    """Remember on a contact's row and its persons' what Xero now gives, and what the
    CRM held when that was sent. The caller holds the connection's lock.

    :param held: {str(partner id): {CRM field: value as `current_value` gives it}}
    :param answer: the contact as Xero answered, where the mirror may have it later
    """
    if not held:
        return
    answer = Contact(answer or contact.payload)
    for model in ("xero.contact", "xero.contact.person"):
        contact.env[model].flush_model()
    for profile in contact.connection_id.sudo().profile_ids:
        if TARGETS[profile.target] is not PRODUCT:
            _remember(profile, contact, answer, held)


def _remember(profile, contact, answer, held):
    target = TARGETS[profile.target]
    partners = contact.env["res.partner"].with_context(lang=profile.run_as.lang)
    try:
        lines = Lines(profile, partners)
    except ProfileBroken:
        # The import says so itself, and applies nothing as it is.
        return
    items = [Item(row) for row in _rows(profile, contact, answer)]
    given = Values(partners.env, lines).of(items)
    found = []
    for item in items:
        was = held.get(str(item.row.record_id), {})
        pairs = {
            # What was emptied is empty, even where Xero now gives another source's.
            name: [None if is_empty(was[name]) else value, was[name]]
            for name, value in given[item.row.id].items()
            if name in was and name != target.parent
        }
        if pairs:
            found.append({"id": item.row.id, "applied": pairs})
    save_applied(contact.env[target.mirror], found)


def _rows(profile, contact, answer):
    """The contact's rows that an import looks at, as Xero answered."""
    rows = read_rows(scope_of(profile), SQL("c.id = %s", contact.id), MOST_ROWS)
    individual = is_individual(answer)
    rows = [replace(row, payload=answer, individual=individual) for row in rows]
    if TARGETS[profile.target] is not CONTACT:
        return rows
    pairs = match_persons(persons_of(answer), [row.person for row in rows])
    by_id = {row.person["xero_id"]: row for row in rows}
    return [
        replace(by_id[before["xero_id"]], person=before | person)
        for person, before in pairs
        if before
    ]
