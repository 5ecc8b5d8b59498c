# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a plan says of one row, and what applying it made of that."""

from dataclasses import dataclass, field

from .rows import Row

CREATE, UPDATE, UNCHANGED = "create", "update", "unchanged"
SKIP, CONFLICT, FAILED = "skip", "conflict", "failed"


@dataclass(slots=True)
class Item:
    """What is to be done with one row.

    `values` go to the CRM record, `old` is what it held and `held` what it holds
    afterwards. `sent` is what Xero gives for each mapped field that the CRM takes
    over; with `held` it becomes `applied`. `code` and `data` tell why
    nothing is done; `notes` are (code, data) of values that were left out.
    `same_as` is the row that creates the record this one links to. `key` is the
    row's key as keys are compared, None where it has none; `claims` are the forms of
    it by which rows of one batch find each other, the row's own first. `delivery`
    says the same of the customer's delivery address. Of fields that go both ways,
    `sends` are the CRM's values that are to go to Xero, and `asks` Xero's of those
    that were changed in both.
    """

    row: Row
    action: str = SKIP
    record_id: int | None = None
    values: dict = field(default_factory=dict)
    sent: dict = field(default_factory=dict)
    old: dict = field(default_factory=dict)
    held: dict = field(default_factory=dict)
    parent_id: int | None = None
    same_as: int | None = None
    key: str | None = None
    claims: tuple = ()
    leading: bool = True
    link_state: str | None = None
    code: str | None = None
    data: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    sends: dict = field(default_factory=dict)
    asks: dict = field(default_factory=dict)
    silent: bool = False
    delivery: "Item | None" = None

    @property
    def is_new_link(self):
        """Whether the row goes to a record that is there and was not its own."""
        linked = self.action in (UPDATE, UNCHANGED)
        return linked and (
            self.same_as is not None or self.record_id != self.row.record_id
        )

    def skip(self, code, *, silent=False, action=SKIP, **data):
        self.action, self.code, self.data, self.silent = action, code, data, silent
        return self
