# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which of the mirror's rows an import profile looks at, as SQL."""

from datetime import datetime, time

from odoo.tools import SQL

from ..mapping.targets import COMPANY, PRODUCT, TARGETS

# One in Xero's sense: flags are set by the first invoice or bill only.
CUSTOMERS = SQL("(c.is_customer OR NOT c.is_supplier)")


def scope_of(profile):
    """The `Scope` of a profile."""
    target = TARGETS[profile.target]
    return (ItemScope if target is PRODUCT else ContactScope)(profile, target)


class Scope:
    """The rows of one profile: `table` is what to read from, `row` the alias of the
    rows that it goes through, `condition` what every one of them meets."""

    def __init__(self, profile, target):
        self.profile = profile
        self.target = target
        self.connection = profile.connection_id
        self.row = SQL.identifier(target.alias)

    @property
    def condition(self):
        own = SQL("%s.connection_id = %s", self.row, self.connection._origin.id)
        return SQL("(%s)", SQL(" AND ").join([own, *self._conditions()]))

    def count(self, after=0):
        """How many rows there are, or how many behind a change of the mirror."""
        env = self.profile.env
        for model in self.models:
            env[model].flush_model()
        [[count]] = env.execute_query(
            SQL(
                "SELECT count(*) FROM %s WHERE %s AND %s.change_seq > %s",
                self.table,
                self.condition,
                self.row,
                after,
            )
        )
        return count

    def _changed_since(self, column):
        if not self.profile.changed_since:
            return []
        since = datetime.combine(self.profile.changed_since, time.min)
        return [SQL("%s >= %s", column, since)]


class ItemScope(Scope):
    """Xero's items: `i`. One that is gone from Xero is left as it is."""

    models = ("xero.item",)
    table = SQL("xero_item i")
    _WHICH = {"sold": SQL("i.is_sold"), "purchased": SQL("i.is_purchased")}

    def visible(self, env):
        """What the rows meet that the user of `env` may see."""
        own = [("connection_id", "=", self.connection._origin.id)]
        return SQL("i.id IN %s", env["xero.item"]._search(own).subselect())

    def _conditions(self):
        chosen = self._WHICH.get(self.profile.which_items)
        linked = SQL("i.product_id IS NOT NULL")
        return [
            SQL("i.active"),
            *([SQL("(%s OR %s)", chosen, linked)] if chosen else []),
            *self._changed_since(SQL("i.updated_at")),
        ]


class ContactScope(Scope):
    """Xero's contacts, `c`, and for persons each one's, `p`.

    Who is a CRM record already goes on being followed, whatever Xero says of the
    contact now; a vendor comes only where the connection lets it.
    """

    models = ("xero.contact", "xero.contact.person")

    def __init__(self, profile, target):
        super().__init__(profile, target)
        self._is_company = target is COMPANY

    @property
    def table(self):
        if self._is_company:
            return SQL("xero_contact c")
        return SQL("xero_contact_person p JOIN xero_contact c ON c.id = p.contact_id")

    def visible(self, env):
        """What the rows meet that the user of `env` may see."""
        own = [("connection_id", "=", self.connection._origin.id)]
        return SQL("c.id IN %s", env["xero.contact"]._search(own).subselect())

    def _conditions(self):
        return [
            self._which(),
            self._status(),
            *([] if self._is_company else [SQL("p.active")]),
            *self._changed_since(SQL("c.updated_at")),
        ]

    @property
    def _linked(self):
        if self._is_company:
            return SQL("c.partner_id IS NOT NULL")
        return SQL("(c.partner_id IS NOT NULL OR p.partner_id IS NOT NULL)")

    def _which(self):
        profile = self.profile
        if profile.which == "customers":
            others = self._others_vendors()
            return SQL("(%s OR %s AND NOT %s)", CUSTOMERS, self._linked, others)
        if profile.which == "vendors":
            return vendors_of(self.connection)
        chosen = (
            _in_groups(profile.group_ids)
            if profile.which == "groups"
            else SQL("c.id = ANY(%s)", profile.picked_ids._origin.ids)
        )
        return SQL(
            "(%s AND (%s OR %s OR %s))",
            chosen,
            CUSTOMERS,
            self._linked,
            vendors_of(self.connection),
        )

    def _others_vendors(self):
        """The vendors that another import feeds after each sync: were this one to
        feed them too, the two could go on undoing each other's work."""
        others = self.connection.profile_ids.filtered(
            lambda other: (
                other.which == "vendors"
                and other.target == self.profile.target
                and other.auto_run
            )
        )
        return vendors_of(self.connection) if others else SQL("FALSE")

    def _status(self):
        if self.profile.status == "active":
            return SQL("(NOT c.archived OR %s)", self._linked)
        return SQL("c.archived") if self.profile.status == "archived" else SQL("TRUE")


def vendors_of(connection):
    """The vendors that a connection lets in."""
    chosen = {
        "all": SQL("TRUE"),
        "groups": _in_groups(connection.vendor_group_ids),
        "picked": SQL("c.id = ANY(%s)", connection.vendor_ids._origin.ids),
    }.get(connection.vendors, SQL("FALSE"))
    return SQL("(NOT %s AND %s)", CUSTOMERS, chosen)


def _in_groups(groups):
    return SQL(
        "EXISTS (SELECT FROM xero_contact_group_rel r"
        " WHERE r.contact_id = c.id AND r.group_id = ANY(%s))",
        groups._origin.ids,
    )
