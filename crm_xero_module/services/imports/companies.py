# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which company a person belongs to: that of its contact's link, else the one that
the key of the companies' imports finds."""

from .keys import records_by_key
from .lines import Lines, ProfileBroken
from .match import conflict, is_customer
from .row_keys import RowKeys


class Companies:
    """Finds the companies of a batch's persons, with the same few queries for all."""

    def __init__(self, partners, profile, lines):
        self._partners = partners
        self._company = profile.connection_id.company_id
        self._is_mapped = "parent_id" in lines.fields
        makers = profile.connection_id.profile_ids.filtered(
            lambda other: other.target == "company"
        ).sorted(lambda maker: (maker.sequence, maker.id))
        self._by_key = [found for maker in makers if (found := self._keyed(maker))]
        # Persons without company come only where no profile makes companies:
        # elsewhere the company was refused for a reason, and its persons wait.
        self._persons_wait = any(maker.auto_run for maker in makers)

    def _keyed(self, maker):
        """The lines of an import of companies that has a key and is whole."""
        try:
            lines = Lines(maker, self._partners)
        except ProfileBroken:
            return None
        return lines if lines.key else None

    def find(self, items):
        """Give each person its company; who has to wait for it is passed over."""
        companies = {
            item.row.id: item.row.company_record_id
            for item in items
            if item.row.company_record_id
        }
        companies |= self._find_by_key(
            [
                item
                for item in items
                if item.row.id not in companies and not item.row.contact_ignored
            ]
        )
        for item in items:
            if item.action is None:
                self._join(item, companies.get(item.row.id))

    def _join(self, item, company_id):
        row = item.row
        if row.individual and company_id:
            item.record_id = item.record_id or company_id
        elif company_id and company_id != row.record_id:
            if self._is_mapped:
                item.parent_id = company_id
        elif not row.record_id and row.contact_ignored:
            item.skip("ignored", silent=True)
        elif not row.record_id and self._persons_wait:
            item.skip("company_missing", silent=row.archived, company=row.name)

    def _find_by_key(self, items):
        """{row id: company}; who has more than one is left as a conflict."""
        companies = {}
        for lines in self._by_key:
            rows = [item.row.of_contact for item in items]
            keys = RowKeys(self._partners.env, lines).of(rows)
            found = records_by_key(
                self._partners,
                self._company,
                lines.target,
                lines.key.target,
                set(keys.values()),
            )
            for item in items:
                matches = self._companies(found.get(keys.get(item.row.id), ()))
                if len(matches) == 1:
                    companies[item.row.id] = matches[0].id
                elif matches:
                    conflict(item, "company_conflict", matches, company=item.row.name)
            items = [
                item
                for item in items
                if item.action is None and item.row.id not in companies
            ]
        return companies

    def _companies(self, partners):
        """Who may have persons; the archived only where nobody else is there."""
        customers = [partner for partner in partners if is_customer(partner)]
        return [partner for partner in customers if partner.active] or customers
