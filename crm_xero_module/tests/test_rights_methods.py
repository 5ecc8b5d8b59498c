# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import inspect

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .common import KEY
from .rights import GROUPS, LEVELS, MARK, RightsCase

OURS = "odoo.addons.crm_xero_module"
ANYBODY, CLERK, USER, OPERATOR, ADMINISTRATOR = LEVELS
NOBODY = None

# From which level on each method that RPC can call does something; whoever has less
# ends in an error of rights. A method that is in no row fails the tests. `ANYBODY` is
# for those that tell or do nothing of a record: they name a screen, whose records have
# rights of their own.
METHODS = {
    # For who may uninstall modules, besides.
    "base.module.uninstall": {"action_xero_disconnect": NOBODY},
    "crm.lead": {
        "action_open_xero_invoice": USER,
        "action_open_xero_overdue": USER,
        "action_xero_draft_invoice": USER,
    },
    "product.template": {
        "action_open_xero_sales": USER,
        "xero_changed_here": USER,
        "xero_follow_again": OPERATOR,
    },
    "res.config.settings": {
        "action_xero_check": ADMINISTRATOR,
        "action_xero_enter_app": ADMINISTRATOR,
        "action_xero_enter_webhook_key": ADMINISTRATOR,
        "action_xero_remove_webhook_key": ADMINISTRATOR,
        "action_xero_test_webhooks": ADMINISTRATOR,
        "xero_remove_webhook_key": ADMINISTRATOR,
        "xero_set_app": ADMINISTRATOR,
        "xero_set_webhook_key": ADMINISTRATOR,
        "xero_test_webhooks": ADMINISTRATOR,
    },
    "res.partner": {
        "action_create_in_xero": USER,
        "action_link_to_xero": USER,
        "action_open_in_xero": USER,
        "action_open_xero_contacts": USER,
        "action_open_xero_invoices": USER,
        "action_open_xero_owed": USER,
        "action_open_xero_sales": USER,
        "xero_changed_here": USER,
        "xero_follow_again": OPERATOR,
        "xero_last_invoices": USER,
        "xero_linked_contacts": USER,
        "xero_most_bought": USER,
        "xero_on_its_way": USER,
        "xero_sales_by_month": USER,
        "xero_sheet": USER,
    },
    "xero.allocation": {"action_open_credit": USER, "action_open_invoice": USER},
    "xero.audit": {
        "action_open_subject": ADMINISTRATOR,
        "unlink": NOBODY,
        "write": NOBODY,
    },
    "xero.connection": {
        "action_both_ways": ADMINISTRATOR,
        "action_check_connector": ADMINISTRATOR,
        "action_connect": ADMINISTRATOR,
        "action_connect_successor": ADMINISTRATOR,
        "action_disconnect": ADMINISTRATOR,
        "action_enter_webhook_key": ADMINISTRATOR,
        "action_from_xero": ADMINISTRATOR,
        "action_import_without_matching": OPERATOR,
        "action_match": ANYBODY,
        "action_matching_done": OPERATOR,
        "action_open_fields_back": ANYBODY,
        "action_open_new_customers": ADMINISTRATOR,
        "action_open_overview": USER,
        "action_open_vendors": USER,
        "action_reconcile": OPERATOR,
        "action_remove": ADMINISTRATOR,
        "action_sync_now": OPERATOR,
        "action_take_feed_over": ADMINISTRATOR,
        "action_xero_enter_webhook_key": ADMINISTRATOR,
        "action_xero_remove_webhook_key": ADMINISTRATOR,
        "action_xero_test_webhooks": ADMINISTRATOR,
        "create": ADMINISTRATOR,
        "get_empty_list_help": ANYBODY,
        "health_banner": ANYBODY,
        "remove_now": ADMINISTRATOR,
        "unlink": ADMINISTRATOR,
        "write": ADMINISTRATOR,
    },
    "xero.contact": {
        "action_import_again": OPERATOR,
        "action_lead": OPERATOR,
        "action_open_documents": USER,
        "action_open_in_xero": USER,
        "action_open_owed": USER,
        "action_read_again": OPERATOR,
        "action_unlink_record": OPERATOR,
        "get_empty_list_help": USER,
    },
    "xero.contact.person": {
        "action_import_again": OPERATOR,
        "action_unlink_record": OPERATOR,
    },
    "xero.create.contact": {
        "action_link": USER,
        "action_open_connection": USER,
        "action_send": USER,
        "default_get": USER,
    },
    "xero.create.contacts": {"action_send": USER},
    "xero.direction": {
        "action_apply": ADMINISTRATOR,
        "action_list": ADMINISTRATOR,
        "action_reconnect": ADMINISTRATOR,
    },
    "xero.draft.invoice": {"action_create_contact": USER, "action_send": USER},
    "xero.import.mapping": {
        "action_add_usual_lines": ADMINISTRATOR,
        "action_send_usual_back": ADMINISTRATOR,
        "create": ADMINISTRATOR,
        "unlink": ADMINISTRATOR,
        "write": ADMINISTRATOR,
    },
    "xero.import.profile": {
        "action_duplicate": ADMINISTRATOR,
        "action_export": ANYBODY,
        "action_open_connection": OPERATOR,
        "action_open_last_run": OPERATOR,
        "action_preview": OPERATOR,
        "action_run": OPERATOR,
        "copy_data": OPERATOR,
        "create": ADMINISTRATOR,
        "write": ADMINISTRATOR,
    },
    "xero.import.profile.load": {
        "action_load": ADMINISTRATOR,
        "action_open": ADMINISTRATOR,
    },
    "xero.item": {
        "action_import_again": OPERATOR,
        "action_open_sales": USER,
        "action_unlink_record": OPERATOR,
    },
    "xero.match": {
        "accept": OPERATOR,
        "accept_above": OPERATOR,
        "accept_count": OPERATOR,
        "decide_again": OPERATOR,
        "done": OPERATOR,
        "load_matches": OPERATOR,
        "never": OPERATOR,
        "never_undo": OPERATOR,
        "new_customer": OPERATOR,
        "other": OPERATOR,
        "refresh": OPERATOR,
        "select_all": OPERATOR,
        "undo": OPERATOR,
    },
    "xero.outbox": {
        # An entry of somebody else: whoever asked for it may do the same.
        "action_cancel": OPERATOR,
        "action_create_anyway": OPERATOR,
        "action_retry": OPERATOR,
        "action_send": ANYBODY,
        "link_instead": OPERATOR,
        "send_now": OPERATOR,
        "settle_now": OPERATOR,
    },
    "xero.receivable": {
        "action_open_documents": USER,
        "action_reconcile": OPERATOR,
        "get_empty_list_help": USER,
        "read_totals": USER,
    },
    "xero.receivable.document": {
        "action_open_transaction": USER,
        "read_totals": USER,
    },
    "xero.reconciliation": {"action_compare": OPERATOR},
    "xero.reconciliation.line": {"action_check_report": OPERATOR},
    "xero.report.check.line": {"action_open_transaction": OPERATOR},
    "xero.sale.report": {"action_open_document": USER},
    "xero.sync": {
        "action_cancel": OPERATOR,
        "action_do_preview": OPERATOR,
        "action_open_done": USER,
        "action_open_preview": USER,
        "action_preview_again": USER,
        "create": NOBODY,
        "get_live": USER,
        "poke": USER,
        "write": NOBODY,
    },
    "xero.sync.line": {
        "action_bring_back": OPERATOR,
        "action_compare": USER,
        "action_ignore": OPERATOR,
        "action_open": USER,
        "action_open_profile": USER,
        "action_retry": OPERATOR,
        "action_send_ours": OPERATOR,
        "action_take_xeros": OPERATOR,
    },
    "xero.transaction": {"action_attach_pdf": USER},
}
# What is passed where a method needs something; names are of `_arguments`.
ARGUMENTS = {
    "accept": "matches",
    "accept_above": "connection_score",
    "accept_count": "connection_score",
    "action_link": "contact",
    "action_open_overview": "figure",
    "create": "values",
    "decide_again": "contacts",
    "default_get": "nothing_chosen",
    "done": "connection",
    "get_empty_list_help": "text",
    "link_instead": "text",
    "load_matches": "connection_filter",
    "never": "matches",
    "never_undo": "matches",
    "new_customer": "contacts",
    "other": "contact_partner",
    "read_totals": "nothing_chosen",
    "refresh": "connection",
    "select_all": "connection_filter",
    "undo": "answer",
    "write": "no_values",
    "xero_follow_again": "fields",
    "xero_linked_contacts": "specification",
    "xero_set_app": "two_texts",
    "xero_set_webhook_key": "text",
}
# These answer a stranger, and tell nothing: without a record of theirs there is no row,
# or they are about the whole database.
ANSWER_STRANGERS = (
    {("res.config.settings", method) for method in METHODS["res.config.settings"]}
    | {
        ("xero.connection", "action_check_connector"),
        ("xero.connection", "action_match"),
        ("xero.connection", "action_xero_enter_webhook_key"),
        ("xero.connection", "action_xero_remove_webhook_key"),
        ("xero.connection", "action_xero_test_webhooks"),
        ("xero.connection", "action_open_fields_back"),
        ("xero.connection", "create"),
        ("xero.connection", "get_empty_list_help"),
        ("xero.connection", "health_banner"),
        ("xero.contact", "get_empty_list_help"),
        ("xero.create.contact", "action_open_connection"),
        ("xero.create.contact", "default_get"),
        ("xero.draft.invoice", "action_create_contact"),
        ("xero.import.profile.load", "action_open"),
        ("xero.report.check.line", "action_open_transaction"),
        ("xero.import.profile", "action_export"),
        ("xero.outbox", "action_send"),
        ("xero.receivable", "get_empty_list_help"),
        ("xero.receivable", "read_totals"),
        ("xero.receivable", "action_reconcile"),
        ("xero.sync", "get_live"),
        ("xero.receivable.document", "read_totals"),
    }
    | {
        # Of rows that a stranger does not see, as of none.
        ("xero.match", method)
        for method in ("accept", "decide_again", "load_matches", "never", "never_undo")
        + ("new_customer", "other")
    }
)
# Records of no company: both companies see them, and each its own of them.
SHARED = ("res.partner", "product.template", "crm.lead")


def methods_of(env):
    """{(model, method)} that RPC can call and that this addon brings."""
    found = set()
    for name in env.registry:
        for cls in type(env[name]).__mro__:
            if not cls.__module__.startswith(OURS):
                continue
            for method, value in vars(cls).items():
                if inspect.isfunction(value) and not method.startswith("_"):
                    found.add((name, method))
    return {pair for pair in found if _is_callable(env[pair[0]], pair[1])}


def _is_callable(model, method):
    try:
        get_public_method(model, method)
    except AccessError:
        return False
    return not model._abstract


class MethodsCase(RightsCase):
    """Calls every row of `METHODS` as somebody."""

    def call(self, model, method, user):
        """What it answers, and the error that it ended in."""
        return self.attempt(lambda: self._call(model, method, user))

    def _call(self, model, method, user):
        record = self._record(model, user)
        answer = getattr(record, method)(*self._arguments(model, method))
        self.env.flush_all()
        self.seen_state = self.state()
        return answer

    def _record(self, model, user):
        maker = getattr(self, f"_make_{model.replace('.', '_')}", None)
        record = maker(user) if maker else self.record(model)
        return record.with_user(user).with_context(profile_id=self.companies.id)

    def _make_xero_create_contact(self, user):
        dialogs = self.env["xero.create.contact"].with_user(user)
        return dialogs.create(
            {"partner_id": self.free.id, "connection_id": self.connection.id}
        )

    def _make_xero_create_contacts(self, user):
        return (
            self.env["xero.create.contacts"]
            .with_user(user)
            .create(
                {
                    "partner_ids": [Command.set(self.free.ids)],
                    "connection_id": self.connection.id,
                }
            )
        )

    def _make_xero_direction(self, user):
        return (
            self.env["xero.direction"]
            .with_user(user)
            .create(
                {
                    "connection_id": self.connection.id,
                    "new_customers": "[]",
                    "delay": 1,
                }
            )
        )

    def _make_xero_draft_invoice(self, user):
        return (
            self.env["xero.draft.invoice"]
            .with_user(user)
            .create({"lead_id": self.lead.id, "connection_id": self.connection.id})
        )

    def _make_xero_import_profile_load(self, user):
        loads = self.env["xero.import.profile.load"].with_user(user)
        return loads.create({"connection_id": self.connection.id})

    def _make_xero_reconciliation(self, user):
        dialogs = self.env["xero.reconciliation"].with_user(user)
        return dialogs.create({"connection_id": self.connection.id})

    def _make_xero_reconciliation_line(self, user):
        one = self._make_xero_reconciliation(user)
        values = {"reconciliation_id": one.id, "contact_id": self.mirror(1).id}
        return (
            self.env["xero.reconciliation.line"].with_user(user).sudo().create(values)
        )

    def _make_xero_report_check_line(self, user):
        self.connection.with_user(user)._require("group_xero_operator")
        checks = self.env["xero.report.check"].with_user(user).sudo()
        check = checks.create({"contact_id": self.mirror(1).id})
        return check.line_ids.create({"check_id": check.id})

    def _make_base_module_uninstall(self, user):
        module = self.env.ref("base.module_crm_xero_module")
        wizards = self.env["base.module.uninstall"].sudo()
        return wizards.create({"module_ids": [Command.set(module.ids)]})

    def _arguments(self, model, method):
        contact_id = self.mirror(3).id
        connection_id = self.connection.id
        matches = self.env["xero.match"].sudo()._search([], limit=1)
        self.assertTrue(list(matches))
        passed = {
            "answer": (
                {"connection_id": connection_id, "kind": "accept", "ids": [contact_id]},
            ),
            "connection": (connection_id,),
            "connection_filter": (connection_id, {}),
            "connection_score": (connection_id, 1),
            "contact": (contact_id,),
            "contact_partner": (contact_id, self.free.id),
            "contacts": ([contact_id],),
            "fields": (["name"],),
            "figure": ("overdue",),
            "matches": (list(matches),),
            "no_values": ({},),
            "nothing_chosen": ([],),
            "specification": ({"name": {}},),
            "text": ("x",),
            "two_texts": ("a", "b"),
            "values": ([self._values().get(model)],),
        }
        return passed[ARGUMENTS[method]] if method in ARGUMENTS else ()

    def _values(self):
        return {
            "xero.connection": {"name": "x"},
            "xero.import.mapping": {
                "profile_id": self.companies.id,
                "target_field": "comment",
                "source_fields": "Name",
            },
            "xero.import.profile": {"name": "x", "connection_id": self.connection.id},
        }

    def state(self):
        """What of the organisation a call could change."""
        return [
            self.env.execute_query(_content(table))
            for table in (
                "xero_connection",
                "xero_contact",
                "xero_contact_person",
                "xero_item",
                "xero_import_profile",
                "xero_import_mapping",
                "xero_match",
                "xero_outbox",
                "xero_sync",
                "xero_sync_line",
            )
        ]


def _content(table):
    return SQL(
        "SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM %s t",
        SQL.identifier(table),
    )


class TestRightsOfMethods(MethodsCase):
    """Each method that RPC can call, by group."""

    def test_each_method_is_in_a_row(self):
        rows = {(model, name) for model, names in METHODS.items() for name in names}
        self.assertEqual(methods_of(self.env) - rows, set())

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def test_each_method_by_group(self):
        wrong = []
        there = methods_of(self.env)
        for model, names in METHODS.items():
            for method, lowest in names.items():
                if (model, method) not in there:
                    continue
                for level in LEVELS:
                    may = lowest and LEVELS.index(level) >= LEVELS.index(lowest)
                    _answer, problem = self.call(model, method, self.users[level])
                    refused = isinstance(problem, AccessError)
                    if refused == bool(may) or _is_broken(problem):
                        wrong.append((model, method, level, repr(problem)[:120]))
        self.assertFalse(wrong, "\n" + "\n".join(map(str, wrong)))


def _is_broken(problem):
    """Whether a call failed by itself, so that nothing is known of rights."""
    return problem and not isinstance(problem, UserError)


class TestStrangers(MethodsCase):
    """The same by the administrator of another company, with ids of this one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].sudo().create({"name": "Other"})
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            groups=GROUPS["administrator"],
            company_id=cls.other.id,
            company_ids=[(6, 0, cls.other.ids)],
        )

    def fill(self):  # pylint: disable=missing-return
        super().fill()
        # What is the other company's as well has a name of its own.
        (self.company_partner | self.company_partner.child_ids).name = "Shared"
        self.mirrored_item(1).product_id.name = "Shared"
        (self.free | self.entry.partner_id).name = "Shared"
        self.lead.name = "Shared"
        self.env.flush_all()

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def test_each_method(self):
        leaks = []
        before = self.state()
        there = methods_of(self.env)
        for model, names in METHODS.items():
            for method in names:
                if (model, method) not in there:
                    continue
                self.seen_state = before
                answer, problem = self.call(model, method, self.stranger)
                told = f"{answer!r} {problem}"
                if MARK in told or KEY in told:
                    leaks.append((model, method, "tells", told[:200]))
                if self.seen_state != before and (model, method) != (
                    "xero.connection",
                    "create",
                ):
                    leaks.append((model, method, "changes"))
                is_open = (model, method) in ANSWER_STRANGERS or model in SHARED
                # A row of a view is missing to whom it is hidden from.
                refused = isinstance(problem, AccessError | MissingError)
                if not is_open and not refused:
                    leaks.append((model, method, "answers", repr(problem)[:120]))
        self.assertFalse(leaks, "\n" + "\n".join(map(str, leaks)))
