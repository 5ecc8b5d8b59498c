# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Searches by a figure, where who has no figures has 0."""

from operator import eq, ge, gt, le, lt, ne

from odoo.tools import SQL

# Of each operator: whether it holds, in SQL, and the opposite in SQL.
_OPERATORS = {
    "=": (eq, SQL("="), SQL("!=")),
    "!=": (ne, SQL("!="), SQL("=")),
    "<": (lt, SQL("<"), SQL(">=")),
    "<=": (le, SQL("<="), SQL(">")),
    ">": (gt, SQL(">"), SQL("<=")),
    ">=": (ge, SQL(">="), SQL("<")),
}


def compared(figure, operator, value):
    """How to find those one of whose figures compares so with an amount.

    :param figure: a column of `figures`
    :return: ("in", condition) where the condition finds them, ("not in", condition)
        where it finds the others; None for an operator that no amount has
    """
    value = value or 0
    if operator not in _OPERATORS or not isinstance(value, int | float):
        return None
    holds, same, opposite = _OPERATORS[operator]
    has_zero = holds(0, value)
    condition = SQL(
        "figures.%s %s %s",
        SQL.identifier(figure),
        opposite if has_zero else same,
        value,
    )
    return "not in" if has_zero else "in", condition
