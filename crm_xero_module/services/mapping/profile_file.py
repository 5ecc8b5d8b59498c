# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Import profiles as a file that goes from one Odoo to another: its format.

JSON in UTF-8: `{"format": "xero-import-profile", "version": 1, "profiles": […]}`.
A profile has title, target, source, mode, which, which_items, groups (by name),
status, changed_since, delivery_addresses, leave_note, blanks_overwrite and lines; a
line has crm_field, xero_fields, key, required, who_wins, back_to_xero and default.
Hand-picked contacts stay behind, as their ids mean nothing elsewhere; so do the user
and the schedule of a profile, which whoever imports it decides anew.
"""

import json
import re
from dataclasses import asdict, dataclass, field, fields
from datetime import date

FORMAT, VERSION = "xero-import-profile", 1
SIZE_LIMIT = 1024 * 1024
PROFILE_LIMIT, LINE_LIMIT, TEXT_LIMIT = 100, 500, 500

_CHOICES = {
    "target": ("company", "contact", "product"),
    "source": ("organisation", "contact", "item"),
    "mode": ("import", "import_update", "update"),
    "which": ("customers", "vendors", "groups", "picked"),
    "which_items": ("all", "sold", "purchased"),
    "status": ("active", "archived", "all"),
    "who_wins": ("follow", "always", "when_empty", "on_create"),
    "back_to_xero": ("no", "xero", "crm", "ask"),
}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class FileRefused(Exception):
    """A file that cannot be used as a whole: `code` and `data` say why.

    Codes: too_large, not_json, other_format, other_version, no_profiles,
    too_many, and bad_profile (`number`, `name`: the member that is wrong).
    """

    def __init__(self, code, **data):
        super().__init__(code)
        self.code = code
        self.data = data


@dataclass(slots=True)
class FileLine:
    crm_field: str
    xero_fields: list = field(default_factory=list)
    key: bool = False
    required: bool = False
    who_wins: str = "follow"
    back_to_xero: str = "no"
    default: str | None = None


@dataclass(slots=True)
class FileProfile:
    """`unknown` are members of the file that are left out: not ours to judge."""

    title: str
    target: str
    source: str
    mode: str
    which: str = "customers"
    which_items: str = "all"
    groups: list = field(default_factory=list)
    status: str = "active"
    changed_since: str | None = None
    delivery_addresses: bool = True
    leave_note: bool = False
    blanks_overwrite: bool = False
    lines: list = field(default_factory=list)
    unknown: list = field(default_factory=list)


def dump(profiles):
    """The bytes of a file that holds these `FileProfile`s."""
    rows = [asdict(profile) for profile in profiles]
    for row in rows:
        del row["unknown"]
    content = {"format": FORMAT, "version": VERSION, "profiles": rows}
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def load(body):
    """The `FileProfile`s of a file's bytes.

    :raise FileRefused: nothing of it can be used
    """
    if len(body) > SIZE_LIMIT:
        raise FileRefused("too_large", limit=SIZE_LIMIT // 1024)
    try:
        content = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FileRefused("not_json") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FileRefused("other_format")
    if content.get("version") != VERSION or content["version"] is True:
        raise FileRefused("other_version", version=VERSION)
    rows = content.get("profiles")
    if not isinstance(rows, list) or not rows:
        raise FileRefused("no_profiles")
    if len(rows) > PROFILE_LIMIT:
        raise FileRefused("too_many", limit=PROFILE_LIMIT)
    return [_profile(row, number) for number, row in enumerate(rows, start=1)]


def _profile(row, number):
    try:
        if not isinstance(row, dict):
            raise _Wrong("profiles")
        lines = row.get("lines", [])
        if not isinstance(lines, list) or len(lines) > LINE_LIMIT:
            raise _Wrong("lines")
        values = _members(FileProfile, row)
        profile = FileProfile(**{**values, "lines": [_line(line) for line in lines]})
        if profile.changed_since:
            _day(profile.changed_since)
    except _Wrong as wrong:
        raise FileRefused("bad_profile", number=number, name=str(wrong)) from wrong
    known = {member.name for member in fields(FileProfile)} - {"unknown"}
    profile.unknown = sorted(_clean(name) for name in row.keys() - known)
    return profile


def _line(row):
    if not isinstance(row, dict):
        raise _Wrong("lines")
    return FileLine(**_members(FileLine, row))


class _Wrong(Exception):
    """The member of a profile that holds what it must not."""


def _members(shape, row):
    """The members of `row` that `shape` has, checked; those without a default must
    be there."""
    values = {}
    for member in fields(shape):
        name = member.name
        if name in ("lines", "unknown"):
            continue
        if row.get(name) is None:
            if member.type is str and name in _REQUIRED:
                raise _Wrong(name)
            continue
        values[name] = _READ.get(member.type, _text)(name, row[name])
    return values


_REQUIRED = frozenset({"title", "target", "source", "mode", "crm_field"})


def _text(name, value):
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > TEXT_LIMIT:
        raise _Wrong(name)
    value = _clean(value)
    if name in _REQUIRED and not value:
        raise _Wrong(name)
    if name in _CHOICES and value not in _CHOICES[name]:
        raise _Wrong(name)
    return value


def _flag(name, value):
    if not isinstance(value, bool):
        raise _Wrong(name)
    return value


def _texts(name, value):
    if not isinstance(value, list) or len(value) > LINE_LIMIT:
        raise _Wrong(name)
    return [_text("", item) for item in value]


_READ = {str: _text, bool: _flag, list: _texts}


def _clean(value):
    return " ".join(_CONTROL.sub(" ", value).split())


def _day(value):
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise _Wrong("changed_since") from error
