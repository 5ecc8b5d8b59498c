# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the CRM records of a batch should hold, from what Xero holds."""

from ..mapping.crm_values import Converter, Unusable, is_empty
from ..xero.fields import full_name
from .lines import FIRST_NAMES, LAST_NAMES


class Values:
    """Reads the lines' values for the rows of one batch."""

    def __init__(self, env, lines):
        self._env = env
        self._lines = lines
        self._country = lines.target_of("res.country")

    def of(self, items):
        """{row id: {field: value}}; what does not fit becomes an item's note."""
        raw = {
            item.row.id: {
                line.target.name: line.value(item.row) for line in self._lines.all
            }
            for item in items
        }
        countries = {self._country_text(values) for values in raw.values()}
        converter = Converter(
            self._env,
            countries - {None},
            states=self._lines.target_of("res.country.state"),
        )
        return {
            item.row.id: self._converted(item, raw[item.row.id], converter)
            for item in items
        }

    def _country_text(self, raw):
        value = raw[self._country][0] if self._country else None
        return str(value) if value else None

    def _converted(self, item, raw, converter):
        values = {}
        country = self._country_text(raw)
        for name, (value, source) in raw.items():
            target = self._lines.fields[name]
            try:
                values[name] = _convert(item, target, value, source, converter, country)
            except Unusable as unusable:
                item.notes.append((unusable.code, unusable.data))
        if self._lines.makes_name:
            person = {
                "first_name": values.get(FIRST_NAMES[0]),
                "last_name": values.get(LAST_NAMES[0]),
            }
            values["name"] = full_name(person) or None
        return values


def _convert(item, target, value, source, converter, country):
    if is_empty(value):
        return None
    if target.type != "many2one":
        return converter.plain(target, value)
    if target.name == "parent_id":
        is_link = source is not None and source.kind == "organisation"
        return item.parent_id if is_link else None
    if target.comodel_name == "res.country":
        return converter.country(str(value))
    if target.comodel_name == "res.currency":
        return converter.currency(str(value))
    return converter.state(str(value), country)
