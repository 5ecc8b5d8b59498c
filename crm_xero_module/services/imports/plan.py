# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an import would do with a batch of mirror rows, without doing it.

A batch costs the same few queries whatever is in it. `apply.py` carries the plan
out; a preview only shows it.
"""

from odoo.tools import SQL

from ..mapping.crm_values import current_value, is_empty
from ..mapping.targets import COMPANY, CONTACT, PRODUCT
from .companies import Companies
from .delivery_plan import DeliveryPlanner
from .items import CREATE, UNCHANGED, UPDATE, Item
from .lines import ADDRESS, LAST_NAMES, Lines
from .match import Matcher, NoClaims
from .products import Products
from .rows import BATCH, read_rows
from .scope import scope_of
from .two_ways import TwoWays
from .values import Values
from .who_wins import ASK, KEEP, SEND, WRITE, verdict_of


class Planner:
    """Plans for one profile; `plan()` for each batch of its rows.

    `env` is that of the profile's user: what the user may not see or change, the
    import neither sees nor changes. Of the fields in `follow_again` the record's own
    value gives way to Xero's, even where Xero has none. `claims` remembers, as
    `NoClaims` does not, the records that earlier batches only planned.
    """

    def __init__(self, profile, env, *, follow_again=frozenset(), claims=None):
        self.profile = profile
        self.env = env
        self.follow_again = frozenset(follow_again)
        self.claims = claims or NoClaims()
        self.connection = profile.connection_id
        self.scope = scope_of(profile)
        self.target = self.scope.target
        self.records = env[self.target.model].with_context(active_test=False)
        self.lines = Lines(profile, self.records)
        self.matcher = Matcher(self.records, profile, self.lines)
        self.two_ways = TwoWays(self)
        self.companies = self.deliveries = self.products = None
        if self.target is CONTACT:
            self.companies = Companies(self.records, profile, self.lines)
        elif self.target is PRODUCT:
            self.products = Products(self)
        # Who follows single fields again asks for the customer's own.
        elif profile.delivery_addresses and not follow_again:
            self.deliveries = DeliveryPlanner(self)

    @property
    def fields(self):
        """The CRM fields that the profile fills, by name."""
        return self.lines.fields

    def rows(self, condition, limit=BATCH):
        """The mirror rows of this profile's kind that meet an SQL condition."""
        return read_rows(self.scope, condition, limit)

    def alias(self, column):
        """A column of the mirror table, for conditions of `rows()`."""
        return SQL("%s.%s", self.scope.row, SQL.identifier(column))

    def check_rights(self):
        """:raise AccessError: the profile's user may not do what its mode says"""
        self.records.check_access("read")
        if self.profile.mode != "update":
            self.records.check_access("create")
        if self.profile.mode != "import":
            self.records.check_access("write")

    def plan(self, rows):
        """The `Item` of each row, in the same order. Reads only."""
        items = [self._start(row) for row in rows]
        if self.companies:
            self.companies.find(_open(items))
        open_items = _open(items)
        self.matcher.match(open_items)
        records = self.matcher.read_records(open_items)
        leaders = self._leaders(open_items)
        values = Values(self.env, self.lines).of(open_items)
        self.two_ways.look_up(open_items)
        claimed = self._claimed(open_items)
        for item in open_items:
            if item.action is None and self._has_company(item, records):
                self._decide(item, values[item.row.id], records, leaders, claimed)
        if self.deliveries:
            self.deliveries.plan(items)
        return items

    # What the row alone decides

    def _start(self, row):
        """An item whose action is None where there is more to ask."""
        item = Item(row, leading=row.leading)
        if row.link_state == "ignored":
            return item.skip("ignored", silent=True)
        if row.link_state == "linked" and not row.record_id:
            item.link_state = "ignored"
            return item.skip("record_deleted")
        if row.merged and not row.record_id:
            return item.skip("merged", silent=True)
        item.record_id = row.record_id
        item.action = None
        return item

    # What is done

    def _has_company(self, item, records):
        """Whether a person's company, if it has one, is there to be joined."""
        if item.parent_id and item.parent_id not in records:
            item.skip("record_not_visible", user=self.env.user.name)
        elif item.parent_id and not records[item.parent_id].active:
            item.skip("ignored", silent=True)
        return item.action is None

    def _claimed(self, items):
        """{claim: row} of the records that are planned already."""
        claims = {
            claim for item in items if item.record_id is None for claim in item.claims
        }
        return dict(self.claims.known(claims)) if claims else {}

    def _leaders(self, items):
        """{record id: the row that feeds it}"""
        planned = self.claims.leaders({item.record_id for item in items} - {None})
        leaders = {**planned, **self.matcher.leaders(items)}
        for item in sorted(items, key=lambda item: item.row.id):
            if item.record_id:
                leaders.setdefault(item.record_id, item.row.id)
        return leaders

    def _decide(self, item, values, records, leaders, claimed):
        if item.record_id is None:
            self._decide_new(item, values, claimed)
            return
        record = records.get(item.record_id)
        if record is None:
            item.skip("record_not_visible", user=self.env.user.name)
        elif not record.active:
            item.link_state = "ignored"
            item.skip("record_archived")
        else:
            feeds = leaders[record.id] == item.row.id
            if self.target is COMPANY:
                item.leading = feeds
            self._plan_update(item, values, record, feeds)

    def _decide_new(self, item, values, claimed):
        """Create, or link to what an earlier row with the same key creates."""
        makers = [claimed[claim] for claim in item.claims if claim in claimed]
        if makers:
            item.action, item.leading = UNCHANGED, False
            item.same_as = makers[0]
            return
        self._plan_create(item, values)
        if item.claims and item.action == CREATE:
            claimed[item.claims[0]] = item.row.id
            self.claims.claim(item.claims[0], item.row.id)

    def _plan_create(self, item, values):
        row = item.row
        if self.profile.mode == "update":
            return item.skip("mode_update", silent=True)
        if missing := self._missing(values):
            code, label = missing
            return item.skip(self.target.code(code), field=label)
        item.action = CREATE
        item.sent = {
            name: value
            for name, value in self._wanted(item, values).items()
            if not is_empty(value)
        }
        item.values = dict(item.sent)
        if self.products:
            self.products.complete(item)
        elif self.target is COMPANY:
            item.values["is_company"] = not row.individual
        else:
            item.values.setdefault("type", "contact")
            if not item.parent_id and not row.individual and row.name:
                item.values["company_name"] = row.name
        return item

    def _missing(self, values):
        """(code, label) of what a new record must have and lacks, else None."""
        last_names = [name for name in LAST_NAMES if name in self.fields]
        if self.target is not CONTACT and is_empty(values.get("name")):
            return "name_missing", None
        if last_names and is_empty(values.get(last_names[0])):
            return "last_name_missing", None
        if "name" in self.fields and is_empty(values.get("name")):
            return "name_missing", None
        for line in self.lines.all:
            if line.required and is_empty(values.get(line.target.name)):
                return "required_missing", line.target.string
        return None

    def _wanted(self, item, values, partner=None):
        """Persons have their company's address, never one of their own."""
        if self.target is not CONTACT:
            return values
        if not item.parent_id and not (partner and partner.parent_id):
            return values
        return {name: value for name, value in values.items() if name not in ADDRESS}

    def _plan_update(self, item, values, record, feeds):
        if feeds and self.profile.mode != "import":
            values = self.two_ways.complete(item, values)
            wanted = self._wanted(item, values, record)
            self.compare(item, wanted, record, self.two_ways)
            if self.products:
                self.products.leave_out(item, record)
        if "name" in item.values and is_empty(item.values["name"]):
            del item.values["name"], item.sent["name"]
        item.action = UPDATE if item.values else UNCHANGED
        return item

    def compare(self, item, values, record, two_ways=None):
        """Take what Xero wins of the record's fields; those that `two_ways` judges may
        go to Xero instead."""
        for name, value in values.items():
            held = current_value(record, self.fields[name])
            is_open = two_ways and name not in self.follow_again
            if is_open and two_ways.judges(item, name):
                verdict = two_ways.verdict(item, name, value, held)
            else:
                verdict = self._verdict(item, name, value, held)
            if verdict == SEND:
                item.sends[name] = held
            elif verdict == ASK:
                item.asks[name] = value
            elif verdict != KEEP:
                item.sent[name] = value
            if verdict == WRITE:
                item.values[name] = value
            if verdict in (WRITE, ASK):
                item.old[name] = held

    def _verdict(self, item, name, value, held):
        policy = self.lines.policies.get(name, "follow")
        if name in self.follow_again:
            policy = "follow_again"
        return verdict_of(policy, value, held, item.row.applied.get(name))


def _open(items):
    """Those that there is more to ask about."""
    return [item for item in items if item.action is None]
