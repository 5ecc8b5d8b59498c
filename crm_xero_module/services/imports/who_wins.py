# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who wins a field of a CRM record that exists: Xero or the CRM."""

from ..mapping.crm_values import is_empty

WRITE, TAKE, KEEP = "write", "take", "keep"
# Of a field that goes back to Xero: the CRM's value goes there, or a person says.
SEND, ASK = "send", "ask"


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
    is_ours = bool(last) and same_value(value, sent) and same_value(held, was)
    if policy == "follow_again":
        return TAKE if is_ours or same_value(value, held) else WRITE
    if policy == "on_create":
        return KEEP
    if policy == "when_empty":
        fills = _is_unset(held) and not is_empty(value) and not same_value(value, held)
        return WRITE if fills else KEEP
    if same_value(value, held):
        return TAKE if last or not is_empty(value) else KEEP
    if is_ours:
        return TAKE
    if is_empty(value):
        return WRITE if last and not is_empty(sent) and same_value(held, was) else KEEP
    if policy == "always" or _is_unset(held) and not last:
        return WRITE
    return WRITE if last and same_value(held, was) else KEEP


def two_way_verdict(back, value, held, last, *, same=None, blanks=False):
    """Who wins a field of an existing record that goes both ways.

    `back` is xero, crm or ask: who wins where both were changed since last applied.
    SEND: the CRM's value goes to Xero. ASK: neither goes, a person says. The others as
    of `verdict_of`.

    :param same: tells whether two texts say the same to Xero, as a phone number that is
        written otherwise
    :param blanks: a value that was emptied is a change; else it counts for nothing
    """
    same = same or same_value
    sent, was = last or (None, None)
    if same(value, held):
        return TAKE if last or not is_empty(value) else KEEP
    if last and same(value, sent) and same(held, was):
        return TAKE
    in_xero = not same(value, sent) and (blanks and last or not is_empty(value))
    in_crm = not same(held, was) and (blanks and last or not _is_unset(held))
    if in_xero and in_crm:
        return {"xero": WRITE, "crm": SEND, "ask": ASK}[back]
    if in_crm:
        return SEND
    return WRITE if in_xero else KEEP


def _is_unset(held):
    """Whether nobody entered anything, as far as can be told: Odoo keeps 0 where a
    number was never entered."""
    return is_empty(held) or (held == 0 and held is not False)


def same_value(one, other):
    """Whether two plain values are one: what is empty is, and rounding is none."""
    if isinstance(one, float) or isinstance(other, float):
        return abs((one or 0.0) - (other or 0.0)) < 1e-6
    return one == other or (is_empty(one) and is_empty(other))
