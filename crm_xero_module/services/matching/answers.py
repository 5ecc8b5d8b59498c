# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people say to suggestions, carried out: accept, never, another one, nobody.

All of it is about the mirror; who may do it is looked at here, and the connection's
lock is taken, so that no import works on the same rows. A contact that meanwhile is
somebody, or a customer who is gone, is refused in words and stops nothing.
"""

from odoo.tools import SQL

from ..imports.by_hand import become_writer
from ..imports.rows import BATCH
from ..mapping.targets import COMPANY
from .accept import link, see_again, unlink
from .shown import Shown
from .suggest import kept_fresh
from .who import customers, visible_partners


class Answers:
    """What one person says to the suggestions of a connection.

    `done` are the contacts that were decided, `refused` those that were not, with a
    sentence each, `rows` what became of each that was linked.
    """

    def __init__(self, env, connection):
        self.env = env
        self.connection = connection
        self.done, self.refused, self.rows = [], [], []
        self.undo = False
        become_writer(connection.sudo())

    # Accept

    def accept(self, matches):
        """Let the contacts of these suggestions be their customers."""
        holding = Shown(self.env, self.connection).still_hold(matches.ids)
        pairs = {}
        for match in matches.sudo().sorted(lambda one: (-one.score, one.rank, one.id)):
            contact_id = match.contact_id.id
            if match.id in holding and contact_id not in pairs:
                pairs[contact_id] = match.partner_id.id
        gone = self.env._(
            "It is linked already, or its customer is not there any more."
        )
        others = matches.sudo().contact_id.ids
        self._refuse([one for one in others if one not in pairs], gone)
        self._link(pairs)
        return self._noted("linked")

    def accept_above(self, score, excluded=()):
        """Accept all suggestions from a score on but those of contacts that may be
        another customer, or whose customer may be another contact."""
        found = Shown(self.env, self.connection).clear(score, excluded)
        self._link({contact: partner for _match, contact, partner in found})
        return self._noted("linked")

    def other(self, contact, partner):
        """Let a contact be the customer whom a person chose."""
        if not contact.exists() or contact.partner_id or contact.merged_to:
            self._refuse(contact.ids, self.env._("It is linked already, or gone."))
        elif reason := self._unfit(partner):
            self._refuse(contact.ids, reason)
        else:
            self._link({contact.id: partner.id})
        return self._noted("linked")

    def _unfit(self, partner):
        """Why a partner cannot be a contact of this organisation."""
        self.env["res.partner"].flush_model()
        found = self.env.execute_query(
            SQL(
                "SELECT p.id FROM res_partner p WHERE p.id = %s AND %s AND p.id IN %s",
                partner.id,
                customers(self.connection),
                visible_partners(self.env),
            )
        )
        if found:
            return None
        if partner.exists() and partner.has_access("read") and partner.parent_id:
            return self.env._(
                "%(person)s is a person of %(company)s: choose the company.",
                person=partner.name or partner.display_name,
                company=partner.parent_id.name,
            )
        return self.env._(
            "It cannot be a customer of this organisation: it is archived, a colleague,"
            " or belongs to another company."
        )

    def _link(self, pairs):
        with kept_fresh(self.connection):
            linked = link(self.connection.sudo().env, list(pairs.items()))
            contacts = self.env["xero.contact"].browse(linked)
            self._refuse(
                pairs.keys() - set(linked), self.env._("It is linked already.")
            )
            comes = self._import(contacts)
        self.done += linked
        self.undo = self.undo or (linked and {"kind": "accept", "ids": linked})
        self.rows += self._told(contacts, comes)

    def _import(self, contacts):
        """Run the imports that follow a sync over contacts; whether they went in."""
        if not contacts or len(contacts) > BATCH:
            return False
        if not self.connection._auto_profiles():
            return False
        contacts.sudo()._import_now()
        return True

    def _told(self, contacts, are_in):
        """[what became of each]"""
        rows = []
        for contact in contacts.sudo():
            partner = contact.partner_id
            leader = partner.xero_contact_ids.filtered("is_leading") - contact
            rows.append(
                {
                    "contact_id": contact.id,
                    "contact_name": contact.display_name,
                    "partner_id": partner.id,
                    "partner_name": partner.display_name,
                    "leads": contact.is_leading,
                    "text": self._became(contact, leader[:1], are_in),
                }
            )
        return rows

    def _became(self, contact, leader, is_in):
        if not contact.partner_id:
            return self.env._("Its import did not take it: “Not imported” says why.")
        if not contact.is_leading:
            seen = leader.with_env(self.env)._filtered_access("read")
            return self.env._(
                "Adds its figures; “%(leader)s” feeds the fields.",
                leader=seen.display_name or self.env._("another organisation's"),
            )
        if is_in:
            return self.env._("Follows Xero.")
        if self.connection.matching == "offered":
            return self.env._("Linked; its fields come when the imports begin.")
        return self.env._("Linked; its fields come with the next sync.")

    # Not these

    def never(self, matches):
        """Never suggest these pairs again."""
        matches.sudo().state = "never"
        self.done += matches.sudo().contact_id.ids
        self.undo = {"kind": "never", "ids": matches.ids}
        return self._noted("ignored")

    def suggest_again(self, matches):
        matches.sudo().state = "open"
        self.done += matches.sudo().contact_id.ids
        return self._noted("reopened")

    def new_customer(self, contacts):
        """None of the suggested is it: its import makes a customer of each, at once or
        when the imports begin."""
        contacts = contacts.filtered(lambda one: one.link_state == "unlinked")
        if reason := self._makes_none():
            self._refuse(contacts.ids, reason)
            return self
        with kept_fresh(self.connection):
            contacts.sudo().comes_as_new = True
            see_again(contacts)
            if self.connection.matching == "offered":
                self.done += contacts.ids
                self.undo = {"kind": "new", "ids": contacts.ids}
            elif self._import(contacts):
                self._made(contacts)
            else:
                self._refuse(contacts.ids, self.env._("It comes with the next sync."))
        return self._noted("linked", self.env._("New customer"))

    def _made(self, contacts):
        made = contacts.sudo().filtered("partner_id")
        self.done += made.ids
        self.rows += self._told(made, True)
        left = contacts - made
        left.sudo().comes_as_new = False
        told = self.env._("Its import did not take it: “Not imported” says why.")
        self._refuse(left.ids, told)

    def decide_again(self, contacts):
        """Ask again who these contacts are, of which a person said nobody."""
        contacts.sudo().comes_as_new = False
        self.done += contacts.ids
        return self._noted("reopened")

    def _makes_none(self):
        """Why no import makes customers, where none does."""
        makers = self.connection.sudo().profile_ids.filtered(
            lambda profile: profile.auto_run and profile.target == COMPANY.name
        )
        if not makers:
            return self.env._(
                "No import of companies follows a sync: let one do so, then try again."
            )
        if all(profile.mode == "update" for profile in makers):
            return self.env._(
                "The import “%(profile)s” only updates what is there: choose the mode"
                " Import & Update, then try again.",
                profile=makers[0].name,
            )
        return None

    # Take it back

    def take_back(self, undo):
        """Undo an answer, by what it said of itself."""
        ids = [one for one in undo.get("ids") or [] if isinstance(one, int)]
        mine = [("id", "in", ids), ("connection_id", "=", self.connection.id)]
        if undo.get("kind") == "never":
            return self.suggest_again(self.env["xero.match"].search(mine))
        contacts = self.env["xero.contact"].search(mine)
        if undo.get("kind") == "new":
            return self.decide_again(contacts)
        linked = contacts.filtered(lambda one: one.link_state == "linked")
        unlink(self.connection.sudo().env, linked.ids)
        self.done += linked.ids
        return self._noted("unlinked")

    # Told

    def _noted(self, event, detail=None):
        """Write down who decided, once for all that were decided."""
        decided = self.env["xero.contact"].browse(dict.fromkeys(self.done))
        self.env["xero.audit"]._note_each(event, decided, detail=detail)
        return self

    def _refuse(self, contact_ids, reason):
        self.refused += [[contact_id, reason] for contact_id in contact_ids]

    def answer(self, message):
        """As the workbench reads it."""
        return {
            "done": self.done,
            "refused": self.refused,
            "rows": self.rows,
            "message": message,
            "undo": self.undo,
        }
