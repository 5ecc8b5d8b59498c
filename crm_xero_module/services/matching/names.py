# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How similar names are, without comparing each with each.

A name is its words in order, without what only says what kind of firm it is. It is cut
into pieces of three letters. Two names as similar as is asked for have most pieces in
common, so at least one of the rarest few of each: only pairs that share one of these
are compared. (The "prefix filter" of set similarity joins: Chaudhuri, Ganti, Kaushik,
"A Primitive Operator for Similarity Joins in Data Cleaning", 2006.) Names of words
that many have are found by two words next to each other as well.
"""

from odoo.tools import SQL

from .tables import make_table

# So similar, by Dice's coefficient, that names alone make a suggestion.
ALONE = 72
# So similar that it adds to what else two have in common.
COUNTS = 60
# A piece that more have than this is no way to find anybody.
MOST = 30

_FIRMS = (
    "ab ag and aps as bhd bv bvba co company corp corporation cv doo dr eood et ev gbr"
    " gmbh group holding holdings inc incorporated kft kg kgaa lda limited llc llp lp"
    " ltd ltda mbh mr mrs ms nv of ohg ood oy oyj plc private pte pty pvt sa sarl sas"
    " sdn sl snc spa spol srl sro the trading trust ug und zrt"
).split()
# Marks that are written or left out, and others that stand between words.
_NOT_SEEN = (
    r"[\u0027\u002e\u0300-\u036f\u00ad\u2018\u2019\u200b-\u200f\u2060-\u2064\ufeff]"
)
_BETWEEN = (
    r"[\u0001-\u0026\u0028-\u002d\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf"
    r"\u2000-\u206f\u3000-\u303f]+"
)


def normal_name(column):
    """The normal form of a name: its words, sorted, once each; NULL of none."""
    words = SQL(
        "regexp_replace(regexp_replace("
        "lower(normalize(%s, NFKD)), %s, '', 'g'), %s, ' ', 'g')",
        column,
        _NOT_SEEN,
        _BETWEEN,
    )
    return SQL(
        """
        (SELECT COALESCE(
                    string_agg(DISTINCT word, ' ' ORDER BY word)
                        FILTER (WHERE word != ALL(%s)),
                    string_agg(DISTINCT word, ' ' ORDER BY word))
           FROM (SELECT word COLLATE "C" AS word
                   FROM unnest(string_to_array(%s, ' ')) AS word) AS words
          WHERE word != '')
        """,
        list(_FIRMS),
        words,
    )


def find_similar(env):
    """Make the temporary table `xm_similar` (contact, customer, percent) of the pairs
    whose names alone are similar enough, and of those of `xm_evidence` whose names
    count."""
    for side in ("contact", "customer"):
        make_table(env, f"{side}_name", _names(SQL.identifier(f"xm_{side}")))
    make_table(env, "contact_piece", _pieces(SQL("xm_contact_name"), SQL("TRUE")))
    asked = SQL("piece IN (SELECT piece FROM xm_contact_piece)")
    make_table(env, "customer_piece", _pieces(SQL("xm_customer_name"), asked))
    make_table(env, "rare", _RARE)
    make_table(env, "similar", _similar())


def _names(table):
    """Names with their pieces of three letters, each as a number."""
    return SQL(
        """
        SELECT id, name, grams, cardinality(grams) AS size
          FROM (
            SELECT id, name, ARRAY(
                       SELECT DISTINCT hashtextextended(substr(padded, i, 3), 0)
                         FROM generate_series(1, length(padded) - 2) AS i
                   ) AS grams
              FROM (
                -- OFFSET: worked out once, not wherever it is named.
                SELECT id, %s AS name FROM %s OFFSET 0
              ) AS normal
             CROSS JOIN LATERAL (SELECT ' ' || name || ' ' AS padded) AS of
             WHERE name IS NOT NULL
          ) AS cut
        """,
        normal_name(SQL("name")),
        table,
    )


def _pieces(names, condition):
    """What may lead to a name: its pieces of three letters, of which the first
    `few` in order of rareness do; longer words, two words next to each other, and the
    whole name, all of which do."""
    return SQL(
        """
        SELECT id, piece, few FROM (
            SELECT id, unnest(grams) AS piece,
                   size - ceil(size * %(share)s)::int + 1 AS few
              FROM %(names)s
             UNION ALL
            SELECT id, hashtextextended(phrase, 1), NULL
              FROM %(names)s
             CROSS JOIN LATERAL (SELECT string_to_array(name, ' ') AS words) AS of
             CROSS JOIN LATERAL (
                SELECT name AS phrase WHERE cardinality(words) > 1 OR length(name) < 4
                 UNION ALL
                SELECT word FROM unnest(words) AS word WHERE length(word) >= 4
                 UNION ALL
                SELECT words[i] || ' ' || words[i + 1]
                  FROM generate_series(1, cardinality(words) - 1) AS i
                 WHERE cardinality(words) > 2
              ) AS phrases
        ) AS piece
         WHERE %(condition)s
        """,
        names=names,
        share=ALONE / (200 - ALONE),
        condition=condition,
    )


# Pieces that few have.
_RARE = SQL(
    """
    SELECT piece, sum(number) AS number FROM (
        SELECT piece, count(*) AS number FROM xm_contact_piece GROUP BY 1
         UNION ALL
        SELECT piece, count(*) FROM xm_customer_piece GROUP BY 1
    ) AS counted
     GROUP BY 1 HAVING sum(number) <= %s AND count(*) = 2
    """,
    2 * MOST,
)


def _leading(pieces):
    """The rare pieces that lead to each name."""
    return SQL(
        """
        SELECT id, piece FROM (
            SELECT id, piece, few, few IS NOT NULL AS is_gram, row_number() OVER (
                       PARTITION BY id, few IS NULL ORDER BY number, piece) AS place
              FROM %s JOIN xm_rare USING (piece)
        ) AS placed
         WHERE few IS NULL OR place <= few
        """,
        pieces,
    )


def _similar():
    return SQL(
        """
        WITH pair AS (
            SELECT a.id AS contact, b.id AS customer, FALSE AS is_known
              FROM (%(contacts)s) a JOIN (%(customers)s) b USING (piece)
             UNION
            SELECT contact, customer, TRUE FROM xm_evidence
        ), compared AS (
            SELECT contact, customer, is_known, round(200.0 * (
                       SELECT count(*) FROM unnest(a.grams) AS gram
                        WHERE gram = ANY(b.grams)
                   ) / (a.size + b.size))::int AS percent
              FROM pair
              JOIN xm_contact_name a ON a.id = contact
              JOIN xm_customer_name b ON b.id = customer
             -- Names of too different a length cannot be similar enough.
             WHERE 200 * LEAST(a.size, b.size) >= %(counts)s * (a.size + b.size)
        )
        SELECT contact, customer, max(percent) AS percent
          FROM compared
         WHERE percent >= CASE WHEN is_known THEN %(counts)s ELSE %(alone)s END
         GROUP BY 1, 2
        """,
        contacts=_leading(SQL("xm_contact_piece")),
        customers=_leading(SQL("xm_customer_piece")),
        counts=COUNTS,
        alone=ALONE,
    )
