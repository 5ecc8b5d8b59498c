# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Carries out what a plan says of delivery addresses, once the customers are done."""

import json

from odoo.tools import SQL

from .apply import Applier, create_records, of_company
from .items import CREATE, FAILED, UNCHANGED, UPDATE


class DeliveryApplier(Applier):
    """Does the `delivery` of items, once the items are done."""

    def __init__(self, planner):
        super().__init__(planner)
        # The tax number is the company's, whatever country it takes deliveries in.
        self.records = self.records.with_context(no_vat_validation=True)

    def apply(self, items):
        """Carry out the deliveries of `items`, and tell on these what did not go in;
        return a Counter of what became of the deliveries."""
        pairs = [
            (item, item.delivery)
            for item in items
            if item.delivery and item.action in (CREATE, UPDATE, UNCHANGED)
        ]
        for item, delivery in pairs:
            delivery.parent_id = item.record_id
            delivery.notes = []
        counts = super().apply([delivery for _item, delivery in pairs])
        for item, delivery in pairs:
            item.notes += delivery.notes
            if delivery.action == FAILED:
                item.notes.append(("delivery_refused", delivery.data))
        return counts

    def _create(self, deliveries):
        parents = self.records.browse({delivery.parent_id for delivery in deliveries})
        inherited = {parent.id: of_company(parent) for parent in parents}
        made = create_records(
            self.records,
            [
                inherited[delivery.parent_id]
                | {"type": "delivery", "parent_id": delivery.parent_id}
                | delivery.values
                for delivery in deliveries
            ],
        )
        self._note(deliveries, made)

    def _save_links(self, deliveries):
        links = [link for each in deliveries if (link := self._link(each))]
        if not links:
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE xero_contact AS old
                   SET delivery_partner_id = new.record_id,
                       delivery_state = new.link_state,
                       delivery_applied = new.applied
                  FROM jsonb_to_recordset(%s::jsonb) AS new(
                       id int, record_id int, link_state text, applied jsonb)
                 WHERE old.id = new.id
                RETURNING old.id
                """,
                json.dumps(links),
            )
        )
        self.env["xero.contact"].invalidate_model(flush=False)

    def _link(self, delivery):
        if delivery.link_state == "unlinked":
            return {"id": delivery.row.id, "link_state": "unlinked"}
        return super()._link(delivery)
