# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lands Xero's contacts in the mirror tables, many at once.

Only what differs is written. Whatever changes takes the next number of
`xero_change_seq`, and the caller holds the connection's lock, so that these numbers
become visible in their order.
"""

import json

from odoo.tools import SQL

from ..xero.fields import Contact, address_of, persons_of, phone_of
from ..xero.values import flag, moment, number, record, text
from .bulk import Landed, column_lists, incoming
from .groups import land_memberships

GONE_STATUSES = frozenset({"ARCHIVED", "GDPRREQUEST"})

# Columns that hold a text of Xero's as it is.
_TEXTS = {
    "name": "Name",
    "first_name": "FirstName",
    "last_name": "LastName",
    "email": "EmailAddress",
    "contact_number": "ContactNumber",
    "account_number": "AccountNumber",
    "company_number": "CompanyNumber",
    "tax_number": "TaxNumber",
    "website": "Website",
    "status": "ContactStatus",
    "merged_to": "MergedToContactID",
    "default_currency": "DefaultCurrency",
}
_CONTACT_COLUMNS = {
    "xero_id": "text",
    "name": "text",
    "first_name": "text",
    "last_name": "text",
    "email": "text",
    "contact_number": "text",
    "account_number": "text",
    "company_number": "text",
    "tax_number": "text",
    "website": "text",
    "status": "text",
    "archived": "bool",
    "merged_to": "text",
    "is_customer": "bool",
    "is_supplier": "bool",
    "phone": "text",
    "direct_phone": "text",
    "mobile": "text",
    "fax": "text",
    "city": "text",
    "country": "text",
    "default_currency": "text",
    "receivable_outstanding": "numeric",
    "receivable_overdue": "numeric",
    "updated_at": "timestamp",
    "payload": "jsonb",
    "digest": "text",
}
_PERSON_COLUMNS = {
    "contact_id": "int",
    "xero_id": "text",
    "position": "int",
    "first_name": "text",
    "last_name": "text",
    "email": "text",
    "include_in_emails": "bool",
}


def land_contacts(connection, contacts, read_at):
    """Bring the mirror up to date with `contacts`, read at `read_at` (naive UTC).

    :param contacts: records, or {ContactID: Piece} of a page, of which what the mirror
        has, byte for byte, is passed over
    """
    found = incoming(connection, "xero_contact", contacts, "ContactID")
    new = {xero_id: Contact(contact) for xero_id, contact in found.records.items()}
    changed = _upsert_contacts(connection, new, read_at, found.digests)
    if changed:
        records = {row: new[xero_id] for row, xero_id in changed.items()}
        _land_persons(connection, records)
        land_memberships(connection, records)
        connection.env["xero.contact"].invalidate_model(flush=False)
        connection.env["xero.contact.person"].invalidate_model(flush=False)
    return Landed(len(found.ids), len(changed), found.unusable)


def _contact_row(xero_id, contact, digest):
    balance = record(record(contact.get("Balances")).get("AccountsReceivable"))
    address = address_of(contact)
    updated_at = moment(contact.get("UpdatedDateUTC"))
    row = {column: text(contact.get(name)) for column, name in _TEXTS.items()}
    return row | {
        "xero_id": xero_id,
        "archived": row["status"] in GONE_STATUSES,
        "is_customer": flag(contact.get("IsCustomer")),
        "is_supplier": flag(contact.get("IsSupplier")),
        "phone": phone_of(contact, "DEFAULT"),
        "direct_phone": phone_of(contact, "DDI"),
        "mobile": phone_of(contact, "MOBILE"),
        "fax": phone_of(contact, "FAX"),
        "city": address.get("City"),
        "country": address.get("Country"),
        "receivable_outstanding": number(balance.get("Outstanding")) or 0.0,
        "receivable_overdue": number(balance.get("Overdue")) or 0.0,
        "updated_at": updated_at and str(updated_at),
        "payload": contact,
        "digest": digest,
    }


def _upsert_contacts(connection, distinct, read_at, digests):
    """Return {mirror row id: ContactID} of the rows that changed."""
    if not distinct:
        return {}
    # One JSON parameter: PostgreSQL takes it apart faster than a driver could
    # quote a value at a time.
    rows = [
        _contact_row(xero_id, contact, digests[xero_id])
        for xero_id, contact in distinct.items()
    ]
    changed = connection.env.execute_query(
        SQL(
            """
            WITH new AS MATERIALIZED (
                SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(%(types)s)
            ), same AS MATERIALIZED (
                SELECT old.id, old.xero_id
                  FROM xero_contact old
                  JOIN new USING (xero_id, payload)
                 -- By their ids, not by the connection, which has them all.
                 WHERE old.connection_id = %(connection)s
                   AND old.xero_id = ANY(%(ids)s)
            ), written_otherwise AS (
                UPDATE xero_contact old
                   SET digest = new.digest
                  FROM same
                  JOIN new USING (xero_id)
                 WHERE old.id = same.id
            )
            INSERT INTO xero_contact (
                connection_id, company_id, read_at, link_state, is_leading,
                change_seq, %(columns)s
            )
            SELECT %(connection)s, %(company)s, %(read_at)s, 'unlinked', FALSE,
                   nextval('xero_change_seq'), %(new)s
              FROM new
             -- Rows that are the same are left out here: ON CONFLICT would lock
             -- each of them, and use up its number.
             WHERE xero_id NOT IN (SELECT xero_id FROM same)
             ORDER BY new.xero_id
            ON CONFLICT (connection_id, xero_id) DO UPDATE
               SET read_at = EXCLUDED.read_at,
                   change_seq = EXCLUDED.change_seq,
                   %(updates)s
             WHERE xero_contact.read_at <= EXCLUDED.read_at
            RETURNING id, xero_id
            """,
            connection=connection.id,
            company=connection.company_id.id,
            read_at=read_at,
            ids=list(distinct),
            rows=json.dumps(rows),
            **column_lists(_CONTACT_COLUMNS),
        )
    )
    return dict(changed)


def _land_persons(connection, contacts):
    """Bring the persons of these contacts, {mirror row id: record}, up to date.

    All of them take a new number, as their phones and address are the contact's.
    """
    known = _known_persons(connection, list(contacts))
    rows, gone = [], []
    for contact_id, contact in contacts.items():
        old = known.get(contact_id, [])
        pairs = match_persons(persons_of(contact), old)
        taken = {person["xero_id"] for person in old}
        for person, before in pairs:
            xero_id = before["xero_id"] if before else None
            if not xero_id:
                base = text(contact["ContactID"])
                xero_id = _new_person_id(base, person, taken)
                taken.add(xero_id)
            rows.append({**person, "contact_id": contact_id, "xero_id": xero_id})
        kept = {before["id"] for _person, before in pairs if before}
        # A merged contact's persons are looked for in the contact that is left.
        if not text(contact.get("MergedToContactID")):
            lost = [row for row in old if row["active"] and row["id"] not in kept]
            gone += [row["id"] for row in lost]
    if rows:
        _upsert_persons(connection, rows)
    if gone:
        _unlink_persons(connection, gone)


def _known_persons(connection, contact_ids):
    known = {}
    for contact_id, *values in connection.env.execute_query(
        SQL(
            """
            SELECT contact_id, id, xero_id, position, first_name, last_name, email,
                   active
              FROM xero_contact_person
             WHERE contact_id = ANY(%s)
             ORDER BY active DESC, position, id
            """,
            contact_ids,
        )
    ):
        names = (
            "id",
            "xero_id",
            "position",
            "first_name",
            "last_name",
            "email",
            "active",
        )
        person = dict(zip(names, values, strict=True))
        known.setdefault(contact_id, []).append(person)
    return known


def _low(value):
    return (value or "").casefold()


def _names(person):
    return (_low(person["first_name"]), _low(person["last_name"]))


SAME_HUMAN = (
    lambda p: p["email"] and (_low(p["email"]), *_names(p)),
    lambda p: _low(p["email"]),
    lambda p: any(_names(p)) and _names(p),
)
SAME_PLACE = (
    *SAME_HUMAN,
    lambda p: p["position"] == 0 and _low(p["first_name"]),
    lambda p: p["position"] == 0 and _low(p["last_name"]),
)


def match_persons(persons, known, keys=SAME_PLACE):
    """Pair each person with the known row that is the same human, or with None.

    Xero's persons have no id: email and names together are looked at first, then
    the email, then the names. Within one contact, what is left of primary persons
    is one human if a name is the same: a corrected spelling, not a successor.
    """
    matched, free = {}, list(known)
    for key in keys:
        for index, person in enumerate(persons):
            if index in matched or not (wanted := key(person)):
                continue
            same = next((row for row in free if key(row) == wanted), None)
            if same:
                matched[index] = same
                free.remove(same)
    return [(person, matched.get(index)) for index, person in enumerate(persons)]


def _new_person_id(contact_xero_id, person, taken):
    if person["position"] == 0 and contact_xero_id not in taken:
        return contact_xero_id
    used = [int(xero_id.rpartition("/")[2]) for xero_id in taken if "/" in xero_id]
    return f"{contact_xero_id}/{max(used, default=0) + 1}"


def _upsert_persons(connection, rows):
    connection.env.execute_query(
        SQL(
            """
            INSERT INTO xero_contact_person (
                connection_id, company_id, active, link_state, change_seq, %(columns)s
            )
            SELECT %(connection)s, %(company)s, TRUE, 'unlinked',
                   nextval('xero_change_seq'), %(new)s
              FROM jsonb_to_recordset(%(rows)s::jsonb) AS new(%(types)s)
             ORDER BY new.contact_id, new.position
            ON CONFLICT (connection_id, xero_id) DO UPDATE
               SET active = TRUE, change_seq = EXCLUDED.change_seq, %(updates)s
            RETURNING id
            """,
            connection=connection.id,
            company=connection.company_id.id,
            rows=json.dumps(rows),
            **column_lists(_PERSON_COLUMNS, key=("xero_id", "contact_id")),
        )
    )


def _unlink_persons(connection, ids):
    """A person that is gone from Xero keeps its partner, which is free from now."""
    connection.env.execute_query(
        SQL(
            """
            UPDATE xero_contact_person
               SET active = FALSE, partner_id = NULL, link_state = 'unlinked',
                   applied = NULL, change_seq = nextval('xero_change_seq')
             WHERE id = ANY(%s)
            RETURNING id
            """,
            ids,
        )
    )
