# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A field of Xero that a person can map, and how it is read."""

from collections.abc import Callable
from dataclasses import dataclass

from .values import record, text

ORGANISATION = "organisation"
CONTACT = "contact"
ITEM = "item"
OF_PARTIES = frozenset({ORGANISATION, CONTACT})


@dataclass(frozen=True, slots=True)
class SourceField:
    """One mappable field of Xero.

    `read(record, person)` gives its value: `record` is the contact or item as Xero
    sent it, `person` one of `persons_of(contact)`, or None for the organisation and
    for items. `kind` says what comes out: text, number, money (a number in the
    organisation's base currency), flag, moment, or organisation (the company that a
    person belongs to).
    """

    name: str
    label: object
    read: Callable
    kind: str = "text"
    sources: frozenset = OF_PARTIES

    @property
    def is_absent(self):
        """Whether Xero does not send it at all today."""
        return self.read is absent


def path(*names, convert=text):
    """A `read` of what lies at this path of a record."""

    def read(sent, _person):
        value = sent
        for name in names[:-1]:
            value = record(value.get(name))
        return convert(value.get(names[-1]))

    return read


def absent(_sent, _person):
    """In the seeds' tables, but not in what Xero sends today."""
    return None
