# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The mapping lines of a profile, ready to be used for every row of a batch."""

from copy import copy
from dataclasses import dataclass

from ..mapping.crm_values import is_empty
from ..mapping.targets import CONTACT, PRODUCT, TARGETS
from ..xero.fields import fields_of
from ..xero.writable import WRITABLE
from .who_wins import same_value

ADDRESS = frozenset(
    {"street", "street2", "xero_street3", "zip", "city", "state_id", "country_id"}
)
FIRST_NAMES = ("xero_first_name", "firstname")
LAST_NAMES = ("xero_last_name", "lastname")


class ProfileBroken(Exception):
    """An import that cannot run at all; the text says why."""


@dataclass(slots=True)
class Line:
    """One CRM field and the Xero fields that fill it."""

    target: object
    sources: list
    policy: str
    required: bool
    default: str | None
    back: str = "no"

    @property
    def goes_to(self):
        """The first of the sources that can be written: a change of the CRM goes
        there."""
        return next(
            (source for source in self.sources if source.name in WRITABLE), None
        )

    @property
    def writable(self):
        """How a change of the CRM is written, the `Writable`."""
        return WRITABLE[self.goes_to.name]

    def same(self, one, other):
        """Whether two values are one to Xero: a number that is written otherwise is."""
        is_text = isinstance(one, str) and isinstance(other, str)
        return (self.writable.same if is_text else same_value)(one, other)

    def value(self, row):
        """The first source with a value, else the default, as (value, source)."""
        value, source = self.found(row)
        return (value, source) if source else (self.default or None, None)

    def found(self, row):
        """The first source with a value, as (value, source), else (None, None)."""
        for source in self.sources:
            value = source.read(row.payload, row.person)
            if not is_empty(value):
                return value, source
        return None, None


class Lines:
    """All lines of a profile.

    `fields` are the CRM fields that they fill, by name; `key` is the line of the key,
    if there is one. `both_ways` are the lines whose CRM field goes back to Xero, by its
    name: none where the connection goes one way only.

    :raise ProfileBroken: a line names what is not there, or may not be filled
    """

    def __init__(self, profile, records):
        self.target = TARGETS[profile.target]
        self._env = records.env
        self._crm_fields = records._fields
        self._known = fields_of(self.target.source)
        mappings = profile.mapping_ids
        self.all = [self._line(mapping) for mapping in mappings]
        self.fields = {line.target.name: line.target for line in self.all}
        self.policies = {line.target.name: line.policy for line in self.all}
        # Whether `name` comes from our first and last name.
        self.makes_name = (
            self.target is CONTACT
            and LAST_NAMES[0] in self.fields
            and "name" not in self.fields
        )
        if self.makes_name:
            self.fields["name"] = self._crm_fields["name"]
        self.both_ways = self._both_ways(profile)
        self.key = self._key_line(profile.key_mapping.target_field)
        if profile.mode == "update" and not self.key:
            raise ProfileBroken(self._env._("Update needs a line that is the key"))

    def _both_ways(self, profile):
        goes = profile.connection_id.direction == "both" and profile.mode != "import"
        if not goes or self.target is PRODUCT:
            return {}
        lines = {
            line.target.name: line
            for line in self.all
            if line.back != "no" and line.goes_to
        }
        names = [lines.get(name) for name in (FIRST_NAMES[0], LAST_NAMES[0])]
        if self.makes_name and all(names):
            # What people change is the name that is made of the two.
            lines["name"] = names[1]
        return lines

    def part(self, lines):
        """Some of the lines, as if there were no others."""
        part = copy(self)
        part.all = list(lines)
        part.makes_name = False
        part.both_ways = {}
        return part

    def target_of(self, comodel):
        """The name of the mapped field that points to records of a model."""
        line = self.line_of(comodel)
        return line and line.target.name

    def line_of(self, comodel):
        """The line of the field that points to records of a model."""
        return next(
            (
                line
                for line in self.all
                if line.target.type == "many2one"
                and line.target.comodel_name == comodel
            ),
            None,
        )

    def _key_line(self, name):
        line = next((line for line in self.all if line.target.name == name), None)
        if line and not self.target.can_be_key(line.target):
            raise ProfileBroken(
                self._env._("the CRM field “%(field)s” cannot be a key", field=name)
            )
        return line

    def _line(self, mapping):
        target = self._crm_fields.get(mapping.target_field)
        if target is None or not self.target.takes(target):
            raise ProfileBroken(
                self._env._(
                    "the CRM field “%(field)s” does not exist or cannot be filled",
                    field=mapping.target_field,
                )
            )
        names = mapping._source_names()
        unknown = [name for name in names if name not in self._known]
        if unknown:
            raise ProfileBroken(
                self._env._(
                    "there is no Xero field “%(field)s”", field=", ".join(unknown)
                )
            )
        return Line(
            target,
            [self._known[name] for name in names],
            mapping.policy,
            mapping.is_required,
            mapping.default_value,
            mapping.back,
        )
