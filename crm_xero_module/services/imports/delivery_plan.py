# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Delivery addresses: what becomes of Xero's street address where the customer's own
is the postal one. Planned for a whole batch, without doing it.
"""

from dataclasses import replace

from odoo.fields import Domain

from ..mapping.crm_values import is_empty
from ..xero.fields import address_of
from ..xero.values import rows, text
from .items import CREATE, SKIP, UNCHANGED, UPDATE, Item
from .lines import ADDRESS
from .values import Values

# The Xero fields that are read from an address.
PLACES = frozenset(
    {
        "Address",
        "Address2",
        "Address3",
        "Address4",
        "City",
        "Region",
        "PostalCode",
        "Country",
    }
)


class DeliveryPlanner:
    """Plans the `delivery` of items: an item of its own, about a partner of type
    delivery below the customer.

    Its fields are the address fields that the profile maps, and who wins them is
    decided as for the customer's own.
    """

    def __init__(self, planner):
        self._planner = planner
        self._mode = planner.profile.mode
        self._lines = planner.lines.part(
            line
            for line in planner.lines.all
            if line.target.name in ADDRESS
            and any(source.name in PLACES for source in line.sources)
        )

    def plan(self, items):
        """Set the `delivery` of items that have one, get one or lose it."""
        pairs = [(item, self._start(item)) for item in items if self._is_open(item)]
        pairs = [(item, delivery) for item, delivery in pairs if delivery]
        if not pairs:
            return
        there = [delivery for _item, delivery in pairs if delivery.row.payload]
        values = Values(self._planner.env, self._lines).of(there)
        found = self._read_partners(pairs)
        twins = _by_place(found.values())
        for item, delivery in pairs:
            self._decide(item, delivery, values.get(item.row.id), found, twins)
            # What both addresses lack is told once.
            item.notes += [note for note in delivery.notes if note not in item.notes]
            if delivery.action != SKIP or delivery.link_state:
                item.delivery = delivery
            if delivery.action in (CREATE, UPDATE) and item.action == UNCHANGED:
                item.action = UPDATE

    def _is_open(self, item):
        """Only who feeds a customer says where it takes deliveries; and Import leaves
        alone what exists."""
        if item.action == CREATE:
            return True
        exists = item.action in (UPDATE, UNCHANGED) and item.same_as is None
        return exists and item.leading and self._mode != "import"

    def _start(self, item):
        """The delivery's item, whose row is what the mirror says of it, without
        payload where Xero has no such address. None: nothing here nor there."""
        row = item.row
        street = self._street(row)
        if not street and row.delivery_state != "linked":
            return None
        # What was linked below another customer is that one's.
        is_same = item.action != CREATE and item.record_id == row.record_id
        row = replace(
            row,
            record_id=row.delivery_partner_id if is_same else None,
            link_state=is_same and row.delivery_state or "unlinked",
            applied=row.delivery_applied if is_same else {},
            payload=street,
        )
        return Item(row, record_id=row.record_id, leading=row.leading)

    def _street(self, row):
        """The contact with its street address alone; {} where that is no other place
        than the postal one."""
        by_type = {}
        for address in rows(row.payload.get("Addresses")):
            kind, alone = text(address.get("AddressType")), {"Addresses": [address]}
            if kind in ("POBOX", "STREET") and address_of(alone):
                by_type[kind] = replace(row, payload=row.payload | alone)
        if len(by_type) < 2:
            return {}
        street, postal = by_type["STREET"], by_type["POBOX"]
        is_same = all(
            _plain(line.value(street)[0]) == _plain(line.value(postal)[0])
            for line in self._lines.all
        )
        return {} if is_same else street.payload

    # What is there

    def _read_partners(self, pairs):
        """The delivery partners that are linked, or below customers whose Xero
        contact has none yet, by id."""
        linked = [d.record_id for _item, d in pairs if d.record_id]
        parents = [
            item.record_id
            for item, d in pairs
            if item.record_id and d.row.link_state == "unlinked"
        ]
        if not linked and not parents:
            return {}
        below = Domain("parent_id", "in", parents) & Domain("type", "=", "delivery")
        names = [line.target.name for line in self._lines.all]
        found = self._planner.records.search_fetch(
            Domain("id", "in", linked) | below,
            ["active", "parent_id", "type", "street", "zip", *names],
            order="active desc, id",
        )
        return {partner.id: partner for partner in found}

    # What is done

    def _decide(self, item, delivery, values, found, twins):
        state = delivery.row.link_state
        if values is None:
            delivery.link_state = "unlinked"
        elif state == "ignored":
            delivery.notes.append(("delivery_gone", {}))
        elif state == "unlinked":
            self._decide_new(item, delivery, values, twins)
        elif delivery.record_id is None:
            self._leave_alone(delivery)
        else:
            partner = found.get(delivery.record_id)
            self._decide_known(item, delivery, values, partner)

    def _decide_new(self, item, delivery, values, twins):
        place = (_plain(values.get("street")), _plain(values.get("zip")))
        twin = place[0] and twins.get((item.record_id, *place))
        if twin:
            delivery.record_id = twin.id
            self._decide_known(item, delivery, values, twin)
        elif self._mode != "update":
            delivery.sent = {n: v for n, v in values.items() if not is_empty(v)}
            delivery.values = dict(delivery.sent)
            delivery.action = CREATE if delivery.values else SKIP

    def _decide_known(self, item, delivery, values, partner):
        if not partner:
            # The profile's user does not see it.
            return
        if not partner.active or partner.parent_id.id != item.record_id:
            self._leave_alone(delivery)
            return
        self._planner.compare(delivery, values, partner)
        delivery.action = UPDATE if delivery.values else UNCHANGED

    def _leave_alone(self, delivery):
        delivery.link_state = "ignored"
        delivery.notes.append(("delivery_gone", {}))


def _by_place(partners):
    """{(customer, street, postcode): its delivery address, the first one}"""
    found = {}
    for partner in partners:
        if partner.type == "delivery":
            place = (_plain(partner.street), _plain(partner.zip))
            found.setdefault((partner.parent_id.id, *place), partner)
    return found


def _plain(value):
    """As people compare addresses: capitals and spaces say nothing."""
    return " ".join(str(value or "").casefold().split())
