# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which of the mirror's rows an import profile looks at, as SQL."""

from datetime import datetime, time

from odoo.tools import SQL

# One in Xero's sense: flags are set by the first invoice or bill only.
CUSTOMERS = SQL("(c.is_customer OR NOT c.is_supplier)")


class Scope:
    """The rows of one profile: `c` is the contact, and `p`, for persons, the person.

    Who is a CRM record already goes on being followed, whatever Xero says of the
    contact now; a vendor comes only where the connection lets it.
    """

    def __init__(self, profile):
        self.profile = profile
        self.connection = profile.connection_id
        self.is_company = profile.target == "company"

    @property
    def table(self):
        """What to read from: the mirror's rows, `c` and, for persons, `p`."""
        if self.is_company:
            return SQL("xero_contact c")
        return SQL("xero_contact_person p JOIN xero_contact c ON c.id = p.contact_id")

    @property
    def row(self):
        """The alias of the rows that the profile goes through."""
        return SQL("c") if self.is_company else SQL("p")

    @property
    def condition(self):
        """What every row of the profile meets."""
        parts = [
            SQL("%s.connection_id = %s", self.row, self.connection._origin.id),
            self._which(),
            self._status(),
        ]
        if not self.is_company:
            parts.append(SQL("p.active"))
        if self.profile.changed_since:
            since = datetime.combine(self.profile.changed_since, time.min)
            parts.append(SQL("c.updated_at >= %s", since))
        return SQL("(%s)", SQL(" AND ").join(parts))

    def count(self, after=0):
        """How many rows there are, or how many behind a change of the mirror."""
        env = self.profile.env
        for model in ("xero.contact", "xero.contact.person"):
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

    @property
    def _linked(self):
        if self.is_company:
            return SQL("c.partner_id IS NOT NULL")
        return SQL("(c.partner_id IS NOT NULL OR p.partner_id IS NOT NULL)")

    def _which(self):
        profile = self.profile
        if profile.which == "customers":
            others = self._others_vendors()
            return SQL("(%s OR %s AND NOT %s)", CUSTOMERS, self._linked, others)
        if profile.which == "vendors":
            return self._vendors()
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
            self._vendors(),
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
        return self._vendors() if others else SQL("FALSE")

    def _vendors(self):
        """The vendors that the connection lets in."""
        connection = self.connection
        chosen = {
            "all": SQL("TRUE"),
            "groups": _in_groups(connection.vendor_group_ids),
            "picked": SQL("c.id = ANY(%s)", connection.vendor_ids._origin.ids),
        }.get(connection.vendors, SQL("FALSE"))
        return SQL("(NOT %s AND %s)", CUSTOMERS, chosen)

    def _status(self):
        if self.profile.status == "active":
            return SQL("(NOT c.archived OR %s)", self._linked)
        return SQL("c.archived") if self.profile.status == "archived" else SQL("TRUE")


def _in_groups(groups):
    return SQL(
        "EXISTS (SELECT FROM xero_contact_group_rel r"
        " WHERE r.contact_id = c.id AND r.group_id = ANY(%s))",
        groups._origin.ids,
    )
