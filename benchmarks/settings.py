"""How large the benchmarks are; each has a variable of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """With the defaults, no benchmark takes longer than five minutes on two processors.

    Attributes
    ----------
    invoices: BENCH_INVOICES, how many the simulator invents; about seven of ten are
        sales invoices, which are what is read
    rounds: BENCH_ROUNDS, how often each program is run
    contacts: BENCH_CONTACTS, the sizes of organisation whose calls are counted
    imported: BENCH_IMPORTED, how many companies without persons are imported into Odoo,
        and a third as many with persons
    mirrored: BENCH_MIRRORED, how many invoices come into Odoo's mirror
    matched: BENCH_MATCHED, how many contacts are nobody yet; five times as many
        customers are who they may be
    """

    invoices: int = 5500
    rounds: int = 5
    contacts: tuple[int, ...] = (0, 1, 100, 1000, 1001, 100_000)
    imported: int = 1500
    mirrored: int = 3000
    matched: int = 10_000


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """:raises ValueError: a variable is no number, or too small to measure"""
    default = Settings()

    def number(name: str, value: int) -> int:
        return int(environment.get(name) or value)

    sizes = environment.get("BENCH_CONTACTS")
    settings = Settings(
        invoices=number("BENCH_INVOICES", default.invoices),
        rounds=number("BENCH_ROUNDS", default.rounds),
        contacts=tuple(map(int, sizes.split(","))) if sizes else default.contacts,
        imported=number("BENCH_IMPORTED", default.imported),
        mirrored=number("BENCH_MIRRORED", default.mirrored),
        matched=number("BENCH_MATCHED", default.matched),
    )
    if settings.rounds < 1 or settings.invoices < 100 or min(settings.contacts) < 0:
        raise ValueError("at least one round, 100 invoices and no contact")
    if min(settings.imported, settings.mirrored, settings.matched) < 100:
        raise ValueError(
            "at least 100 contacts to be imported or matched, 100 invoices mirrored"
        )
    return settings
