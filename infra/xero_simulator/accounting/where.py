"""The `where` parameter: the part of its language that Xero documents.

Comparisons (`==`, `=`, `!=`, `>`, `>=`, `<`, `<=`) of a field with text, a number,
true, false, null, `guid("…")` or `DateTime(y,m,d[,h,m,s])`; `Contains`, `StartsWith`
and `EndsWith`; `AND` or `&&`, `OR` or `||`, parentheses. Text is compared without
regard to case and accents.

Source: developer.xero.com, requests and responses, retrieving a filtered resource.
"""

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from infra.xero_simulator.values import Record, member, milliseconds, number

Fields = Mapping[str, type]
"""What may be filtered and ordered by: the path of a field and what it holds, one of
str, Decimal, bool, datetime and UUID."""

Test = Callable[[Record], bool]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"[^"]*")
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
      | (?P<sign>==|!=|>=|<=|&&|\|\||[=<>(),])
      | (?P<end>$)
    )""",
    re.VERBOSE | re.ASCII,
)
_SAMENESS = {"==": operator.eq, "=": operator.eq, "!=": operator.ne}
_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_METHODS: dict[str, Callable[[str, str], bool]] = {
    "Contains": lambda value, part: part in value,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}
_CONSTANTS = {"true": True, "false": False, "null": None}
_DEEPEST = 50


class NotUnderstood(ValueError):
    """The expression is none, or names what is not there; the message says which."""


class Token(NamedTuple):
    """A piece of the expression, its kind as in the pattern's groups."""

    kind: str
    text: str


def parse(expression: str, fields: Fields) -> Test:
    """The test that an expression stands for. Raises NotUnderstood."""
    return _Parser(expression, fields).whole()


def canonical(name: str) -> str:
    """Xero's documentation writes ids both ways: InvoiceId is InvoiceID."""
    return f"{name[:-2]}ID" if name.endswith("Id") else name


def fold(text: str) -> str:
    """Text as it is compared: without case and accents."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in parts if not unicodedata.combining(char))
    return text.casefold()


class _Parser:
    """Recursive descent over the tokens: alternatives of conjunctions of terms."""

    def __init__(self, expression: str, fields: Fields) -> None:
        self._tokens = _tokens(expression)
        self._fields = fields
        self._next = next(self._tokens)
        self._depth = 0

    def whole(self) -> Test:
        test = self._either()
        self._expect("end", "")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._is_word("OR", "||"):
            self._take()
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda r: any(t(r) for t in tests)

    def _both(self) -> Test:
        tests = [self._term()]
        while self._is_word("AND", "&&"):
            self._take()
            tests.append(self._term())
        return tests[0] if len(tests) == 1 else lambda r: all(t(r) for t in tests)

    def _term(self) -> Test:
        if self._next.text != "(":
            return self._condition()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotUnderstood("Too many parentheses")
        self._take()
        test = self._either()
        self._expect("sign", ")")
        self._depth -= 1
        return test

    def _condition(self) -> Test:
        name = self._expect("name").text
        path, _, method = name.rpartition(".")
        if method in _METHODS:
            return self._method(path, method)
        kind, name = self._field(name)
        sign = self._expect("sign").text
        if sign not in _SAMENESS | _ORDER:
            raise NotUnderstood(f"Operator expected, not '{sign}'")
        return _comparison(name, kind, sign, self._literal())

    def _method(self, path: str, method: str) -> Test:
        kind, path = self._field(path)
        if kind is not str:
            raise NotUnderstood(f"No applicable method '{method}' exists in '{path}'")
        self._expect("sign", "(")
        part = fold(self._expect("text").text[1:-1])
        self._expect("sign", ")")
        holds, read = _METHODS[method], _READERS[str]
        return lambda r: (
            (value := read(member(r, path))) is not None and (holds(value, part))
        )

    def _literal(self) -> Any:
        token = self._take()
        if token.kind == "text":
            return fold(token.text[1:-1])
        if token.kind == "number":
            return Decimal(token.text)
        if token.kind == "name" and token.text.lower() in _CONSTANTS:
            return _CONSTANTS[token.text.lower()]
        if token.kind == "name" and token.text.lower() == "guid":
            return _guid(self._arguments()[0])
        if token.kind == "name" and token.text.lower() == "datetime":
            return _moment(self._arguments())
        raise NotUnderstood(f"Expression expected, not '{token.text}'")

    def _arguments(self) -> list[str]:
        self._expect("sign", "(")
        arguments = [self._take().text]
        while self._next.text == ",":
            self._take()
            arguments.append(self._take().text)
        self._expect("sign", ")")
        return arguments

    def _field(self, name: str) -> tuple[type, str]:
        path = canonical(name)
        if path not in self._fields:
            raise NotUnderstood(f"No property or field '{name}' exists")
        return self._fields[path], path

    def _is_word(self, *words: str) -> bool:
        return self._next.kind in ("name", "sign") and self._next.text.upper() in words

    def _take(self) -> Token:
        token = self._next
        if token.kind == "end":
            raise NotUnderstood("Expression expected")
        self._next = next(self._tokens)
        return token

    def _expect(self, kind: str, text: str | None = None) -> Token:
        if self._next.kind != kind or text not in (None, self._next.text):
            raise NotUnderstood(f"Syntax error at '{self._next.text or 'the end'}'")
        return self._next if kind == "end" else self._take()


def _tokens(expression: str) -> Iterator[Token]:
    position = 0
    while found := _TOKEN.match(expression, position):
        position = found.end()
        kind = found.lastgroup or "end"
        yield Token(kind, found[kind])
        if kind == "end":
            return
    raise NotUnderstood(f"Syntax error at '{expression[position : position + 20]}'")


def _comparison(path: str, kind: type, sign: str, literal: Any) -> Test:
    compare = (_SAMENESS | _ORDER)[sign]
    in_order = sign in _ORDER
    if not _fits(kind, literal) or (
        in_order and (literal is None or kind not in (Decimal, datetime))
    ):
        raise NotUnderstood(f"Operator '{sign}' incompatible with operand types")
    if isinstance(literal, datetime):
        literal = int(literal.timestamp()) * 1000
    elif isinstance(literal, UUID):
        literal = str(literal)
    read = _READERS[kind]

    def test(record: Record) -> bool:
        value = read(member(record, path))
        if in_order and value is None:
            return False
        return compare(value, literal)

    return test


def _fits(kind: type, literal: Any) -> bool:
    return literal is None or isinstance(literal, kind)


def _guid(text: str) -> UUID:
    try:
        return UUID(text.strip('"'))
    except ValueError:
        raise NotUnderstood(f"Guid expected, not {text}") from None


def _moment(arguments: list[str]) -> datetime:
    try:
        numbers = [int(argument) for argument in arguments]
        if len(numbers) not in (3, 6):
            raise ValueError
        return datetime(*numbers, tzinfo=UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood("DateTime(y,m,d[,h,m,s]) expected") from None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


# How a record's value is read for a comparison; what is not of the kind is none.
_READERS: dict[type, Callable[[Any], Any]] = {
    str: lambda value: None if value is None else fold(str(value)),
    Decimal: number,
    bool: _flag,
    datetime: lambda value: milliseconds(value) if value else None,
    UUID: lambda value: str(value).lower() if value else None,
}
