# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who wins a field of a CRM record that exists: Xero or the CRM."""

from ..mapping.crm_values import is_empty

WRITE, TAKE, KEEP = "write", "take", "keep"


def verdict_of(policy, value, held, last):
    """Who wins a field of an existing record.

    `policy` is a mapping line's, or `follow_again`: Xero's value goes in once,
    whatever is held, and is followed from then.

    `value` is Xero's, `held` the CRM's, `last` the pair (Xero's value when it was
    last applied, what the CRM then held) or None. WRITE: Xero's value goes in.
    TAKE: both say the same, and it is remembered as applied. KEEP: the CRM's stays.
    """
    sent, was = last or (None, None)
    # What Odoo made of the value (http://, VAT without blanks) is no change.
    is_ours = bool(last) and _same(value, sent) and _same(held, was)
    if policy == "follow_again":
        return TAKE if is_ours or _same(value, held) else WRITE
    if policy == "on_create":
        return KEEP
    if policy == "when_empty":
        fills = _is_unset(held) and not is_empty(value) and not _same(value, held)
        return WRITE if fills else KEEP
    if _same(value, held):
        return TAKE if last or not is_empty(value) else KEEP
    if is_ours:
        return TAKE
    if is_empty(value):
        return WRITE if last and not is_empty(sent) and _same(held, was) else KEEP
    if policy == "always" or _is_unset(held) and not last:
        return WRITE
    return WRITE if last and _same(held, was) else KEEP


def _is_unset(held):
    """Whether nobody entered anything, as far as can be told: Odoo keeps 0 where a
    number was never entered."""
    return is_empty(held) or (held == 0 and held is not False)


def _same(one, other):
    if isinstance(one, float) or isinstance(other, float):
        return abs((one or 0.0) - (other or 0.0)) < 1e-6
    return one == other or (is_empty(one) and is_empty(other))
