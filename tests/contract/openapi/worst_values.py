"""Records with the worst that a description still allows, in every one of its fields.

What is in no data set of ours comes from the description itself: a field that Xero
describes tomorrow is filled tomorrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from tests.contract.openapi.descriptions import ACCOUNTING, resolved

RECORDS = 6
_DEEPEST = 4
_LONGEST = 300
_TEXTS = (
    "",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301\u00df\u2028",
    "\x00\x07\t\r\n \x1b[31m \ufeff",
    '"><script>alert("x")<\\script> ${7*7} {{7*7}}',
    "=HYPERLINK('x') @SUM(1+1) -1 +1 %s %n",
    "\u202e\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
)
_DATES = (
    "/Date(0+0000)/",
    "/Date(-62135596800000)/",
    "/Date(1793491200000+1300)/",
    "/Date(253402300799999-0330)/",
    "/Date(-1)/",
    "/Date(1793491200000)/",
)
_NUMBERS = (0, -0.01, 99999999999999.99, 1e-7, -12345678.9012, 1)
_INTEGERS = (0, -(2**31), 2**31 - 1, 31, -1, 1)


@cache
def worst_records(schema: str, key: str) -> list[dict[str, Any]]:
    """Records of a schema, such as `Contact`, each with an id of its own.

    :param key: the field of the id
    """
    whole = {"$ref": f"#/components/schemas/{schema}"}
    return [_value(whole, n, ()) | {key: _uuid(n + 1)} for n in range(RECORDS)]


def _value(schema: Mapping[str, Any], n: int, above: tuple[str, ...]) -> Any:
    """The n-th value that a schema allows.

    :param above: the schemas that this one is within, so that none holds itself
    """
    if reference := schema.get("$ref"):
        above = (*above, reference)
        schema = resolved(ACCOUNTING, schema)
    if choices := schema.get("enum"):
        return choices[n % len(choices)]
    if "properties" in schema:
        return _object(schema, n, above)
    return _MAKERS[schema.get("type", "object")](schema, n, above)


def _object(
    schema: Mapping[str, Any], n: int, above: tuple[str, ...]
) -> dict[str, Any]:
    return {
        name: _value(held, n, above)
        for name, held in schema["properties"].items()
        if not _returns(held, above)
    }


def _returns(schema: Mapping[str, Any], above: tuple[str, ...]) -> bool:
    """Whether it leads into what it is within, directly or by what it requires, or
    simply too deep."""
    target = _leads_to(schema)
    if not target:
        return False
    held = resolved(ACCOUNTING, {"$ref": target})
    needs = {_leads_to(held["properties"][name]) for name in held.get("required", [])}
    depth = len(above) + any(needs)
    return bool({target, *needs} & {*above}) or depth >= _DEEPEST


def _leads_to(schema: Mapping[str, Any]) -> str | None:
    return schema.get("$ref") or schema.get("items", {}).get("$ref")


def _array(schema: Mapping[str, Any], n: int, above: tuple[str, ...]) -> list[Any]:
    return [_value(schema["items"], (n + i) % RECORDS, above) for i in range(n % 3)]


def _string(schema: Mapping[str, Any], n: int, above: tuple[str, ...]) -> str:
    if schema.get("format") == "uuid":
        return _uuid(n)
    if schema.get("x-is-msdate") or schema.get("x-is-msdate-time"):
        return _DATES[n]
    length = min(schema.get("maxLength", _LONGEST), _LONGEST)
    return (_TEXTS[n] * length)[:length]


def _uuid(n: int) -> str:
    return str(UUID(int=n))


_MAKERS = {
    "string": _string,
    "array": _array,
    "object": lambda schema, n, above: {},
    "boolean": lambda schema, n, above: bool(n % 2),
    "integer": lambda schema, n, above: _INTEGERS[n],
    "number": lambda schema, n, above: _NUMBERS[n],
}
