# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the workbench shows: rows of a filter, and how many there are of each kind.

Only what the person who looks may see: of a customer whom a rule hides, neither the
suggestion nor its number.
"""

from odoo.tools import SQL

from ..imports.keys import normal_sql
from ..mapping.crm_values import Converter, Unusable
from ..xero.deep_links import contact_url
from .reasons import LIKELY, SURE, told
from .who import (
    new_contacts,
    open_contacts,
    open_customers,
    unlinked_contacts,
    visible_partners,
)

_FIELDS = ("name", "email", "phone", "vat", "city", "country")
_BY_SCORE = {
    "sure": SQL("best >= %s", SURE),
    "likely": SQL("best >= %s AND best < %s", LIKELY, SURE),
    "doubtful": SQL("best < %s", LIKELY),
    "suggested": SQL("best IS NOT NULL"),
    "none": SQL("best IS NULL"),
}


class Shown:
    """One connection's workbench, as the user of `env` sees it."""

    def __init__(self, env, connection):
        self.env = env
        self.connection = connection
        for model in ("xero.contact", "xero.contact.person", "xero.match"):
            env[model].flush_model()
        env["res.partner"].flush_model()

    # Which

    def matches(self, state="open"):
        """The suggestions that still hold, as a subselect of xero_match's columns."""
        return SQL(
            """
            (SELECT m.* FROM xero_match m
               JOIN xero_contact c ON c.id = m.contact_id
               JOIN res_partner p ON p.id = m.partner_id
              WHERE m.connection_id = %s AND m.state = %s AND %s AND %s
                AND p.id IN %s AND c.id IN %s
             OFFSET 0)
            """,
            self.connection.id,
            state,
            open_contacts(self.connection),
            open_customers(self.connection),
            visible_partners(self.env),
            self._visible_contacts(),
        )

    def _visible_contacts(self):
        own = [("connection_id", "=", self.connection.id)]
        return self.env["xero.contact"]._search(own).subselect()

    def _contacts(self, kind="all"):
        """Contacts that are nobody yet, with the score of their best suggestion. Who
        is archived in Xero is here only as somebody's suggestion."""
        who = new_contacts if kind == "new" else open_contacts
        return SQL(
            """
            (SELECT c.id, c.name, c.email, c.contact_number, c.account_number,
                    c.tax_number, c.comes_as_new, of.best, of.is_clear, of.match_id
               FROM xero_contact c
               LEFT JOIN (
                    SELECT DISTINCT ON (contact_id)
                           contact_id, score AS best, is_clear, id AS match_id
                      FROM %s m ORDER BY contact_id, score DESC, rank, id
               ) of ON of.contact_id = c.id
              WHERE %s AND c.id IN %s AND (of.best IS NOT NULL OR NOT c.archived)
             -- OFFSET: PostgreSQL would put a page's limit into the joins.
             OFFSET 0) contact
            """,
            self.matches("never" if kind == "never" else "open"),
            who(self.connection),
            self._visible_contacts(),
        )

    def _of(self, wanted):
        """(what to read from, which of it, in which order) of a filter's contacts."""
        kind = wanted.get("kind") or "all"
        conditions = [SQL("TRUE")]
        if kind == "new":
            conditions.append(SQL("comes_as_new"))
        if kind == "never":
            conditions.append(SQL("best IS NOT NULL"))
        elif kind in _BY_SCORE:
            conditions.append(_BY_SCORE[kind])
        if wanted.get("score"):
            conditions.append(SQL("best >= %s AND is_clear", int(wanted["score"])))
        if text := (wanted.get("search") or "").strip():
            conditions.append(_search(text, _SEARCHED_CONTACTS))
        return (
            self._contacts(kind),
            SQL(" AND ").join(conditions),
            SQL("best DESC NULLS LAST, lower(name), id"),
        )

    def _customers(self, wanted):
        conditions = [open_customers(self.connection)]
        conditions.append(SQL("p.id IN %s", visible_partners(self.env)))
        if text := (wanted.get("search") or "").strip():
            conditions.append(_search(text, _SEARCHED_CUSTOMERS))
        return (
            SQL("res_partner p"),
            SQL(" AND ").join(conditions),
            SQL("lower(name), id"),
        )

    def _selected(self, wanted):
        of_customers = wanted.get("side") == "customers"
        return (self._customers if of_customers else self._of)(wanted)

    def ids(self, wanted, offset=0, limit=None):
        """Contacts, or customers, of a filter."""
        table, where, order = self._selected(wanted)
        found = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE %s ORDER BY %s OFFSET %s LIMIT %s",
                table,
                where,
                order,
                offset,
                limit,
            )
        )
        return [row for (row,) in found]

    def selection(self, wanted):
        """All contacts of a filter, with the best suggestion of each that has one."""
        table, where, order = self._of(wanted)
        found = self.env.execute_query(
            SQL("SELECT id, match_id FROM %s WHERE %s ORDER BY %s", table, where, order)
        )
        return {
            "contacts": [contact for contact, _match in found],
            "matches": [match for _contact, match in found if match],
        }

    def still_hold(self, match_ids):
        """Those of these suggestions that still hold."""
        found = self.env.execute_query(
            SQL("SELECT id FROM %s m WHERE id = ANY(%s)", self.matches(), match_ids)
        )
        return {match for (match,) in found}

    # How many

    def length(self, wanted):
        table, where, _order = self._selected(wanted)
        [[count]] = self.env.execute_query(
            SQL("SELECT count(*) FROM %s WHERE %s", table, where)
        )
        return count

    def counts(self):
        """How many there are of each kind."""
        of_contacts = SQL(", ").join(
            SQL("count(*) FILTER (WHERE %s)", condition)
            for condition in (SQL("TRUE"), *_BY_SCORE.values())
        )
        [found] = self.env.execute_query(
            SQL("SELECT %s FROM %s", of_contacts, self._contacts())
        )
        return {
            **dict(zip(("all", *_BY_SCORE), found, strict=True)),
            "never": self.length({"kind": "never"}),
            "new": self.length({"kind": "new"}),
            "customers": self.length({"side": "customers"}),
        }

    def progress(self):
        """(decided, all) of the contacts that come as customers."""
        [found] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (
                           WHERE c.link_state = 'linked' OR c.comes_as_new),
                       count(*)
                  FROM xero_contact c
                 WHERE c.connection_id = %s AND c.id IN %s
                   AND (c.link_state = 'linked' OR %s AND NOT c.archived)
                """,
                self.connection.id,
                self._visible_contacts(),
                unlinked_contacts(self.connection),
            )
        )
        return found

    def clear(self, score, excluded=()):
        """[(suggestion, contact, customer)] of those from a score on that are clear."""
        return self.env.execute_query(
            SQL(
                """
                SELECT id, contact_id, partner_id FROM %s m
                 WHERE score >= %s AND is_clear AND contact_id != ALL(%s)
                 ORDER BY id
                """,
                self.matches(),
                score,
                list(excluded),
            )
        )

    def unclear_count(self, score, excluded=()):
        """How many contacts have a suggestion from that score on, but no clear one."""
        [[count]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM (
                    SELECT contact_id FROM %s m
                     WHERE score >= %s AND contact_id != ALL(%s)
                     GROUP BY contact_id HAVING NOT bool_or(is_clear)
                ) AS unclear
                """,
                self.matches(),
                score,
                list(excluded),
            )
        )
        return count

    # Rows

    def rows(self, wanted, offset, limit):
        """What the screen shows of a filter."""
        ids = self.ids(wanted, offset, limit)
        if wanted.get("side") == "customers":
            partners = self._partner_values(ids)
            return [{"partner": partners[one], "suggestions": []} for one in ids]
        state = "never" if wanted.get("kind") == "never" else "open"
        suggestions = self._suggestions(ids, state)
        contacts = self._contact_values(ids)
        return [
            {"contact": contacts[one], "suggestions": suggestions.get(one, [])}
            for one in ids
        ]

    def _suggestions(self, contact_ids, state):
        """{contact: [its suggestions, the best first]}"""
        found = self.env.execute_query_dict(
            SQL(
                """
                SELECT m.id, m.contact_id, m.partner_id, m.score, m.is_clear,
                       m.reasons, m.state, %(same)s
                  FROM %(matches)s m
                  JOIN xero_contact c ON c.id = m.contact_id
                  JOIN res_partner p ON p.id = m.partner_id
                 WHERE m.contact_id = ANY(%(ids)s)
                 ORDER BY m.contact_id, m.score DESC, m.rank, m.id
                """,
                matches=self.matches(state),
                same=self._same(),
                ids=contact_ids,
            )
        )
        partner_ids = list({row["partner_id"] for row in found})
        partners = self._partner_values(partner_ids)
        contacts = self._contact_values(contact_ids)
        shared = self._shared(partner_ids)
        by_contact = {}
        for row in found:
            partner = partners[row["partner_id"]]
            by_contact.setdefault(row["contact_id"], []).append(
                {
                    "id": row["id"],
                    "score": row["score"],
                    "level": _level(row["score"]),
                    "clear": row["is_clear"],
                    "reasons": told(self.env, row["reasons"]),
                    "state": row["state"],
                    "others": shared.get(partner["id"], 1) - 1,
                    "partner": partner,
                    "same": _same_fields(row, contacts[row["contact_id"]], partner),
                }
            )
        return by_contact

    def _shared(self, partner_ids):
        """{customer: as how many contacts it is suggested}"""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, count(*) FROM %s m"
                    " WHERE partner_id = ANY(%s) GROUP BY partner_id",
                    self.matches(),
                    partner_ids,
                )
            )
        )

    def _same(self):
        """Which texts are the same in their normal form, a column for each field."""
        fields = self.env["res.partner"]._fields
        columns = {
            "name": (SQL("c.name"), SQL("p.name")),
            "email": (SQL("c.email"), SQL("p.email")),
            "phone": (SQL("c.phone"), SQL("p.phone")),
            "vat": (SQL("c.tax_number"), SQL("p.vat")),
            "city": (SQL("c.city"), SQL("p.city")),
        }
        return SQL(", ").join(
            SQL(
                "COALESCE(%s = %s AND %s != '', FALSE) AS %s",
                normal_sql(fields[name], xero),
                normal_sql(fields[name], crm),
                normal_sql(fields[name], xero),
                SQL.identifier(f"same_{name}"),
            )
            for name, (xero, crm) in columns.items()
        )

    def _contact_values(self, ids):
        contacts = self.env["xero.contact"].browse(ids)
        code = self.connection.sudo().short_code
        countries = self._countries(contacts)
        return {
            contact.id: {
                "id": contact.id,
                "name": contact.display_name,
                "email": contact.email,
                "phone": contact.phone,
                "vat": contact.tax_number,
                "city": contact.city,
                "country": countries.get(contact.country, contact.country),
                "archived": contact.archived,
                "is_customer": contact.is_customer,
                "is_supplier": contact.is_supplier,
                "persons": len(contact.person_ids),
                "url": contact_url(code, contact.xero_id) or False,
            }
            for contact in contacts
        }

    def _countries(self, contacts):
        """{Xero's text: the name of the country} as far as Odoo knows them."""
        texts = {contact.country for contact in contacts if contact.country}
        converter = Converter(self.env, texts)
        names = {}
        for text in texts:
            try:
                country = self.env["res.country"].browse(converter.country(text))
            except Unusable:
                continue
            names[text] = country.name
        return names

    def _partner_values(self, ids):
        partners = self.env["res.partner"].browse(ids)
        return {
            partner.id: {
                "id": partner.id,
                "name": partner.name or partner.display_name,
                "is_company": partner.is_company,
                "active": partner.active,
                "email": partner.email,
                "phone": partner.phone,
                "vat": partner.vat,
                "city": partner.city,
                "country": partner.country_id.name,
                "ref": partner.ref,
                "company_name": partner.parent_id.name or partner.company_name,
            }
            for partner in partners
        }


_SEARCHED_CONTACTS = SQL(
    "concat_ws(' ', name, email, contact_number, account_number, tax_number)"
)
_SEARCHED_CUSTOMERS = SQL("concat_ws(' ', p.name, p.email, p.ref, p.vat)")


def _search(text, where):
    pattern = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return SQL("%s ILIKE %s", where, f"%{pattern}%")


def _level(score):
    return "sure" if score >= SURE else "likely" if score >= LIKELY else "doubtful"


def _same_fields(row, contact, partner):
    same = [name for name in _FIELDS if row.get(f"same_{name}")]
    if contact["country"] and contact["country"] == partner["country"]:
        same.append("country")
    return same
