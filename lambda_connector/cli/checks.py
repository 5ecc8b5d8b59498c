"""What was looked at, what was found, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .refusals import Refused

OK, FAILED, NOT_CHECKED = "ok", "failed", "not checked"


@dataclass(frozen=True)
class Check:
    """`found` says what is; `do` what to do, where something is to be done."""

    check: str
    result: str
    found: str
    do: str = ""

    @property
    def line(self) -> dict[str, str]:
        told = {"check": self.check, "result": self.result, "found": self.found}
        return told | ({"do": self.do} if self.do else {})


def told(checks: Iterable[Check]) -> Iterator[dict[str, str]]:
    """The checks as lines. Raises Refused at the end if one of them failed."""
    failed = []
    for check in checks:
        yield check.line
        if check.result == FAILED:
            failed.append(check.check)
    if failed:
        raise Refused(f"It does not work yet: {', '.join(failed)}.")
