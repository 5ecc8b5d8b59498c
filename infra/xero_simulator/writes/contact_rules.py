"""What Xero does not take of a contact.

Source: developer.xero.com, contacts; the messages of `UNIQUE_NAME`, `NOBODY`,
`NO_EMAIL` and `BAD_EMAIL` as clients of the live API have met them, the other ones
in our words.
"""

import re
from collections.abc import Iterator

from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record, parts
from infra.xero_simulator.writes.contact_members import LENGTHS, LISTS
from infra.xero_simulator.writes.contact_names import is_active, named, numbered
from infra.xero_simulator.writes.members import too_long

UNIQUE_NAME = (
    "The contact name {} is already assigned to another contact. The contact name "
    "must be unique across all active contacts."
)
UNIQUE_NUMBER = "The contact number {} is already assigned to another contact."
NOBODY = (
    "The Contact must contain at least 1 of the following elements to identify the "
    "contact: Name, ContactID, ContactNumber"
)
NO_EMAIL = (
    "Additional people cannot be added when the primary person has no email address "
    "set."
)
BAD_EMAIL = "Email address must be valid."
NO_NAME = "The Contact Name must be specified."
BAD_NAME = "The Contact Name cannot contain < or >."
BLANKS = "The Contact Name cannot begin or end with a space or contain two in a row."
TOO_MANY = "A contact can have at most 5 ContactPersons."
BAD_COUNTRY = "Country may contain letters only."
ARCHIVED = "The contact is archived: only its ContactStatus can be changed."
MERGED = "The contact was merged into another one and cannot be changed."
ERASED = "The contact is the subject of a GDPR request and cannot be changed."
NO_REQUEST = "The ContactStatus GDPRREQUEST cannot be set."

MOST_PERSONS = 5
_EMAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z ]*", re.ASCII)


def refusals(tenant: Tenant, before: Record, fields: Record) -> Iterator[str]:
    """Why a contact cannot become what it would be; nothing if it can.

    :param before: the contact as it is, `{}` if it is new
    :param fields: the members that change, see `contact_members.merged`
    """
    after = before | fields
    yield from _frozen(before, fields)
    yield from too_long(fields, LENGTHS)
    if "Name" in fields or not before:
        yield from _bad_name(after.get("Name", ""))
    yield from _taken(tenant, before, fields)
    yield from _bad_persons(after, fields)
    yield from _bad_entries(before, fields)


def _frozen(before: Record, fields: Record) -> Iterator[str]:
    status = before.get("ContactStatus")
    if fields.get("ContactStatus") == "GDPRREQUEST":
        yield NO_REQUEST
    if before.get("MergedToContactID"):
        yield MERGED
    elif status == "GDPRREQUEST":
        yield ERASED
    elif status == "ARCHIVED" and fields.get("ContactStatus") is None:
        yield ARCHIVED


def _bad_name(name: str) -> Iterator[str]:
    if not name.strip():
        yield NO_NAME
        return
    if "<" in name or ">" in name:
        yield BAD_NAME
    if name != name.strip() or "  " in name:
        yield BLANKS


def _taken(tenant: Tenant, before: Record, fields: Record) -> Iterator[str]:
    """Names are unique among the active contacts, numbers among all; what is there
    twice already can stay."""
    after = before | fields
    name, number = after.get("Name", ""), fields.get("ContactNumber")
    is_new = "Name" in fields or not is_active(before)
    if is_new and is_active(after) and _others(named(tenant, name), before):
        yield UNIQUE_NAME.format(name)
    if number and _others(numbered(tenant, number), before):
        yield UNIQUE_NUMBER.format(number)


def _others(found: list[Record], contact: Record) -> list[Record]:
    own = contact.get("ContactID")
    return [each for each in found if each["ContactID"] != own]


def _bad_persons(after: Record, fields: Record) -> Iterator[str]:
    persons = parts(fields, "ContactPersons")
    if len(persons) > MOST_PERSONS:
        yield TOO_MANY
    if persons and not after.get("EmailAddress"):
        yield NO_EMAIL
    emails = [each.get("EmailAddress") for each in (fields, *persons)]
    if any(email and not _EMAIL.fullmatch(email) for email in emails):
        yield BAD_EMAIL


def _bad_entries(before: Record, fields: Record) -> Iterator[str]:
    """What is wrong with phones and addresses; those that stay are not looked at."""
    for name, kind in LISTS.items():
        for each in parts(fields, name):
            if each not in parts(before, name):
                yield from too_long(each, kind.lengths, f"{each[kind.key]} ")
                if not _COUNTRY.fullmatch(each.get("Country", "")):
                    yield BAD_COUNTRY
