"""Tax numbers whose check digits are right, as a CRM may check them.

Sources: Inland Revenue (NZ) IRD number validation; Australian Business Register,
format of the ABN; HMRC's modulus 97 for VAT numbers.
"""

from random import Random

_IRD = (3, 2, 7, 6, 5, 4, 3, 2)
_IRD_SECOND = (7, 4, 3, 2, 5, 2, 7, 6)
_ABN = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
_VAT = (8, 7, 6, 5, 4, 3, 2)


def new_zealand(rng: Random) -> str:
    """An IRD number, which is also the GST number: 123-456-789."""
    while True:
        base = f"{rng.randrange(1_000_000, 15_000_000):08d}"
        check = _ird_check(base, _IRD)
        if check == 10:
            check = _ird_check(base, _IRD_SECOND)
        if check < 10:
            number = f"{base}{check}"
            return f"{number[:3]}-{number[3:6]}-{number[6:]}"


def australia(rng: Random) -> str:
    """An ABN: 12 345 678 901."""
    body = f"{rng.randrange(10**9):09d}"
    total = sum(int(d) * w for d, w in zip(body, _ABN[2:], strict=True))
    # The two leading digits make the sum, with 1 taken from the first, a multiple
    # of 89: 10 * (first - 1) + second + total = 0 (mod 89).
    lead = 10 + (-total) % 89
    return f"{lead} {body[:3]} {body[3:6]} {body[6:]}"


def united_kingdom(rng: Random) -> str:
    """A VAT number: GB 123 4567 89."""
    base = f"{rng.randrange(1_000_000, 10_000_000):07d}"
    check = 97 - sum(int(d) * w for d, w in zip(base, _VAT, strict=True)) % 97
    return f"GB {base[:3]} {base[3:]} {check:02d}"


def united_states(rng: Random) -> str:
    """An EIN, which has no check digit: 12-3456789."""
    return f"{rng.randrange(10, 99)}-{rng.randrange(10**7):07d}"


def _ird_check(base: str, weights: tuple[int, ...]) -> int:
    rest = sum(int(d) * w for d, w in zip(base, weights, strict=True)) % 11
    return 0 if rest == 0 else 11 - rest
