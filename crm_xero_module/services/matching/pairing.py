# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whom to suggest first where several are as likely: each contact somebody else."""


def best_pairing(env):
    """[(contact, customer)] of contacts whose best suggestions tie, so that as far as
    possible no customer comes first twice.

    Read of `xm_ranked`: only ties are looked at one by one, and only these are in
    memory.
    """
    env.cr.execute(
        """
        WITH best AS (
            SELECT contact, customer, score,
                   count(*) OVER (PARTITION BY contact) AS number
              FROM (SELECT *, max(score) OVER (PARTITION BY contact) AS top
                      FROM xm_ranked) AS topped
             WHERE score = top
        )
        SELECT contact, customer, number > 1 AS is_tie
          FROM best
         WHERE number > 1 OR customer IN (SELECT customer FROM best WHERE number > 1)
         ORDER BY contact, customer
        """
    )
    choices, taken = {}, {}
    for contact, customer, is_tie in env.cr.fetchall():
        if is_tie:
            choices.setdefault(contact, []).append(customer)
        else:
            taken.setdefault(customer, contact)
    for contact in choices:
        _give(contact, choices, taken, set())
    return [
        (contact, customer) for customer, contact in taken.items() if contact in choices
    ]


def _give(contact, choices, taken, asked):
    """Find a customer for a contact, moving others on where they can (Kuhn's
    algorithm; the three best of a contact make chains short)."""
    for customer in choices[contact]:
        if customer in asked:
            continue
        asked.add(customer)
        holder = taken.get(customer)
        if holder is None or (
            holder in choices and _give(holder, choices, taken, asked)
        ):
            taken[customer] = contact
            return True
    return False
