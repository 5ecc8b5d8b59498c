# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's JSON values as Python's: dates, numbers, texts (Xero's page on requests
and responses)."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from math import isinf

# Longer than any id of Xero's: what is longer is none.
ID_LIMIT = 100
# Python parses, and psycopg2 reads, no whole number of thousands of digits.
DIGITS_LIMIT = 300
_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
_EPOCH = datetime(1970, 1, 1)
# How .NET and JavaScript write no date.
_NO_DAYS = frozenset({date(1, 1, 1), date(1970, 1, 1)})
# Everything that PostgreSQL refuses or no reader can see: control characters
# but tab and line ends, and halves of surrogate pairs.
_UNCLEAN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# The same in the bytes of a JSON text: cheap tests whether cleaning is needed.
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_SUSPECTS = (
    re.compile(rb"\xc2[\x80-\x9f]"),
    re.compile(rb"\xed[\xa0-\xbf]"),
    re.compile(rb"\\u(?:00[0189]|007[fF]|[dD][89a-fA-F])"),
)


def load_json(body):
    """Parse Xero's JSON bytes to values that PostgreSQL's jsonb takes."""
    # strict=False: raw control characters inside strings are met in the wild.
    value = json.loads(
        body,
        strict=False,
        parse_constant=lambda _name: None,
        parse_float=_finite,
        parse_int=_whole,
    )
    return _clean_deep(value) if _is_suspect(body) else value


def _is_suspect(body):
    return len(body.translate(None, _CONTROLS)) != len(body) or any(
        suspect.search(body) for suspect in _SUSPECTS
    )


def _whole(digits):
    return int(digits) if len(digits) <= DIGITS_LIMIT else None


def _finite(digits):
    value = float(digits)
    return None if isinf(value) else value


def _clean_deep(value):
    if isinstance(value, str):
        return _UNCLEAN.sub("", value)
    if isinstance(value, list):
        return [_clean_deep(item) for item in value]
    if isinstance(value, dict):
        return {_clean_deep(key): _clean_deep(item) for key, item in value.items()}
    return value


def text(value):
    """One line of text without blanks around, or None where there is nothing."""
    if type(value) is not str:
        if value is None or isinstance(value, dict | list):
            return None
        value = str(value).lower() if isinstance(value, bool) else str(value)
    return " ".join(value.split()) or None


def lines_of(value):
    """Text with its line ends, or None where there is nothing."""
    if not isinstance(value, str):
        return text(value)
    lines = (" ".join(line.split()) for line in value.strip().splitlines())
    return "\n".join(lines) or None


def number(value):
    """A float from a number or from a number in quotes, else None."""
    try:
        result = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return result if abs(result) < 1e13 else None


def flag(value):
    """True for true and for "true"; anything else is False."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def moment(value):
    """A naive UTC datetime from `/Date(ms+0000)/` or ISO 8601, else None.

    The offset inside `/Date()/` is for display only: the number is UTC already.
    """
    if not isinstance(value, str):
        return None
    if match := _DATE.match(value):
        try:
            return (_EPOCH + timedelta(milliseconds=int(match[1]))).replace(
                microsecond=0
            )
        except OverflowError:
            return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    if parsed.tzinfo:
        try:
            parsed = parsed.astimezone(UTC).replace(tzinfo=None)
        except OverflowError:
            return None
    return parsed


def day(value):
    """A calendar day from Xero's date, else None.

    Xero writes a day as midnight UTC of it, or in ISO 8601 as it is: it is never
    brought into another time zone, whatever offset stands behind it.
    """
    if not isinstance(value, str):
        return None
    if _DATE.match(value):
        at = moment(value)
        found = at and at.date()
    else:
        found = _iso_day(value)
    return None if found in _NO_DAYS else found


def _iso_day(value):
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        return None


def rows(value):
    """The dictionaries of a list; anything else that came instead is no row."""
    return (
        [item for item in value if isinstance(item, dict)]
        if isinstance(value, list)
        else []
    )


def record(value):
    """A dictionary, empty where something else came."""
    return value if isinstance(value, dict) else {}


def usable_id(value):
    """An id of Xero's, None where it cannot be one."""
    found = text(value)
    return found if found and len(found) <= ID_LIMIT else None
