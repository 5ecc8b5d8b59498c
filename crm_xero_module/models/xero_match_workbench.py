# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..services.matching.answers import Answers
from ..services.matching.shown import Shown
from ..services.matching.suggest import is_stale, refresh_matches

PAGE_LIMIT = 200


class XeroMatch(models.Model):
    """What the workbench asks and says; each for operators.

    A filter is {"side": "contacts" or "customers", "kind": all, suggested, sure,
    likely, doubtful, none, never or new, "search": text, "score": only what the mass
    button takes from this score on, or False}.
    """

    _inherit = "xero.match"

    @api.model
    def load_matches(self, connection_id, wanted, offset=0, limit=40):
        """A page of the workbench. (`load` is Odoo's own: the import of files.)"""
        connections = self._matching_connections()
        connection = connections.filtered(lambda one: one.id == connection_id)
        connection = connection or connections[:1]
        page = {
            "connections": [{"id": one.id, "name": one.name} for one in connections],
            "connection": False,
            "matched": 0,
            "total": 0,
            "unclear": 0,
            "counts": {},
            "length": 0,
            "is_stale": False,
            "rows": [],
            "customer_domain": self._customer_domain(connection),
        }
        if not connection:
            return page
        shown = Shown(self.env, connection)
        matched, total = shown.progress()
        score = wanted.get("score")
        return page | {
            "connection": self._shown_connection(connection),
            "matched": matched,
            "total": total,
            "unclear": shown.unclear_count(score) if score else 0,
            "counts": shown.counts(),
            "length": shown.length(wanted),
            "is_stale": is_stale(connection),
            "rows": shown.rows(wanted, offset, min(limit, PAGE_LIMIT)),
        }

    @api.model
    def select_all(self, connection_id, wanted):
        """{"contacts": ids, "matches": the best suggestion of each that has one} of a
        filter."""
        return Shown(self.env, self._matching_connection(connection_id)).selection(
            wanted
        )

    @api.model
    def refresh(self, connection_id):
        """Work the suggestions out anew, if anything changed; whether it was done."""
        return refresh_matches(self._matching_connection(connection_id).sudo())

    @api.model
    def accept(self, ids):
        """Let the contacts of these suggestions be their customers."""
        return self._answer(
            self._of_one_connection(ids), lambda answers, rows: answers.accept(rows)
        )

    @api.model
    def accept_count(self, connection_id, score, excluded_contact_ids=()):
        """{"count": how many `accept_above` would accept, "ambiguous": how many it
        leaves to a person}."""
        shown = Shown(self.env, self._matching_connection(connection_id))
        return {
            "count": len(shown.clear(score, excluded_contact_ids)),
            "ambiguous": shown.unclear_count(score, excluded_contact_ids),
        }

    @api.model
    def accept_above(self, connection_id, score, excluded_contact_ids=()):
        """Accept all clear suggestions from a score on."""
        answers = Answers(self.env, self._matching_connection(connection_id))
        return self._said(answers.accept_above(score, excluded_contact_ids))

    @api.model
    def never(self, ids):
        """Never suggest these pairs again."""
        return self._answer(
            self._of_one_connection(ids), lambda answers, rows: answers.never(rows)
        )

    @api.model
    def never_undo(self, ids):
        """Suggest these pairs again."""
        return self._answer(
            self._of_one_connection(ids),
            lambda answers, rows: answers.suggest_again(rows),
        )

    @api.model
    def other(self, contact_id, partner_id):
        """Let a contact be the customer whom a person chose."""
        contact = self._contacts([contact_id])
        partner = self.env["res.partner"].browse(partner_id)
        answers = Answers(self.env, contact.connection_id)
        return self._said(answers.other(contact, partner))

    @api.model
    def new_customer(self, contact_ids):
        """Let the import make customers of these contacts."""
        return self._answer(
            self._contacts(contact_ids),
            lambda answers, rows: answers.new_customer(rows),
        )

    @api.model
    def decide_again(self, contact_ids):
        """Ask again who these contacts are, of which a person said nobody."""
        return self._answer(
            self._contacts(contact_ids),
            lambda answers, rows: answers.decide_again(rows),
        )

    @api.model
    def undo(self, undo):
        """Take an answer back, by what it said of itself."""
        connection = self._matching_connection(undo.get("connection_id"))
        return self._said(Answers(self.env, connection).take_back(undo))

    @api.model
    def done(self, connection_id, without_matching=False):
        """Let the imports begin."""
        connection = self._matching_connection(connection_id)
        if without_matching:
            return connection.action_import_without_matching()
        return connection.action_matching_done()

    # Helpers

    def _matching_connections(self):
        """The connections whose contacts a person may match."""
        self.env["xero.connection"]._require("group_xero_operator")
        return self.env["xero.connection"].search(
            [("company_id", "in", self.env.companies.ids), ("state", "!=", "draft")]
        )

    def _matching_connection(self, connection_id):
        connection = self.env["xero.connection"].browse(connection_id)
        connection._require("group_xero_operator")
        connection.check_access("read")
        return connection

    def _of_one_connection(self, ids):
        """Suggestions that are there, and may be seen."""
        self.env["xero.connection"]._require("group_xero_operator")
        return self.search([("id", "in", ids)])

    def _contacts(self, ids):
        self.env["xero.connection"]._require("group_xero_operator")
        return self.env["xero.contact"].search([("id", "in", ids)])

    def _answer(self, records, say):
        """Say something to records, of one connection after the other."""
        said = [
            self._said(say(Answers(self.env, connection), rows))
            for connection, rows in records.grouped("connection_id").items()
        ]
        if len(said) == 1:
            return said[0]
        nothing = {"done": [], "refused": [], "rows": [], "undo": False}
        return nothing | {
            "done": [one for answer in said for one in answer["done"]],
            "refused": [one for answer in said for one in answer["refused"]],
            "rows": [one for answer in said for one in answer["rows"]],
            "message": self._message(
                sum(len(answer["done"]) for answer in said),
                sum(len(answer["refused"]) for answer in said),
            ),
        }

    def _said(self, answers):
        answer = answers.answer(self._message(len(answers.done), len(answers.refused)))
        if answer["undo"]:
            answer["undo"] |= {"connection_id": answers.connection.id}
        if len(answers.rows) == 1:
            [row] = answers.rows
            answer["message"] = f"{row['partner_name']}: {row['text']}"
        return answer

    def _message(self, done, refused):
        if not refused:
            return self.env._("%(done)s decided.", done=done)
        return self.env._(
            "%(done)s decided, %(refused)s not: each says why.",
            done=done,
            refused=refused,
        )

    def _shown_connection(self, connection):
        return {
            "id": connection.id,
            "name": connection.name,
            "matching": connection.matching,
            "company_id": connection.company_id.id,
            "matching_note": connection.matching_note,
            "with_writing": "contacts_write" in (connection.granted_features or []),
            "customers": connection._count_customers(),
        }

    def _customer_domain(self, connection):
        """Whom a person may choose, for a search of customers."""
        return [
            ("company_id", "in", [False, connection.company_id.id]),
            "|",
            ("is_company", "=", True),
            "&",
            ("parent_id", "=", False),
            ("type", "=", "contact"),
        ]
