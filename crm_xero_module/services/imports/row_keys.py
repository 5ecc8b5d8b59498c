# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The keys of the mirror's rows, by the key line of a profile."""

from ..mapping.crm_values import Converter, Unusable
from .keys import Key, normal_texts, vat_key, vat_prefix


class RowKeys:
    """Reads keys, with the same few queries for any number of rows.

    A default is no key: all that lack a value would be one and the same.
    """

    def __init__(self, env, lines):
        self._env = env
        self._line = lines.key
        self._plain = Converter(env).plain
        self._country = lines.line_of("res.country")

    def of(self, rows):
        """{row id: its `Key`}, without rows that have none."""
        if not self._line:
            return {}
        values = {
            row.id: value for row in rows if (value := self._value(row)) is not None
        }
        if not values:
            return {}
        texts = normal_texts(self._env, self._line.target, set(values.values()))
        keyed = [row for row in rows if values.get(row.id) in texts]
        found = {row.id: texts[values[row.id]] for row in keyed}
        if self._line.target.name != "vat":
            return {row_id: Key(text) for row_id, text in found.items()}
        prefixes = self._prefixes(keyed)
        return {
            row_id: vat_key(number, prefixes[row_id])
            for row_id, number in found.items()
        }

    def _value(self, row):
        value, source = self._line.found(row)
        if source is None:
            return None
        try:
            return self._plain(self._line.target, value)
        except Unusable:
            return None

    def _prefixes(self, rows):
        """{row id: prefix of its country's tax numbers, or None}"""
        texts = {}
        if self._country:
            texts = {row.id: self._country.value(row)[0] for row in rows}
        wanted = {str(text) for text in texts.values() if text}
        converter = Converter(self._env, wanted)
        ids = {text: _country(converter, text) for text in wanted}
        countries = self._env["res.country"].browse(set(ids.values()) - {None})
        codes = {country.id: vat_prefix(country.code) for country in countries}
        return {row.id: codes.get(ids.get(str(texts.get(row.id)))) for row in rows}


def _country(converter, text):
    try:
        return converter.country(text)
    except Unusable:
        return None
