# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What opening a screen costs in queries."""

from lxml import etree


def specification(arch, fields):
    """What the web client reads for a view: its fields, lists included."""
    spec = {}
    for node in arch.xpath(".//field[not(ancestor::field)]"):
        name = node.get("name")
        spec[name] = {}
        lists = node.xpath("./list | ./kanban")
        if fields[name]["type"] in ("one2many", "many2many") and lists:
            inner = lists[0].xpath(".//field[@name]")
            spec[name] = {"fields": {f.get("name"): {} for f in inner}}
        elif fields[name]["type"] in ("many2one", "many2many"):
            spec[name] = {"fields": {} if _is_hidden(node) else {"display_name": {}}}
    return spec


def _is_hidden(node):
    """Of what is never shown the client asks for the id alone."""
    shown = (node.get("invisible"), node.get("column_invisible"))
    return any(value in ("1", "True") for value in shown)


class ScreenCosts:
    """For test cases: what the web client reads for a view, and its queries."""

    def spec_of(self, model, kind, **context):
        view = model.with_context(**context).get_view(view_type=kind)
        return specification(etree.fromstring(view["arch"]), model.fields_get())

    def queries(self, read):
        """How many queries a read costs when nothing of it is in memory."""
        read()  # fills what is kept beyond a request: rules, groups, views
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        read()
        return self.env.cr.sql_log_count - before
