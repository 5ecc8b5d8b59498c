# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is sent of a linked contact that people changed in the CRM: made of Xero's own
record with the changes in it, and then only of the members that changed.

Xero replaces the array of further persons by what it is sent, and takes phones and
addresses by their type: so that array goes whole, and so does each such row.
"""

from copy import deepcopy
from dataclasses import dataclass, field

from ..xero.fields import full_name, is_individual
from ..xero.values import rows, text
from ..xero.writable import ADDRESS_MEMBERS, PHONE_MEMBERS, WRITABLE
from .builders import Built, CannotBuild
from .limits import value_problem

_NAMES = ("FirstName", "LastName")
_PERSON_MEMBERS = ("FirstName", "LastName", "EmailAddress", "IncludeInEmails")


@dataclass(slots=True)
class Change:
    """A value of the CRM that goes to one place of a contact.

    `source` is the name in `WRITABLE`, `person` as `fields.persons_of` tells it, None
    for the contact's own. `crm_field` of the partner held `held`.
    """

    source: str
    label: str
    text: object
    partner_id: int
    crm_field: str
    held: object
    person: dict | None = None

    @property
    def place(self):
        """What Xero keeps once: the primary person's values are the contact's."""
        writable = WRITABLE[self.source]
        position = self.person["position"] if writable.person and self.person else 0
        return (writable.phone, writable.address, writable.member, position)


@dataclass(slots=True)
class ContactChanges:
    """The changes of one contact, those of persons before the contact's own: of two
    values for one place the last one goes, and the other waits for its answer."""

    payload: dict
    changes: list = field(default_factory=list)

    def built(self, env):
        """The `Built`, None where Xero has it all already.

        :raise CannotBuild: Xero would refuse one of the values
        """
        contact = deepcopy(dict(self.payload))
        placed = {change.place: change for change in self.changes}
        # What is emptied last: an emptied address must not be taken for none at all.
        for change in sorted(placed.values(), key=lambda change: change.text == ""):
            self._check(env, change)
            WRITABLE[change.source].put(contact, change.text, change.person)
        if is_individual(self.payload):
            self._keep_individual(contact, placed)
        body = _changed_members(self.payload, contact)
        if not body:
            return None
        return Built(
            body=body,
            shown=[self._shown(env, change) for change in placed.values()],
            built=_held(placed.values()),
            seen=text(self.payload.get("UpdatedDateUTC")),
        )

    def _check(self, env, change):
        label = self._label(env, change)
        if change.source == "Name" and not change.text:
            raise CannotBuild("customer_name_missing")
        if isinstance(change.text, str):
            problem = value_problem(change.source, label, change.text)
            if problem:
                raise CannotBuild(problem.code, **problem.data)

    def _keep_individual(self, contact, placed):
        """A contact that is one human has its person's name, and keeps it."""
        changed = {change.source for change in placed.values()}
        if "Name" in changed:
            names = split_name(contact["Name"], self.payload)
            contact.update(zip(_NAMES, names, strict=True))
        elif not changed.isdisjoint(_NAMES):
            person = {
                "first_name": text(contact.get("FirstName")),
                "last_name": text(contact.get("LastName")),
            }
            contact["Name"] = full_name(person) or contact["Name"]

    def _label(self, env, change):
        if not change.person or not change.person["position"]:
            return change.label
        who = full_name(change.person) or change.person["email"]
        return env._("%(field)s of %(person)s", field=change.label, person=who)

    def _shown(self, env, change):
        told = change.text
        if isinstance(told, bool):
            told = env._("Yes") if told else env._("No")
        return {
            "label": self._label(env, change),
            "value": told or env._("(empty)"),
            "origin": "",
        }


def split_name(name, before):
    """(first, last) of a whole name, of which one part is mostly as it was.

    :param before: what has the FirstName and LastName so far
    """
    name = " ".join((name or "").split())
    first, last = (text(before.get(member)) or "" for member in _NAMES)
    if first and name.startswith(f"{first} "):
        return first, name[len(first) + 1 :]
    if last and name.endswith(f" {last}"):
        return name[: -len(last) - 1], last
    first, _blank, last = name.rpartition(" ")
    return first, last


def _held(changes):
    held = {}
    for change in changes:
        held.setdefault(str(change.partner_id), {})[change.crm_field] = change.held
    return held


def _changed_members(before, after):
    """The members of a contact that differ, as they are written."""
    plain = {
        writable.member
        for writable in WRITABLE.values()
        if not writable.phone and not writable.address and writable.kind == "text"
    }
    body = {
        member: after.get(member) or ""
        for member in sorted(plain)
        if (text(after.get(member)) or "") != (text(before.get(member)) or "")
    }
    arrays = {
        "Phones": _typed(before, after, "Phones", "PhoneType", PHONE_MEMBERS),
        "Addresses": _typed(before, after, "Addresses", "AddressType", ADDRESS_MEMBERS),
        "ContactPersons": _persons(before, after),
    }
    return body | {name: found for name, found in arrays.items() if found}


def _typed(before, after, array, type_name, members):
    """The rows of an array that differ, whole: Xero takes each by its type."""
    known = {text(row.get(type_name)): row for row in reversed(rows(before.get(array)))}
    changed = []
    for row in rows(after.get(array)):
        kind = text(row.get(type_name))
        held = known.get(kind, {})
        if any(
            (text(row.get(member)) or "") != (text(held.get(member)) or "")
            for member in members
        ):
            changed.append(
                {
                    type_name: kind,
                    # As it came where it stays; blanks only where they are new.
                    **{
                        member: row.get(member) or ""
                        for member in members
                        if text(row.get(member)) or text(held.get(member))
                    },
                }
            )
    return changed


def _persons(before, after):
    """All further persons where one differs: whoever is left out would be gone."""
    found = [
        {member: row[member] for member in _PERSON_MEMBERS if member in row}
        for row in rows(after.get("ContactPersons"))
    ]
    held = [
        {member: row[member] for member in _PERSON_MEMBERS if member in row}
        for row in rows(before.get("ContactPersons"))
    ]
    return found if found != held else []
