# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an import would do with a batch of mirror rows, without doing it.

A batch costs the same few queries whatever is in it. `import_apply` carries the
plan out; a preview only shows it.
"""

from dataclasses import dataclass

from odoo.tools import SQL

from .import_items import CONFLICT, CREATE, UNCHANGED, UPDATE, Item
from .import_keys import normal_key, partners_by_key
from .import_rows import BATCH, company_rows, person_rows
from .import_scope import Scope
from .partner_values import Converter, Unusable, current_value, is_empty, is_target
from .who_wins import KEEP, WRITE, verdict_of
from .xero_fields import SOURCE_FIELDS, full_name

ADDRESS = frozenset(
    {"street", "street2", "xero_street3", "zip", "city", "state_id", "country_id"}
)
FIRST_NAMES = ("xero_first_name", "firstname")
LAST_NAMES = ("xero_last_name", "lastname")


class ProfileBroken(Exception):
    """An import that cannot run at all; the text says why."""


@dataclass(slots=True)
class Line:
    """A mapping line, ready to be used for every row of a batch."""

    target: object
    sources: list
    policy: str
    required: bool
    default: str | None

    def value(self, row):
        """The first source with a value, else the default, as (value, source)."""
        for source in self.sources:
            value = source.read(row.payload, row.person)
            if not is_empty(value):
                return value, source
        return self.default or None, None


class Planner:
    """Plans for one profile; `plan()` for each batch of its rows.

    `env` is that of the profile's user: what the user may not see or change, the
    import neither sees nor changes.
    """

    def __init__(self, profile, env):
        self.profile = profile
        self.env = env
        self.connection = profile.connection_id
        self.partners = env["res.partner"].with_context(active_test=False)
        self.is_company = profile.target == "company"
        self.scope = Scope(profile)
        self.lines = [self._line(mapping) for mapping in profile.mapping_ids]
        self.fields = {line.target.name: line.target for line in self.lines}
        # Whether `name` comes from our first and last name.
        self.makes_name = (
            not self.is_company
            and LAST_NAMES[0] in self.fields
            and "name" not in self.fields
        )
        if self.makes_name:
            self.fields["name"] = self.partners._fields["name"]
        key = profile.key_mapping
        self.key = next(
            (
                line
                for line, mapping in zip(self.lines, profile.mapping_ids, strict=True)
                if mapping == key
            ),
            None,
        )
        # Persons without company come only where no profile makes companies:
        # elsewhere the company was refused for a reason, and its persons wait.
        self.persons_wait = not self.is_company and bool(
            self.connection.profile_ids.filtered(
                lambda other: other.target == "company" and other.auto_run
            )
        )

    def _line(self, mapping):
        target = self.partners._fields.get(mapping.target_field)
        if target is None or not is_target(target):
            raise ProfileBroken(
                self.env._(
                    "the CRM field “%(field)s” does not exist or cannot be filled",
                    field=mapping.target_field,
                )
            )
        names = mapping._source_names()
        unknown = [name for name in names if name not in SOURCE_FIELDS]
        if unknown:
            raise ProfileBroken(
                self.env._(
                    "there is no Xero field “%(field)s”", field=", ".join(unknown)
                )
            )
        return Line(
            target,
            [SOURCE_FIELDS[name] for name in names],
            mapping.policy,
            mapping.is_required,
            mapping.default_value,
        )

    def rows(self, condition, limit=BATCH):
        """The mirror rows of this profile's kind that meet an SQL condition."""
        read = company_rows if self.is_company else person_rows
        return read(self.scope, condition, limit)

    def alias(self, column):
        """A column of the mirror table, for conditions of `rows()`."""
        return SQL.identifier("c" if self.is_company else "p", column)

    def check_rights(self):
        """:raise AccessError: the profile's user may not do what its mode says"""
        self.partners.check_access("read")
        if self.profile.mode != "update":
            self.partners.check_access("create")
        if self.profile.mode != "import":
            self.partners.check_access("write")

    # The plan

    def plan(self, rows):
        """The `Item` of each row, in the same order."""
        items = [self._start(row) for row in rows]
        open_items = [item for item in items if item.action is None]
        self._match(open_items)
        partners = self._read_partners(open_items)
        leaders = self._leaders(open_items)
        values = self._values(open_items)
        claimed = {}
        for item in open_items:
            if item.action is None and self._has_company(item, partners):
                self._decide(item, values[item.row.id], partners, leaders, claimed)
        return items

    def _has_company(self, item, partners):
        """Whether a person's company, if it has one, is there to be joined."""
        if item.parent_id and item.parent_id not in partners:
            item.skip("partner_not_visible", user=self.env.user.name)
        elif item.parent_id and not partners[item.parent_id].active:
            item.skip("ignored", silent=True)
        return item.action is None

    def _start(self, row):
        """What the row alone decides; `action` None where there is more to ask."""
        item = Item(row, leading=row.leading)
        if row.link_state == "ignored":
            return item.skip("ignored", silent=True)
        if row.link_state == "linked" and not row.partner_id:
            item.link_state = "ignored"
            return item.skip("partner_deleted")
        item.partner_id = row.partner_id
        item.action = None
        return item if self.is_company else self._start_person(item)

    def _start_person(self, item):
        row = item.row
        if row.individual and row.company_partner_id:
            item.partner_id = item.partner_id or row.company_partner_id
        elif row.company_partner_id and row.company_partner_id != row.partner_id:
            if "parent_id" in self.fields:
                item.parent_id = row.company_partner_id
        elif not row.partner_id:
            if row.contact_ignored:
                return item.skip("ignored", silent=True)
            if self.persons_wait:
                return item.skip(
                    "company_missing", silent=row.archived, company=row.name
                )
        return item

    # Whose record it is

    def _match(self, items):
        """Find the partners of rows without a link by the key, in one query."""
        if not self.key:
            return
        wanted, texts = {}, set()
        for item in items:
            value, _source = self.key.value(item.row)
            if item.partner_id is None and not is_empty(value):
                wanted[item.row.id] = normal_key(self.key.target.name, value)
                texts.add(str(value).strip())
        found = self._found_by_key(set(wanted.values()), texts)
        for item in items:
            key = wanted.get(item.row.id)
            matches = found.get(key, [])
            if len(matches) == 1:
                item.partner_id = matches[0]
            elif matches:
                item.skip(
                    "key_conflict",
                    action=CONFLICT,
                    key=key,
                    partners=", ".join(f"#{partner}" for partner in matches),
                )

    def _found_by_key(self, keys, texts):
        if not keys:
            return {}
        name, company = self.key.target.name, self.connection.company_id
        return partners_by_key(self.partners, company, name, keys, texts)

    def _read_partners(self, items):
        """The matched partners that the profile's user sees, fetched at once."""
        ids = {item.partner_id for item in items if item.partner_id}
        ids |= {item.parent_id for item in items if item.parent_id}
        names = [name for name, target in self.fields.items() if target.store]
        found = self.partners.search_fetch(
            [("id", "in", list(ids))], ["active", "parent_id", *names]
        )
        return {partner.id: partner for partner in found}

    def _leaders(self, items):
        """{partner id: the one mirror row that feeds it}."""
        ids = [item.partner_id for item in items if item.partner_id]
        if not self.is_company or not ids:
            return {}
        # After a merge in Odoo two rows may both think that they lead.
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id, min(id)
                      FROM xero_contact
                     WHERE partner_id = ANY(%s) AND is_leading
                     GROUP BY partner_id
                    """,
                    ids,
                )
            )
        )

    # What it should hold

    def _values(self, items):
        """{row id: {field: value}}; what does not fit becomes a note."""
        raw = {
            item.row.id: {line.target.name: line.value(item.row) for line in self.lines}
            for item in items
        }
        countries = {name for values in raw.values() for name in self._texts(values)}
        converter = Converter(
            self.env, countries, states=self._target_of("res.country.state")
        )
        return {
            item.row.id: self._converted(item, raw[item.row.id], converter)
            for item in items
        }

    def _target_of(self, comodel):
        return next(
            (
                name
                for name, target in self.fields.items()
                if target.type == "many2one" and target.comodel_name == comodel
            ),
            None,
        )

    def _texts(self, raw):
        name = self._target_of("res.country")
        value = raw[name][0] if name else None
        return [str(value)] if value else []

    def _converted(self, item, raw, converter):
        values = {}
        country = next(iter(self._texts(raw)), None)
        for name, (value, source) in raw.items():
            target = self.fields[name]
            try:
                values[name] = self._convert(
                    item, target, value, source, converter, country
                )
            except Unusable as unusable:
                item.notes.append((unusable.code, unusable.data))
        if self.makes_name:
            person = {
                "first_name": values.get(FIRST_NAMES[0]),
                "last_name": values.get(LAST_NAMES[0]),
            }
            values["name"] = full_name(person) or None
        return values

    def _convert(self, item, target, value, source, converter, country):
        if is_empty(value):
            return None
        if target.type != "many2one":
            return converter.plain(target, value)
        if target.name == "parent_id":
            is_link = source is not None and source.kind == "organisation"
            return item.parent_id if is_link else None
        if target.comodel_name == "res.country":
            return converter.country(str(value))
        if target.comodel_name == "res.currency":
            return converter.currency(str(value))
        return converter.state(str(value), country)

    # What is done

    def _decide(self, item, values, partners, leaders, claimed):
        if item.partner_id is None:
            self._decide_new(item, values, claimed)
            return
        partner = partners.get(item.partner_id)
        if partner is None:
            item.skip("partner_not_visible", user=self.env.user.name)
        elif not partner.active:
            item.link_state = "ignored"
            item.skip("partner_archived")
        elif self.profile.mode == "import":
            item.skip("mode_import", silent=True)
        else:
            if self.is_company:
                leader = leaders.setdefault(partner.id, item.row.id)
                item.leading = leader == item.row.id
            self._plan_update(item, values, partner)

    def _decide_new(self, item, values, claimed):
        """Create, or link to what an earlier row of this batch with the same key
        creates."""
        value = self.key and self.key.value(item.row)[0]
        key = None if is_empty(value) else normal_key(self.key.target.name, value)
        if key in claimed:
            item.action, item.same_as, item.leading = UNCHANGED, claimed[key], False
            return
        self._plan_create(item, values)
        if key is not None and item.action == CREATE:
            claimed[key] = item.row.id

    def _plan_create(self, item, values):
        row = item.row
        if self.profile.mode == "update":
            return item.skip("mode_update", silent=True)
        if missing := self._missing(values):
            code, label = missing
            return item.skip(code, field=label)
        item.action = CREATE
        item.sent = {
            name: value
            for name, value in self._wanted(item, values).items()
            if not is_empty(value)
        }
        item.values = dict(item.sent)
        if self.is_company:
            item.values["is_company"] = not row.individual
        else:
            item.values.setdefault("type", "contact")
            if not item.parent_id and not row.individual and row.name:
                item.values["company_name"] = row.name
        return item

    def _missing(self, values):
        """(code, label) of what a new record must have and lacks, else None."""
        last_names = [name for name in LAST_NAMES if name in self.fields]
        if self.is_company and is_empty(values.get("name")):
            return "name_missing", None
        if last_names and is_empty(values.get(last_names[0])):
            return "last_name_missing", None
        if "name" in self.fields and is_empty(values.get("name")):
            return "name_missing", None
        for line in self.lines:
            if line.required and is_empty(values.get(line.target.name)):
                return "required_missing", line.target.string
        return None

    def _wanted(self, item, values, partner=None):
        """Persons have their company's address, never one of their own."""
        parent = item.parent_id or (partner and partner.parent_id)
        if self.is_company or not parent:
            return values
        return {name: value for name, value in values.items() if name not in ADDRESS}

    def _plan_update(self, item, values, partner):
        if item.leading:
            policies = {line.target.name: line.policy for line in self.lines}
            for name, value in self._wanted(item, values, partner).items():
                held = current_value(partner, self.fields[name])
                last = item.row.applied.get(name)
                verdict = verdict_of(policies.get(name, "follow"), value, held, last)
                if verdict != KEEP:
                    item.sent[name] = value
                if verdict == WRITE:
                    item.values[name] = value
                    item.old[name] = held
        if "name" in item.values and is_empty(item.values["name"]):
            del item.values["name"], item.sent["name"]
        item.action = UPDATE if item.values else UNCHANGED
        return item
