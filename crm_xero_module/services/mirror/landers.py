# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How each of the connector's resources lands in the mirror, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ..xero.documents import DOCUMENT_KINDS
from ..xero.values import record
from .bulk import Landed
from .contacts import land_contacts
from .groups import land_groups
from .items import begin_list, end_list, land_items, lose_list
from .merges import follow_merges
from .owners import adopt_transactions
from .transactions import adopt_currencies, land_documents


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part beside its records: the run that shows it, when Xero
    answered (naive UTC), and whether it is the first of its list."""

    run: object
    read_at: datetime
    is_first: bool


@dataclass(frozen=True, slots=True)
class Lander:
    """`land(connection, part, records)` gives a `Landed`.

    With `id_name`, `records` may be {id: Piece} of a page; without, they are records.
    `unusable` is the code of the reason for records that cannot land, `name` the field
    by which a person knows one.
    """

    land: Callable
    id_name: str | None = None
    unusable: str | None = None
    name: str | None = None


def _land_organisation(connection, _part, records):
    if records:
        connection._take_organisation(record(records[0]))
    return Landed(len(records))


def _land_groups(connection, part, records):
    return Landed(land_groups(connection, records, is_whole=part.is_first))


def _land_contacts(connection, part, records):
    landed = land_contacts(connection, records, part.read_at)
    if landed.changed:
        follow_merges(connection, part.run)
        adopt_transactions(connection)
    return landed


def _land_items(connection, part, records):
    if part.is_first:
        begin_list(connection, part.read_at)
    return land_items(connection, records, part.read_at)


def _land_documents(kind, connection, part, records):
    return land_documents(connection, kind, records, part.read_at)


LANDERS = {
    "organisation": Lander(_land_organisation),
    "contact_groups": Lander(_land_groups),
    "contacts": Lander(_land_contacts, "ContactID", "contact_id_missing", "Name"),
    "items": Lander(_land_items, "ItemID", "item_id_missing", "Code"),
    **{
        resource: Lander(
            partial(_land_documents, kind),
            kind.id_name,
            "document_id_missing",
            kind.number_name,
        )
        for resource, kind in DOCUMENT_KINDS.items()
    },
}
# What the connector may read one day, and this version does not know.
UNKNOWN = Lander(lambda _connection, _part, records: Landed(len(records)))


def lander_of(resource):
    return LANDERS.get(resource, UNKNOWN)


def part_lost(connection, resource):
    """A part was passed over: what depends on all of a list must not be concluded."""
    if resource == "items":
        lose_list(connection)


def sync_ended(connection, run, state):
    """The last part of a sync is in the mirror."""
    # What people merged in Odoo meanwhile settles what was told.
    follow_merges(connection, run)
    adopt_currencies(connection)
    if state == "done":
        end_list(connection)
