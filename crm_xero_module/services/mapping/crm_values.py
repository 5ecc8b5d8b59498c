# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Xero's values as values of CRM fields, for a whole batch at a time.

All values here are plain: text, number, boolean, date text, id; None is empty.
"""

import re
from datetime import datetime

from odoo.tools import html_escape

from ..xero.values import moment, number

TEXT_TYPES = frozenset({"char", "text", "html"})
NUMBER_TYPES = frozenset({"integer", "float", "monetary"})
PLAIN_TYPES = (
    TEXT_TYPES | NUMBER_TYPES | frozenset({"boolean", "date", "datetime", "selection"})
)
# Relations that have a declared way from Xero's text to a record.
RELATIONS = frozenset({"res.country", "res.country.state", "res.currency"})
# What people write for a country, where neither Odoo's name nor code says it.
COUNTRY_ALIASES = {
    "usa": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "aotearoa": "NZ",
}
# What a browser runs where it should only go somewhere.
_SCRIPT = re.compile(r"\W*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)


def is_empty(value):
    """Nothing to write: False and 0 are values, a blank text is none."""
    return value is None or value == ""


def current_value(crm_record, field):
    """What the CRM holds, as a plain value."""
    value = crm_record[field.name]
    if field.type == "many2one":
        return value.id or None
    if field.type in ("date", "datetime"):
        return field.to_string(value) or None
    if field.type in NUMBER_TYPES or field.type == "boolean":
        return value
    return str(value) if value else None


class Unusable(Exception):
    """A value does not fit its field: `code` and `data` say why."""

    def __init__(self, code, **data):
        super().__init__(code)
        self.code = code
        self.data = data


class Converter:
    """Makes plain values of what Xero holds, with two queries for a whole batch."""

    def __init__(self, env, countries=(), states=False):
        """`countries` are the texts to be found, `states` whether any is wanted."""
        self._env = env
        self._countries = self._load_countries() if any(countries) else {}
        found = {self._countries.get(text.casefold()) for text in countries if text}
        self._states = self._load_states(found - {None}) if states else {}
        self._currencies = None
        self._choices = {}

    def _load_countries(self):
        countries = self._env["res.country"].search_fetch([], ["code", "name"])
        english = countries.with_context(lang="en_US")
        by_code = {country.code: country for country in countries if country.code}
        known = {
            alias: by_code[code]
            for alias, code in COUNTRY_ALIASES.items()
            if code in by_code
        }
        for country, in_english in zip(countries, english, strict=True):
            for text in (country.code, in_english.name, country.name):
                if text:
                    known[text.casefold()] = country
        return known

    def _load_states(self, countries):
        states = self._env["res.country.state"].search_fetch(
            [("country_id", "in", [country.id for country in countries])],
            ["code", "name", "country_id"],
        )
        known = {country.id: {} for country in countries}
        for state in states:
            texts = known[state.country_id.id]
            texts[state.name.casefold()] = state.id
            if state.code:
                texts[state.code.casefold()] = state.id
        return known

    def country(self, text):
        country = self._countries.get(text.casefold())
        if not country:
            raise Unusable("country_unknown", value=text)
        return country.id

    def state(self, text, country_text):
        """None where there is nothing to look in: Odoo has no states of it."""
        country = self._countries.get((country_text or "").casefold())
        states = country and self._states.get(country.id)
        if not states:
            return None
        if text.casefold() not in states:
            raise Unusable("state_unknown", value=text, country=country.name)
        return states[text.casefold()]

    def currency(self, text):
        if self._currencies is None:
            currencies = self._env["res.currency"].search_fetch([], ["name"])
            self._currencies = {currency.name: currency.id for currency in currencies}
        if text.upper() not in self._currencies:
            raise Unusable("value_unusable", value=text, field="currency")
        return self._currencies[text.upper()]

    def plain(self, field, value):
        """A text, number, flag or moment as a value of a field without relation.

        :raise Unusable: what came does not fit
        """
        if field.type in ("char", "text"):
            value = value if type(value) is str else str(value)
            # Odoo shows it as a link, some of its pages as it is.
            if field.name == "website" and _SCRIPT.match(value):
                raise Unusable("value_unusable", value=value, field=field.string)
            one_line = field.type == "char" and "\n" in value
            return " ".join(value.split()) if one_line else value
        convert = getattr(self, f"_to_{_KINDS[field.type]}")
        try:
            return convert(field, value)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise Unusable("value_unusable", value=value, field=field.string) from error

    def _to_html(self, _field, value):
        return f"<p>{html_escape(str(value))}</p>"

    def _to_number(self, field, value):
        found = number(value)
        if found is None or found != found:
            raise ValueError(value)
        if field.type != "integer":
            return found
        if found != int(found):
            raise ValueError(value)
        return int(found)

    def _to_boolean(self, _field, value):
        if isinstance(value, str):
            return _FLAGS[value.lower()]
        return bool(value)

    def _to_moment(self, field, value):
        if not isinstance(value, datetime):
            value = moment(str(value))
        if value is None:
            raise ValueError
        return field.to_string(value.date() if field.type == "date" else value)

    def _to_selection(self, field, value):
        if field.name not in self._choices:
            find = self._languages if field.name == "lang" else self._labels
            self._choices[field.name] = find(field)
        return self._choices[field.name][str(value).casefold()]

    def _labels(self, field):
        """{value or label, in this language or in English: value}"""
        english = self._env(context={**self._env.context, "lang": "en_US"})
        known = {}
        for env in (english, self._env):
            for value, label in field._description_selection(env):
                known[str(label).casefold()] = value
        return known | {str(value).casefold(): value for value in known.values()}

    def _languages(self, _field):
        """{code or name of an active language: its code}; a name that two of them
        have says nothing."""
        languages = self._env["res.lang"].search_fetch([], ["code", "iso_code", "name"])
        named = {}
        for language in languages:
            # "French / Français", "English (UK)"
            names = language.name.split("(")[0].split("/")
            for name in {language.name, *names, language.iso_code or ""}:
                named.setdefault(name.strip().casefold(), set()).add(language.code)
        known = {name: codes.pop() for name, codes in named.items() if len(codes) == 1}
        for language in languages:
            code = language.code.casefold()
            known |= {code: language.code, code.replace("_", "-"): language.code}
        return known


_FLAGS = {
    **dict.fromkeys(("true", "1", "yes"), True),
    **dict.fromkeys(("false", "0", "no"), False),
}
_KINDS = {
    "html": "html",
    **dict.fromkeys(NUMBER_TYPES, "number"),
    "boolean": "boolean",
    "date": "moment",
    "datetime": "moment",
    "selection": "selection",
}
