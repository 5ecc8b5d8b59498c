# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Follows what was merged in Xero: the contact that is left takes over the link.

Xero archives the one and names the other in it (`MergedToContactID`). Either may
come first, and the other may be merged itself.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo.tools import SQL

from .contacts import SAME_HUMAN, match_persons
from .links import bump_persons, join_partner, move_persons, pass_lead

CODE = "merged_two_customers"


@dataclass(slots=True)
class Merged:
    """A contact that was merged, and the one that is left, where that is known."""

    id: int
    name: str
    partner_id: int | None
    leading: bool
    told: list | None
    winner: int | None
    winner_partner: int | None
    winner_state: str | None


def follow_merges(connection, run):
    """Make links follow the merges of Xero; twice changes nothing more.

    Customers that would have to become one are told on `run`, once.
    """
    candidates = _candidates(connection)
    if not candidates:
        return
    merged = _merged(connection, candidates)
    leads, joins, conflicts = _decide(merged)
    pass_lead(connection.env, leads)
    join_partner(connection.env, joins)
    _follow_persons(connection.env, merged, conflicts)
    if leads or joins:
        bump_persons(connection.env, {winner for _loser, winner in leads + joins})
    _tell(connection, run, merged, conflicts)


def _candidates(connection):
    """The ids of merged contacts of which something may have to be moved or told."""
    env = connection.env
    for name in ("xero.contact", "xero.contact.person", "xero.sync.line"):
        env[name].flush_model()
    found = env.execute_query(
        SQL(
            """
            SELECT c.id
              FROM xero_contact c
             WHERE c.connection_id = %s AND c.merged_to IS NOT NULL
               AND (c.partner_id IS NOT NULL AND c.link_state = 'linked'
                    OR EXISTS (
                        SELECT FROM xero_contact_person p
                         WHERE p.contact_id = c.id AND p.partner_id IS NOT NULL
                           AND p.link_state = 'linked'
                    )
                    OR EXISTS (
                        SELECT FROM xero_sync_line l
                         WHERE l.contact_id = c.id AND l.code = %s
                           AND l.state IN ('open', 'ignored')
                    ))
            """,
            connection.id,
            CODE,
        )
    )
    return [id_ for (id_,) in found]


def _merged(connection, ids):
    """These contacts, those that lead before the others, and where each ended."""
    found = connection.env.execute_query(
        SQL(
            """
            SELECT c.id, c.name,
                   CASE WHEN c.link_state = 'linked' THEN c.partner_id END,
                   c.is_leading,
                   (SELECT array_agg(l.state) FROM xero_sync_line l
                     WHERE l.contact_id = c.id AND l.code = %(code)s
                       AND l.state IN ('open', 'ignored')),
                   winner.id, winner.partner_id, winner.link_state
              FROM xero_contact c
              LEFT JOIN (%(winners)s) AS left_over ON left_over.loser = c.id
              LEFT JOIN xero_contact winner ON winner.id = left_over.winner
             WHERE c.id = ANY(%(ids)s)
             ORDER BY c.is_leading DESC, c.id
            """,
            winners=winners(connection, SQL("c.id = ANY(%s)", ids)),
            code=CODE,
            ids=ids,
        )
    )
    return [Merged(*values) for values in found]


def winners(connection, losers):
    """SQL of (loser, winner), ids of contacts: of the contacts `c` that meet the SQL
    condition `losers`, those that were merged into one that is here, and this one."""
    return SQL(
        """
        WITH RECURSIVE chain AS (
            SELECT c.id, c.merged_to FROM xero_contact c
             WHERE c.merged_to IS NOT NULL AND %(losers)s
            -- UNION, not UNION ALL: a circle ends where it began.
            UNION
            SELECT chain.id, next.merged_to
              FROM chain
              JOIN xero_contact next
                ON next.connection_id = %(connection)s
               AND next.xero_id = chain.merged_to
               AND next.merged_to IS NOT NULL
        )
        SELECT chain.id AS loser, last.id AS winner
          FROM chain
          JOIN xero_contact last
            ON last.connection_id = %(connection)s
           AND last.xero_id = chain.merged_to
           AND last.merged_to IS NULL
        """,
        losers=losers,
        connection=connection.id,
    )


def _decide(merged):
    """What is to be linked, as pairs of ids, and what only a person can decide."""
    leads, joins, conflicts = [], [], []
    partners = {}
    for loser in merged:
        if not loser.partner_id or loser.winner_state in (None, "ignored"):
            continue
        partner = partners.get(loser.winner, loser.winner_partner)
        if partner and partner != loser.partner_id:
            loser.winner_partner = partner
            conflicts.append(loser)
        elif loser.leading and loser.winner not in partners:
            leads.append((loser.id, loser.winner))
        elif not partner:
            joins.append((loser.id, loser.winner))
        partners.setdefault(loser.winner, loser.partner_id)
    return leads, joins, conflicts


def _follow_persons(env, merged, conflicts):
    """The winner's persons take over from the loser's who are the same human."""
    apart = {loser.id for loser in conflicts}
    winners = {
        loser.id: loser.winner
        for loser in merged
        if loser.winner_state not in (None, "ignored") and loser.id not in apart
    }
    persons = defaultdict(list)
    for person in _persons(env, [*winners, *winners.values()]):
        persons[person["contact_id"]].append(person)
    pairs = []
    for loser, winner in winners.items():
        linked = [person for person in persons[loser] if person["partner_id"]]
        free = [person for person in persons[winner] if not person["taken"]]
        for old, new in match_persons(linked, free, SAME_HUMAN):
            if new and new["partner_id"] in (None, old["partner_id"]):
                pairs.append((old["id"], new["id"]))
                new["taken"] = True
    move_persons(env, pairs)


def _persons(env, contact_ids):
    """Persons as `match_persons` takes them; `taken` who has no place for another."""
    found = env.execute_query(
        SQL(
            """
            SELECT contact_id, id, position, first_name, last_name, email,
                   CASE WHEN link_state = 'linked' THEN partner_id END,
                   NOT active OR link_state = 'ignored'
                   OR (link_state = 'linked' AND partner_id IS NULL)
              FROM xero_contact_person
             WHERE contact_id = ANY(%s)
             ORDER BY contact_id, position, id
            """,
            contact_ids,
        )
    )
    names = "contact_id id position first_name last_name email partner_id taken"
    return [dict(zip(names.split(), values, strict=True)) for values in found]


def _tell(connection, run, merged, conflicts):
    """One line for each conflict that nobody was told of; those that are over are
    settled."""
    lines = connection.env["xero.sync.line"].sudo()
    apart = {loser.id for loser in conflicts}
    over = [loser.id for loser in merged if loser.told and loser.id not in apart]
    if over:
        lines.search(
            [
                ("contact_id", "in", over),
                ("code", "=", CODE),
                ("state", "in", ("open", "ignored")),
            ]
        ).state = "retried"
    new = [loser for loser in conflicts if not loser.told]
    partners = connection.env["res.partner"].browse(
        {id_ for loser in new for id_ in (loser.partner_id, loser.winner_partner)}
    )
    names = {partner.id: partner.name for partner in partners}
    lines.create([_line_values(run, loser, names) for loser in new])


def _line_values(run, loser, names):
    told = {
        "partner": names[loser.partner_id],
        "other": names[loser.winner_partner],
        "record_ids": [loser.partner_id, loser.winner_partner],
    }
    return {
        **run._line_values(CODE, told),
        "contact_id": loser.id,
        "partner_id": loser.partner_id,
        "record_name": loser.name,
        "outcome": "conflict",
    }
