# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is wrong with a mapping line, in words that say what to do."""

from ..xero.fields import fields_of
from ..xero.writable import WRITABLE
from .crm_values import Converter, Unusable
from .field_choices import KIND_LABELS, TYPE_LABELS, target_labels
from .field_pairs import (
    CHOICE,
    COMPANY,
    FLAG,
    RECORD,
    TEXT,
    compatible,
    target_type,
)
from .targets import PRODUCT

# What can be said in Xero's words again.
_BACK_TYPES = frozenset({TEXT, FLAG, RECORD})


class MappingCheck:
    """Judges the lines of an import of a `Target`; what it looks up, it looks up
    once."""

    def __init__(self, env, target):
        self._env = env
        self._target = target
        self._crm_fields = env[target.model]._fields
        self._known = fields_of(target.source)
        self._labels = None
        self._converter = None

    def problem(self, line, back=None):
        """The first thing that is wrong with a mapping line, or None.

        A line that is not filled in yet has nothing wrong.

        :param back: instead of what the line says of the way back to Xero
        """
        target = self._crm_fields.get(line.target_field or "")
        if not line.target_field:
            return None
        if target is None or not self._target.takes(target):
            return self._env._(
                "The CRM field “%(field)s” cannot be filled by an import: choose"
                " another one.",
                field=line.target_field,
            )
        return (
            self._wrong_source(line, target)
            or self._wrong_key(line, target)
            or self._wrong_default(line, target)
            or self._wrong_back(line, target, back or line.back)
        )

    def _label(self, target):
        if self._labels is None:
            self._labels = target_labels(self._env, self._target)
        return self._labels.get(target.name, target.name)

    def _wrong_source(self, line, target):
        for name in line._source_names():
            source = self._known.get(name)
            if source is None:
                return self._env._(
                    "Xero has no field “%(field)s” here: take it out.", field=name
                )
            if not compatible(source.kind, target_type(target)):
                return self._env._(
                    "“%(xero_field)s” (%(kind)s) does not fit “%(target)s” (%(type)s):"
                    " choose another field.",
                    xero_field=self._env._(source.label),
                    kind=self._env._(KIND_LABELS[source.kind]),
                    target=self._label(target),
                    type=self._env._(TYPE_LABELS[target_type(target)]),
                )
        return None

    def _wrong_key(self, line, target):
        if not line.is_key or self._target.can_be_key(target):
            return None
        return self._env._(
            "“%(field)s” cannot be the key: choose a text, a number, a date or a"
            " choice.",
            field=self._label(target),
        )

    def _wrong_back(self, line, target, back):
        """Why a change of the CRM cannot go back to Xero as the line says."""
        if back in (False, "no"):
            return None
        if self._target is PRODUCT:
            return self._env._("Products do not go back to Xero: choose “No” there.")
        if line.is_key:
            return self._env._(
                "The key tells whose record it is, so it does not go back to Xero:"
                " choose “No” there."
            )
        if line.policy != "follow":
            return self._env._(
                "Only what follows Xero can go back there, too: choose “Follow Xero”,"
                " or “No” for Back to Xero."
            )
        if line.profile_id.mode == "import":
            return self._env._(
                "“Import” never changes what exists, so nothing goes both ways: choose"
                " Import & Update, or “No” for Back to Xero."
            )
        if target_type(target) not in _BACK_TYPES or target.type == "html":
            return self._env._(
                "“%(field)s” (%(type)s) cannot go back to Xero: choose “No” there.",
                field=self._label(target),
                type=self._env._(TYPE_LABELS[target_type(target)]),
            )
        return self._unwritable(line)

    def _unwritable(self, line):
        """The first source with a value is what Xero holds: what goes back must come
        to be it."""
        known = [self._known[name] for name in line._source_names()]
        sources = [source for source in known if not source.is_absent]
        if sources and sources[0].name in WRITABLE:
            return None
        if any(source.name in WRITABLE for source in sources):
            return self._env._(
                "“%(field)s” comes first and can only be read in Xero: put the field"
                " that is to be written before it.",
                field=self._env._(sources[0].label),
            )
        return self._env._(
            "Xero lets nobody change “%(fields)s”: choose “No” for Back to Xero.",
            fields=", ".join(self._env._(source.label) for source in known) or "–",
        )

    def _wrong_default(self, line, target):
        if not line.default_value:
            return None
        if target_type(target) == COMPANY:
            return self._env._("A company has no default: leave it empty.")
        try:
            fits = self._converts(target, line.default_value)
        except Unusable:
            fits = False
        if fits:
            return None
        if target_type(target) in (CHOICE, RECORD):
            return self._env._(
                "The default “%(value)s” is none of the values of “%(field)s”.",
                value=line.default_value,
                field=self._label(target),
            )
        return self._env._(
            "The default “%(value)s” does not fit “%(field)s” (%(type)s).",
            value=line.default_value,
            field=self._label(target),
            type=self._env._(TYPE_LABELS[target_type(target)]),
        )

    def _converts(self, target, value):
        """:raise Unusable: the value does not fit the field"""
        if target.type == "boolean":
            return value.strip().lower() in ("true", "false", "1", "0", "yes", "no")
        if target.type != "many2one":
            Converter(self._env).plain(target, value)
            return True
        # A state is known with its country only: that it exists anywhere is all
        # that can be said before a record comes.
        names = ("name", "code")
        return any(
            self._env[target.comodel_name].search_count(
                [(name, "=ilike", value)], limit=1
            )
            for name in names
            if name in self._env[target.comodel_name]._fields
        )
