# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What looks like a customer in Xero already, by the mirror.

For any number of customers at once: their keys are brought into the normal form by
which imports compare (`services/imports/keys.py`), and one query looks for all of
them among the contacts of a connection, archived ones too.
"""

import json
from dataclasses import dataclass

from odoo.tools import SQL, email_split
from odoo.tools.translate import LazyTranslate

from ..imports.keys import normal_sql, vat_key, vat_prefix
from ..xero.our_numbers import contact_number

_lt = LazyTranslate(__name__)

# How sure each kind makes it; what else they share adds a little.
SCORES = {"contact_id": 100, "number": 95, "vat": 90, "name": 80, "email": 60}
_MORE = 3
_WORDS = {
    "contact_id": _lt("Its Xero ID"),
    "number": _lt("Same number: %(value)s"),
    "vat": _lt("Same tax number: %(value)s"),
    "name": _lt("Same name"),
    "email": _lt("Same email: %(value)s"),
}
# As which field of a partner each kind is compared; numbers as its reference.
_COMPARED_AS = {"vat": "vat", "name": "name", "email": "email"}


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A contact of the mirror that may be the customer.

    `reasons` are (kind, value as the contact has it), the best first; kinds are those
    of `SCORES`. `partner_id` is the customer that it is linked to already, or None.
    """

    contact_id: int
    name: str | None
    archived: bool
    link_state: str
    partner_id: int | None
    reasons: tuple

    @property
    def kinds(self):
        return frozenset(kind for kind, _value in self.reasons)

    def words(self, env):
        """The reasons in a person's words."""
        words = [(env._(_WORDS[kind]), value) for kind, value in self.reasons]
        return [word % {"value": value or ""} for word, value in words]

    @property
    def score(self):
        """From 0 to 100."""
        scores = sorted((SCORES[kind] for kind in self.kinds), reverse=True)
        return min(100, scores[0] + _MORE * (len(scores) - 1))


def look_alikes(connection, partners):
    """{partner id: [`LookAlike`, the likeliest first]} in the mirror of a connection.

    Everything in the mirror is looked at, also what the reader may not see: the caller
    tells only what may be read. Of contacts that were merged, the one that is left is
    told.
    """
    found = {partner_id: {} for partner_id in partners.ids}
    keys = _keys(partners)
    if not keys:
        return {partner_id: [] for partner_id in found}
    for row in _rows(connection, keys):
        of_partner = found[row.pop("partner")]
        of_partner.setdefault(row["contact_id"], []).append(row)
    return {
        partner_id: sorted(map(_look_alike, of_partner.values()), key=_likeliest)
        for partner_id, of_partner in found.items()
    }


def _look_alike(rows):
    reasons = {row["kind"]: row["value"] for row in rows}
    best_first = sorted(reasons, key=lambda kind: -SCORES[kind])
    columns = ("contact_id", "name", "archived", "link_state", "partner_id")
    return LookAlike(
        **{name: rows[0][name] for name in columns},
        reasons=tuple((kind, reasons[kind]) for kind in best_first),
    )


def _likeliest(found):
    return (-found.score, found.archived, found.contact_id)


def _keys(partners):
    """[{partner, kind, key}]: what each partner would be found by."""
    partners.fetch(["ref", "xero_id", "name", "email", "vat", "country_id"])
    texts = [
        (partner, kind, text)
        for partner in partners
        for kind, text in _texts(partner)
        if text
    ]
    normal = _normal_texts(partners.env, {(kind, text) for _of, kind, text in texts})
    return [
        {"partner": partner.id, "kind": kind, "key": form}
        for partner, kind, text in texts
        if (key := normal[kind, text])
        for form in _forms(partner, kind, key)
    ]


def _normal_texts(env, texts):
    """{(kind, text): its normal form}"""
    rows = [{"kind": kind, "text": text} for kind, text in texts]
    cases = SQL(" ").join(
        SQL("WHEN %s THEN %s", kind, _normal(env, kind, SQL("own.text")))
        for kind in SCORES
    )
    found = env.execute_query(
        SQL(
            """
            SELECT own.kind, own.text, CASE own.kind %s END
              FROM jsonb_to_recordset(%s::jsonb) AS own(kind text, text text)
            """,
            cases,
            json.dumps(rows),
        )
    )
    return {(kind, text): key for kind, text, key in found}


def _texts(partner):
    yield "contact_id", partner.ref
    yield "contact_id", partner.xero_id
    yield "number", partner.ref
    yield "number", contact_number(partner.env, partner.id)
    yield "name", partner.name
    yield "vat", partner.vat
    for address in email_split(partner.email or ""):
        yield "email", address


def _forms(partner, kind, key):
    if kind != "vat":
        return (key,)
    return vat_key(key, vat_prefix(partner.country_id.code)).forms


def _rows(connection, keys):
    """One row for each thing that a contact and a partner have in common."""
    env = connection.env
    for model in ("xero.contact", "xero.contact.person"):
        env[model].flush_model()
    return env.execute_query_dict(
        SQL(
            """
            WITH wanted AS MATERIALIZED (
                SELECT DISTINCT * FROM jsonb_to_recordset(%(keys)s::jsonb)
                    AS wanted(partner int, kind text, key text)
            ), found AS (%(found)s)
            SELECT found.partner, left_one.id AS contact_id, left_one.name,
                   COALESCE(left_one.archived, FALSE) AS archived,
                   left_one.link_state, left_one.partner_id, found.kind, found.value
              FROM found
              JOIN xero_contact left_one ON left_one.id = COALESCE((
                   SELECT winner.id FROM xero_contact winner
                    WHERE winner.connection_id = %(connection)s
                      AND winner.xero_id = found.merged_to
              ), found.id)
             ORDER BY found.id
            """,
            keys=json.dumps(keys),
            found=_found(connection, {key["kind"] for key in keys}),
            connection=connection.id,
        )
    )


def _found(connection, kinds):
    """(partner, id, merged_to, kind, value) of contacts that have a key of `wanted`,
    as SQL."""
    env = connection.env
    return SQL(
        """
        SELECT wanted.partner, c.id, c.merged_to, own.kind, own.value
          FROM xero_contact c
         CROSS JOIN LATERAL (VALUES %(own)s) AS own(kind, value, key)
          JOIN wanted ON wanted.kind = own.kind AND wanted.key = own.key
         WHERE c.connection_id = %(connection)s
         UNION ALL
        SELECT wanted.partner, c.id, c.merged_to, wanted.kind, c.xero_id
          FROM wanted
          JOIN xero_contact c
            ON c.connection_id = %(connection)s AND c.xero_id = wanted.key
         WHERE wanted.kind = 'contact_id'
         UNION ALL
        SELECT wanted.partner, c.id, c.merged_to, wanted.kind, person.email
          FROM xero_contact_person person
          JOIN wanted ON wanted.kind = 'email' AND wanted.key = %(person_email)s
          JOIN xero_contact c ON c.id = person.contact_id
         WHERE person.connection_id = %(connection)s AND person.active
        """,
        own=_own_keys(env, kinds),
        connection=connection.id,
        person_email=_mirrored(env, "email", SQL("person.email")),
    )


def _own_keys(env, kinds):
    """(kind, value, key) of a contact `c`, as SQL; only of kinds that are looked for,
    as every one is brought into its normal form in the whole mirror."""
    columns = (
        ("number", "contact_number"),
        ("number", "account_number"),
        ("name", "name"),
        ("email", "email"),
        ("vat", "tax_number"),
    )
    return SQL(", ").join(
        SQL("(%s, %s, %s)", kind, column, _mirrored(env, kind, column))
        for kind, column in ((kind, SQL.identifier("c", n)) for kind, n in columns)
        if kind in kinds
    )


def _mirrored(env, kind, column):
    """The normal form of a column of the mirror. Its texts have no further blanks, so
    that of plain ASCII only the case is left: ten times faster, for nearly all."""
    normal = _normal(env, kind, column)
    if kind == "vat":
        return normal
    return SQL(
        """
        CASE WHEN octet_length(%(column)s) = char_length(%(column)s)
             THEN lower(%(column)s) ELSE %(normal)s END
        """,
        column=column,
        normal=normal,
    )


def _normal(env, kind, expression):
    field_name = _COMPARED_AS.get(kind, "ref")
    return normal_sql(env["res.partner"]._fields[field_name], expression)
