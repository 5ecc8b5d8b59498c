# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is sent of a customer to create it in Xero: in Xero's words and in a person's,
and where each value comes from.

The lines of the connection's imports, read the other way round, say which CRM field is
which of Xero's; of a line's Xero fields the first that can be written. An address is
the billing one, else the customer's own, and the delivery one is Xero's street
address. Who belongs to a company has that company's.
"""

from dataclasses import dataclass, field

from ..imports.lines import ADDRESS, FIRST_NAMES, LAST_NAMES
from ..mapping.crm_values import current_value
from ..mapping.targets import COMPANY, CONTACT
from ..mapping.usual_profiles import USUAL_OF
from ..xero.fields import fields_of
from ..xero.our_numbers import contact_number
from ..xero.writable import ADDRESS_MEMBERS, MOST_PERSONS, WRITABLE
from .builders import BUILDERS, Built, CannotBuild
from .crm_texts import text_of
from .limits import Problem, name_problem, value_problem

# Of these, nothing is remembered as applied: who the record is.
_IDENTITY = frozenset({"xero_id", "parent_id"})
_NAMES = frozenset({"Name", "FirstName", "LastName"})
_EMAIL = "EmailAddress"


@dataclass(slots=True)
class ContactBody:
    """`contact` is sent; `shown` says the same as [{label, value, origin}], and `left`
    what stays behind; `held` is what the CRM held, as `Built.built`; `problems` are
    `limits.Problem`s."""

    contact: dict = field(default_factory=dict)
    shown: list = field(default_factory=list)
    left: list = field(default_factory=list)
    held: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    @property
    def stops(self):
        """The problems that must be mended before anything is sent."""
        return [problem for problem in self.problems if problem.stops]

    @property
    def built(self):
        """As the outbox takes it."""
        return Built(self.contact, self.shown + self.left, self.held)


def contact_bodies(connection, partners):
    """{partner id: `ContactBody`}; for many at once, with a few queries for all.

    The persons that go along are those that the user of `partners` may see. What the
    imports map of them goes, whether or not that user may read every single field.
    """
    maker = _Maker(connection, partners.env)
    return {partner.id: maker.make(partner) for partner in partners}


def build_again(entry):
    """The body of an entry of the outbox as the CRM is now, under its number."""
    partner = entry.partner_id
    if not partner:
        raise CannotBuild("partner_gone")
    body = contact_bodies(entry.connection_id, partner)[partner.id]
    for problem in body.stops:
        raise CannotBuild(problem.code, **problem.data)
    number = (entry.body or {}).get("ContactNumber")
    body.contact["ContactNumber"] = number or body.contact["ContactNumber"]
    return body.built


BUILDERS["create_contact"] = build_again


class _Maker:
    """Makes bodies for one connection."""

    def __init__(self, connection, env):
        self.env = env
        self.connection = connection.sudo()
        self.of_company = self._lines(COMPANY)
        self.of_person = self._lines(CONTACT)
        self.email = next(
            (name for source, name in self.of_person if source == _EMAIL), "email"
        )
        self.labels = {
            name: env._(source.label)
            for name, source in fields_of(COMPANY.source).items()
        }

    def _lines(self, target):
        """[(Xero field or None, CRM field)] of the imports of customers, or of the
        usual one where there is none. Every line's field is remembered as held."""
        crm_fields = self.env["res.partner"]._fields
        profiles = self.connection.profile_ids.filtered(
            lambda profile: profile.target == target.name and profile.which != "vendors"
        ).sorted(lambda profile: (not profile.auto_run, profile.sequence, profile.id))
        lines = [
            (mapping.target_field, mapping._source_names())
            for mapping in profiles.mapping_ids.sorted(
                lambda line: (profiles.ids.index(line.profile_id.id), line.sequence)
            )
        ] or [
            (line.target_in(crm_fields), line.sources.split(","))
            for line in USUAL_OF[target.name].lines
        ]
        return [
            (next((name for name in names if name in WRITABLE), None), target_field)
            for target_field, names in lines
            if target_field in crm_fields
        ]

    def make(self, partner):
        return _Making(self, partner).body


class _Making:
    """Makes the body of one customer."""

    def __init__(self, maker, partner):
        self.env = maker.env
        self.maker = maker
        self.partner = partner
        # What the imports map goes, though not everybody may read it.
        self.all = partner.sudo()
        self.company = self.all.commercial_partner_id
        self.body = ContactBody()
        self.contact = self.body.contact
        self._put_number_and_name()
        self._put_own()
        self._put_addresses()
        self._put_persons()
        self._remember(self.all, [*maker.of_company, *self._lines_of_itself()])
        self.body.left = [
            {
                "label": self.env._("Left out"),
                "value": problem.told(self.env).happened,
                "origin": "",
            }
            for problem in self.body.problems
            if not problem.stops
        ]

    # The customer itself

    def _put_number_and_name(self):
        self.contact["ContactNumber"] = contact_number(self.env, self.partner.id)
        name = WRITABLE["Name"].clean(self.all.name)
        if problem := name_problem(self.maker.labels["Name"], name):
            self.body.problems.append(problem)
        self._put("Name", name)
        self._show(self.maker.labels["Name"], name)

    def _put_own(self):
        """What it has besides name, persons and addresses."""
        lines = [*self.maker.of_company, (_EMAIL, "email"), *self._lines_of_itself()]
        for source, name in lines:
            if source and source not in _NAMES and not WRITABLE[source].address:
                label, origin = self.maker.labels[source], self._of_company(name)
                self._put_field(source, name, self.all, label, origin)

    def _of_company(self, name):
        """Where a value is from that Odoo keeps alike for a company and its persons."""
        if not self._is_member() or name not in self.all._commercial_fields():
            return ""
        return self.env._("of %(name)s, its company", name=self.company.name)

    def _lines_of_itself(self):
        return [] if self.all.is_company else self.maker.of_person

    def _put_field(self, source, name, record, label, origin=""):
        """Send and show one field, once, where Xero takes it."""
        value = self._text(source, record, name)
        if value and self._is_free(source) and self._fits(source, label, value):
            self._put(source, value)
            self._show(label, value, origin)

    def _text(self, source, record, name):
        value = text_of(record, name)
        if isinstance(value, bool):
            return ""
        return WRITABLE[source].clean(value)

    def _is_free(self, source):
        """Whether nothing has been put there yet."""
        writable = WRITABLE[source]
        if not writable.phone:
            return writable.member not in self.contact
        kinds = [row["PhoneType"] for row in self.contact.get("Phones", ())]
        return writable.phone not in kinds

    def _fits(self, source, label, value):
        problem = value_problem(source, label, value)
        if problem and problem not in self.body.problems:
            self.body.problems.append(problem)
        return not problem

    def _put(self, source, value, person=None):
        WRITABLE[source].put(self.contact, value, person)

    def _show(self, label, value, origin=""):
        self.body.shown.append({"label": label, "value": value, "origin": origin})

    # Persons

    def _put_persons(self):
        if not self.all.is_company:
            self._put_names(self.all)
        people = self._people()
        main = self._main(people)
        if main:
            self._put_main(main)
        others = [person for person in people if person != main]
        # Xero takes further persons only of a contact with an email.
        fit = others[:MOST_PERSONS] if _EMAIL in self.contact else []
        for person in fit:
            self._put_further(person)
        if left := others[len(fit) :]:
            code = "persons_left_out" if fit else "persons_need_email"
            names = ", ".join(person.name or person.email for person in left)
            data = {"names": names, "limit": MOST_PERSONS}
            self.body.problems.append(Problem(code, data))

    def _people(self):
        """Its persons that the user may see and that are something to Xero, the
        oldest first."""
        return [
            person
            for person in self.partner.child_ids.sudo().sorted("id")
            if person.active
            and person.type == "contact"
            and not person.is_company
            and (any(_names(person)) or self._email(person))
        ]

    def _main(self, people):
        """Who shares the contact's own email with it, in Xero's sense; a person with
        another email keeps it only among the further ones."""
        if not self.all.is_company:
            return None
        own = self.contact.get(_EMAIL)
        emails = [self._fit_email(person) for person in people]
        for is_main in (
            lambda email: own and email.casefold() == own.casefold(),
            lambda email: email and not own,
            lambda email: not email,
        ):
            for person, email in zip(people, emails, strict=True):
                if is_main(email):
                    return person
        return None

    def _email(self, person):
        return self._text(_EMAIL, person, self.maker.email)

    def _fit_email(self, person):
        email = self._email(person)
        return "" if WRITABLE[_EMAIL].unfit(email) else email

    def _put_main(self, person):
        self._put_names(person)
        label = self.env._("Main person")
        for source, name in self.maker.of_person:
            if source and source not in _NAMES and not WRITABLE[source].address:
                own_label = self._label_of(source, person)
                self._put_field(source, name, person, own_label, self._of(person))
        names = (self.contact.get("FirstName"), self.contact.get("LastName"))
        self._show(label, " ".join(filter(None, names)), self._of(person))
        self._remember_person(person)

    def _put_names(self, person, position=0):
        """First and last name; which of them Xero took, as one text."""
        put = []
        place = {"position": position} if position else None
        for source, name in zip(("FirstName", "LastName"), _names(person), strict=True):
            if name and self._fits(source, self._label_of(source, person), name):
                self._put(source, name, place)
                put.append(name)
        return " ".join(put)

    def _put_further(self, person):
        further = self.contact.setdefault("ContactPersons", [])
        further.append({})
        position = len(further)
        shown = self._put_names(person, position)
        email = self._email(person)
        if email and self._fits(_EMAIL, self._label_of(_EMAIL, person), email):
            self._put(_EMAIL, email, {"position": position})
            shown = f"{shown} ({email})" if shown else email
        if not shown:
            # Xero takes nothing of it.
            further.pop()
            return
        self._show(self.env._("Further person"), shown, self._of(person))
        self._remember_person(person)

    def _label_of(self, source, person):
        label = self.maker.labels[source]
        if person == self.all:
            return label
        return self.env._(
            "%(field)s of %(person)s", field=label, person=person.name or person.email
        )

    def _of(self, person):
        return self.env._("contact of %(company)s", company=self.partner.display_name)

    # Addresses

    def _put_addresses(self):
        lines = [
            (source, name)
            for source, name in self.maker.of_company
            if source and WRITABLE[source].address
        ]
        postal, origin = self._postal(lines)
        sent = self._address(postal, lines)
        if sent:
            self.contact["Addresses"] = [{"AddressType": "POBOX", **sent}]
            self._show(self.env._("Postal address"), _one_line(sent), origin)
        home = self.company if self._is_member() else self.all
        others = [child for child in home.child_ids.sorted("id") if child.active]
        streets = [
            (child, address)
            for child in others
            if child.type == "delivery" and (address := self._address(child, lines))
            if address != sent
        ]
        if streets:
            child, address = streets[0]
            row = {"AddressType": "STREET", **address}
            self.contact.setdefault("Addresses", []).append(row)
            origin = self.env._("delivery address of %(name)s", name=home.display_name)
            self._show(self.env._("Street address"), _one_line(address), origin)
        self._tell_left_out(streets[1:])

    def _is_member(self):
        return self.company != self.all and self.company.is_company

    def _postal(self, lines):
        """(record, where it comes from) of the address that goes first."""
        home = self.company if self._is_member() else self.all
        billing = [
            child
            for child in home.child_ids.sorted("id")
            if child.active and child.type == "invoice" and _has_any(child, lines)
        ]
        if self._is_member():
            told = (
                self.env._("billing address of %(name)s, its company", name=home.name)
                if billing
                else self.env._("address of %(name)s, its company", name=home.name)
            )
        elif billing:
            told = self.env._("billing address of %(name)s", name=home.display_name)
        else:
            told = ""
        return (billing or [home])[0], told

    def _address(self, record, lines):
        """The members of an address in Xero's JSON, without those it does not take."""
        address = {}
        for source, name in lines:
            member = WRITABLE[source].member
            value = self._text(source, record, name)
            if value and member not in address:
                if self._fits(source, self.maker.labels[source], value):
                    address[member] = value
        return address

    def _tell_left_out(self, streets):
        if streets:
            names = ", ".join(
                child.name or _one_line(address) for child, address in streets
            )
            self.body.problems.append(Problem("addresses_left_out", {"names": names}))

    # What the CRM holds

    def _remember(self, record, lines, without=frozenset()):
        held = self.body.held.setdefault(str(record.id), {})
        for _source, name in [*lines, ("Name", "name")]:
            value = current_value(record, record._fields[name])
            # Names that were taken apart are filled in as an import does it.
            is_to_fill = value is None and name in (*FIRST_NAMES, *LAST_NAMES)
            if name not in _IDENTITY and name not in without and not is_to_fill:
                held[name] = value

    def _remember_person(self, person):
        self._remember(person, self.maker.of_person, without=ADDRESS)


def _names(person):
    """(first name, last name) of a partner: those it has where they make its name,
    else its name taken apart; a single word is the last name."""
    clean = WRITABLE["LastName"].clean
    name = clean(person.name)
    for first_field, last_field in zip(FIRST_NAMES, LAST_NAMES, strict=True):
        if last_field in person._fields:
            first, last = clean(person[first_field]), clean(person[last_field])
            if last and " ".join(filter(None, (first, last))) == name:
                return first, last
    first, _blank, last = name.rpartition(" ")
    return first, last


def _has_any(record, lines):
    return any(text_of(record, name) for _source, name in lines)


def _one_line(address):
    parts = {name: address[name] for name in ADDRESS_MEMBERS if name in address}
    if "City" in parts and "PostalCode" in parts:
        parts["City"] = f"{parts['City']} {parts.pop('PostalCode')}"
    return ", ".join(parts.values())
