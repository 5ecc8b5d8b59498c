# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo.tests import new_test_user

from .rights import GROUPS, LEVELS, RightsCase

OPERATIONS = ("read", "write", "create", "unlink")
NONE = ""
READ, ALL = "r", "rwcu"
DIALOG = "rwc"
# What portal users, clerks, users, operators and administrators may do with each
# model: read, write, create, unlink. A model that is in no row fails the tests.
MODELS = {
    "xero.allocation": (NONE, NONE, READ, READ, READ),
    "xero.audit": (NONE, NONE, NONE, NONE, READ),
    "xero.connection": (NONE, NONE, READ, READ, ALL),
    "xero.contact": (NONE, NONE, READ, READ, READ),
    "xero.contact.group": (NONE, NONE, READ, READ, READ),
    "xero.contact.person": (NONE, NONE, READ, READ, READ),
    "xero.create.contact": (NONE, NONE, DIALOG, DIALOG, DIALOG),
    "xero.create.contacts": (NONE, NONE, DIALOG, DIALOG, DIALOG),
    "xero.customer.figures": (NONE, NONE, READ, READ, READ),
    "xero.direction": (NONE, NONE, NONE, NONE, ALL),
    "xero.draft.invoice": (NONE, NONE, ALL, ALL, ALL),
    "xero.draft.invoice.line": (NONE, NONE, ALL, ALL, ALL),
    "xero.import.mapping": (NONE, NONE, NONE, READ, ALL),
    "xero.import.profile": (NONE, NONE, NONE, READ, ALL),
    "xero.import.profile.load": (NONE, NONE, NONE, NONE, ALL),
    "xero.item": (NONE, NONE, READ, READ, READ),
    "xero.match": (NONE, NONE, NONE, READ, READ),
    "xero.outbox": (NONE, NONE, READ, READ, READ),
    "xero.receivable": (NONE, NONE, READ, READ, READ),
    "xero.receivable.document": (NONE, NONE, READ, READ, READ),
    "xero.receivable.history": (NONE, NONE, READ, READ, READ),
    "xero.receivable.snapshot": (NONE, NONE, READ, READ, READ),
    "xero.reconciliation": (NONE, NONE, NONE, DIALOG, DIALOG),
    "xero.reconciliation.line": (NONE, NONE, NONE, READ, READ),
    "xero.report.check": (NONE, NONE, NONE, READ, READ),
    "xero.report.check.line": (NONE, NONE, NONE, READ, READ),
    "xero.sale.report": (NONE, NONE, READ, READ, READ),
    "xero.sync": (NONE, NONE, READ, READ, READ),
    "xero.sync.line": (NONE, NONE, READ, READ, READ),
    "xero.transaction": (NONE, NONE, READ, READ, READ),
    "xero.transaction.line": (NONE, NONE, READ, READ, READ),
}
# Of everybody's own: nobody sees another's dialog.
DIALOGS = {
    "xero.create.contact",
    "xero.create.contacts",
    "xero.direction",
    "xero.draft.invoice",
    "xero.draft.invoice.line",
    "xero.import.profile.load",
    "xero.reconciliation",
    "xero.reconciliation.line",
    "xero.report.check",
    "xero.report.check.line",
}
# Nothing of these is there to be tried with.
MADE_OTHERWISE = {*DIALOGS, "xero.receivable.history"}
# Fields with rights of their own: who may read them.
FIELDS = {
    ("res.partner", "xero_contact_ids"): "user",
    ("res.partner", "xero_owed"): "user",
    ("res.partner", "xero_overdue"): "user",
    ("res.partner", "xero_sales_this_year"): "user",
    ("res.partner", "xero_amounts"): "user",
    ("product.template", "xero_items"): "user",
    ("xero.outbox", "record"): "system",
    ("xero.connection", "feed_epoch"): "administrator",
    ("xero.connection", "feed_stamp"): "administrator",
    ("xero.connection", "organisation_payload"): "administrator",
    ("xero.contact", "applied"): "administrator",
    ("xero.contact", "delivery_applied"): "administrator",
    ("xero.contact", "payload"): "administrator",
    ("xero.contact.person", "applied"): "administrator",
    ("xero.item", "payload"): "administrator",
    ("xero.sync", "connector_ref"): "administrator",
}


class TestRightsOfModels(RightsCase):
    """Each model by operation and group."""

    def own_models(self):
        return {
            name
            for name, model in self.env.registry.items()
            if name.startswith("xero.") and not model._abstract
        }

    def test_each_model_is_in_a_row(self):
        self.assertEqual(self.own_models(), set(MODELS))

    def test_each_model_by_operation_and_group(self):
        for model, row in MODELS.items():
            found = tuple(
                "".join(
                    operation[0]
                    for operation in OPERATIONS
                    if self.env[model].with_user(user).has_access(operation)
                )
                for user in self.users.values()
            )
            self.assertEqual(found, row, model)

    def test_what_may_be_done_is_refused_in_deed(self):
        """Not by `has_access` alone: as RPC would do it, with a record."""
        for model, row in MODELS.items():
            record = self.record(model)
            self.assertTrue(record or model in MADE_OTHERWISE, model)
            for level, may in zip(LEVELS, row, strict=True):
                as_user = record.with_user(self.users[level])
                for operation, act in (
                    ("r", lambda one=as_user: one.read(["display_name"])),
                    ("w", lambda one=as_user: one.write({})),
                    ("c", lambda one=as_user: one.create([{}])),
                    ("u", lambda one=as_user: one.unlink()),
                ):
                    if operation not in may and (record or operation == "c"):
                        self.assertTrue(self.is_refused(act), (model, level, operation))

    def test_each_model_has_a_rule(self):
        """Of its company, or of whose dialog it is."""
        for model in MODELS:
            rules = self.env["ir.rule"].sudo().search([("model_id.model", "=", model)])
            word = "create_uid" if model in DIALOGS else "company_ids"
            common = rules.filtered(lambda rule: not rule.groups)
            if model == "xero.import.mapping":
                self.assertTrue(common)
            self.assertTrue(
                any(word in rule.domain_force for rule in common), (model, word)
            )

    def test_a_dialog_is_nobody_elses(self):
        other = new_test_user(
            self.env, "other_administrator", groups=GROUPS["administrator"]
        )
        dialog = (
            self.env["xero.create.contact"]
            .with_user(self.users["administrator"])
            .create({"partner_id": self.free.id, "connection_id": self.connection.id})
        )
        self.env.invalidate_all()
        theirs = dialog.with_user(other)
        self.assertTrue(self.is_refused(partial(theirs.read, ["partner_id"])))
        self.assertTrue(self.is_refused(theirs.action_send))

    def test_fields_with_rights_of_their_own(self):
        for (model, name), lowest in FIELDS.items():
            record = self.record(model)
            for level in LEVELS[2:]:
                may = lowest in LEVELS and LEVELS.index(level) >= LEVELS.index(lowest)
                user = self.users[level]
                if not record.with_user(user).has_access("read"):
                    continue
                as_user = record.with_user(user)
                refused = self.is_refused(partial(as_user.read, [name]))
                self.assertEqual(refused, not may, (model, name, level))
